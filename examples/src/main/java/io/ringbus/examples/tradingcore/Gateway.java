package io.ringbus.examples.tradingcore;

import java.io.IOException;

/**
 * An unreliable line to somebody else, the clearing house or the exchange: each attempt to hand over something fails
 * with a given probability.
 *
 * <p>Whether it fails is a function of seed, id and attempt, not of chance: what went wrong once goes wrong again in
 * the same way, and can be looked into.
 */
final class Gateway {

    private static final double UNIT = 0x1.0p-53;

    private final Accepted accepted;
    private final double failRate;
    private final long seed;

    /**
     * Connects to it.
     *
     * @param failRate the probability that an attempt fails, 0 to 1
     * @param seed     decides which attempts fail
     * @param accepted takes what the other end accepts
     */
    Gateway(double failRate, long seed, Accepted accepted) {
        this.failRate = failRate;
        this.seed = seed;
        this.accepted = accepted;
    }

    /**
     * Called once, before anything is sent.
     *
     * @throws IOException when the other end cannot write down what it accepts
     */
    void connect() throws IOException {
        accepted.begin();
    }

    /**
     * Hands over something that may arrive twice: the other end writes down a repeat too.
     *
     * @param id      what it is known by
     * @param detail  where it comes from
     * @param attempt which attempt this is, from 1
     * @throws GatewayUnavailableException when the other end did not take it
     * @throws IOException                 when the other end could not write it down
     */
    void send(long id, long detail, int attempt) throws GatewayUnavailableException, IOException {
        requireAnswer(id, attempt);
        accepted.add(id, detail);
    }

    /**
     * Hands over something that must not take effect twice: the other end knows its id by then, and only says so.
     *
     * @param id      what it is known by, the same whenever it is sent again
     * @param detail  where it comes from
     * @param attempt which attempt this is, from 1
     * @throws GatewayUnavailableException when the other end did not answer
     * @throws IOException                 when the other end could not write it down
     */
    void sendOnce(long id, long detail, int attempt) throws GatewayUnavailableException, IOException {
        requireAnswer(id, attempt);
        if (!accepted.contains(id)) {
            accepted.add(id, detail);
        }
    }

    private void requireAnswer(long id, int attempt) throws GatewayUnavailableException {
        long bits = InputFingerprint.stir(seed + InputFingerprint.stir(id) + attempt);
        if ((bits >>> 11) * UNIT < failRate) {
            throw new GatewayUnavailableException("the gateway did not answer: id=" + id + ", attempt=" + attempt);
        }
    }
}
