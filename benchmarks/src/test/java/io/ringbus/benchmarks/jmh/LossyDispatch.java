package io.ringbus.benchmarks.jmh;

import io.ringbus.benchmarks.peers.Dispatch;

/** Loses one event on its way in. */
record LossyDispatch(Dispatch dispatch, long lost) implements Dispatch {

    @Override
    public void publish(long number) {
        if (number != lost) {
            dispatch.publish(number);
        }
    }

    @Override
    public void close() {
        dispatch.close();
    }
}
