package io.ringbus.engine.error;

/** A watermark did not reach the sequence within the time-out. The event may still get there later. */
public class WatermarkTimeoutException extends RingbusException {

    private static final long serialVersionUID = 1L;

    /**
     * Names the watermark, where it stands, and what was waited for.
     *
     * @param message the values
     */
    public WatermarkTimeoutException(String message) {
        super(message);
    }
}
