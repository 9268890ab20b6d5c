package io.ringbus.examples.tradingcore;

/** The gateway did not take a drop copy this time. Worth another attempt. */
final class GatewayUnavailableException extends Exception {

    private static final long serialVersionUID = 1L;

    GatewayUnavailableException(String message) {
        super(message);
    }
}
