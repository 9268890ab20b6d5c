package io.ringbus.examples.tradingcore;

import java.io.IOException;

/**
 * Stands for the clearing house at the other end of an unreliable line: each attempt to hand over a drop copy fails
 * with a given probability.
 *
 * <p>Whether it fails is a function of seed, sequence and attempt, not of chance: what went wrong once goes wrong again
 * in the same way, and can be looked into.
 */
final class Gateway {

    private static final double UNIT = 0x1.0p-53;

    private final AcceptedDropCopies accepted;
    private final double failRate;
    private final long seed;

    /**
     * Connects to it.
     *
     * @param failRate the probability that an attempt fails, 0 to 1
     * @param seed     decides which attempts fail
     * @param accepted takes what the gateway accepts
     */
    Gateway(double failRate, long seed, AcceptedDropCopies accepted) {
        this.failRate = failRate;
        this.seed = seed;
        this.accepted = accepted;
    }

    /**
     * Called once, before the first drop copy.
     *
     * @throws IOException when it cannot write down what it accepts
     */
    void connect() throws IOException {
        accepted.begin();
    }

    /**
     * Hands over a drop copy.
     *
     * @param execution the executed order's message
     * @param sequence  its sequence
     * @param attempt   which attempt this is, from 1
     * @throws GatewayUnavailableException when the gateway did not take it
     * @throws IOException                 when the gateway could not write it down
     */
    void send(OrderMessage execution, long sequence, int attempt) throws GatewayUnavailableException, IOException {
        long bits = InputFingerprint.stir(seed + InputFingerprint.stir(sequence) + attempt);
        if ((bits >>> 11) * UNIT < failRate) {
            throw new GatewayUnavailableException("the gateway did not answer: sequence=" + sequence + ", attempt="
                    + attempt);
        }
        accepted.add(sequence, execution.line());
    }
}
