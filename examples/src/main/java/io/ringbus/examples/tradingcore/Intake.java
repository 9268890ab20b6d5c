package io.ringbus.examples.tradingcore;

import io.ringbus.engine.event.EventContext;
import io.ringbus.engine.event.EventHandler;

/**
 * Remembers what of the input is in the journal: through which line, with which fingerprint, and how many executions it
 * held. A rebuilding subscription, so after a restart it says where reading goes on.
 *
 * <p>Its thread is that of its stage; others read it once the engine has handled everything.
 */
final class Intake implements EventHandler<OrderMessage> {

    private final InputFingerprint fingerprint = new InputFingerprint();
    private long lastLine;
    private long messages;
    private long executions;

    @Override
    public void onEvent(OrderMessage message, EventContext context) {
        fingerprint.add(message);
        lastLine = message.line();
        messages++;
        if (message.isExecution()) {
            executions++;
        }
    }

    long lastLine() {
        return lastLine;
    }

    long fingerprint() {
        return fingerprint.value();
    }

    long messages() {
        return messages;
    }

    long executions() {
        return executions;
    }
}
