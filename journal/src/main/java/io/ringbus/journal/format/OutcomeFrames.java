package io.ringbus.journal.format;

import io.ringbus.engine.spi.Outcome;
import io.ringbus.engine.spi.Outcome.ErrorText;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/**
 * Outcomes as bytes: a kind (1 byte), then the record's components in order. A number is 8 bytes; an attempt 4; a text
 * is its length (2 bytes) and UTF-8; an error is two texts. Unaligned, little-endian.
 */
public final class OutcomeFrames {

    private static final byte FAILED = 1;
    private static final byte RECOVERED = 2;
    private static final byte DEAD = 3;
    private static final byte DEAD_LETTERS_CLEARED = 4;
    private static final byte SUBSCRIBED = 5;
    private static final byte UNSUBSCRIBED = 6;
    private static final byte CHECKPOINT = 7;
    private static final byte RESTATEMENT_BEGUN = 8;
    private static final byte RESTATEMENT_ENDED = 9;
    private static final int FIXED_BYTES = 64;

    private final BatchBuilder batch;

    private int flags;
    private long highestSequence;

    /**
     * Writes into a batch.
     *
     * @param batch           where to
     * @param highestSequence the highest sequence that was named so far
     */
    public OutcomeFrames(BatchBuilder batch, long highestSequence) {
        this.batch = batch;
        this.highestSequence = highestSequence;
    }

    /**
     * Adds an outcome.
     *
     * @param outcome what happened
     * @return false when the batch is full; it is as it was then
     */
    public boolean add(Outcome outcome) {
        if (!batch.reserve(FIXED_BYTES + textBytes(outcome))) {
            return false;
        }
        Frame frame = new Frame(batch.buffer(), batch.end());
        if (outcome instanceof Outcome.Failed o) {
            frame.kind(FAILED).text(o.subscription()).number(named(o.sequence())).count(o.attempt())
                    .number(o.firstFailedAt()).number(o.failedAt()).number(o.dueAt()).error(o.error());
        } else if (outcome instanceof Outcome.Recovered o) {
            frame.kind(RECOVERED).text(o.subscription()).number(named(o.sequence())).count(o.attempt()).number(o.at());
        } else if (outcome instanceof Outcome.Dead o) {
            frame.kind(DEAD).text(o.subscription()).number(named(o.sequence())).count(o.attempts())
                    .number(o.firstFailedAt()).number(o.lastFailedAt()).error(o.error());
        } else if (outcome instanceof Outcome.DeadLettersCleared o) {
            frame.kind(DEAD_LETTERS_CLEARED).number(o.at());
        } else if (outcome instanceof Outcome.Subscribed o) {
            frame.kind(SUBSCRIBED).text(o.subscription()).number(named(o.handledThrough()));
        } else if (outcome instanceof Outcome.Unsubscribed o) {
            frame.kind(UNSUBSCRIBED).text(o.subscription()).number(named(o.handledThrough()));
        } else if (outcome instanceof Outcome.Checkpoint o) {
            frame.kind(CHECKPOINT).number(named(o.handledThrough())).number(o.at());
        } else if (outcome instanceof Outcome.RestatementBegun o) {
            flags |= BatchHeader.RESTATEMENT_BEGINS;
            frame.kind(RESTATEMENT_BEGUN).number(o.at()).number(o.olderDeadLetters());
        } else if (outcome instanceof Outcome.RestatementEnded o) {
            flags |= BatchHeader.RESTATEMENT_ENDS;
            frame.kind(RESTATEMENT_ENDED).number(o.at());
        }
        batch.added(frame.at);
        return true;
    }

    /**
     * The flags for the batch so far.
     *
     * @return flags of {@link BatchHeader}
     */
    public int flags() {
        return flags;
    }

    /** Forgets the flags: a new batch begins. */
    public void reset() {
        flags = 0;
    }

    /**
     * The highest sequence that was named, in any batch.
     *
     * @return a sequence
     */
    public long highestSequence() {
        return highestSequence;
    }

    /**
     * Reads a batch of outcomes.
     *
     * @param view     a verified batch
     * @param consumer given each outcome, in order
     */
    public static void read(BatchView view, Consumer<? super Outcome> consumer) {
        Frame frame = new Frame(view.buffer(), view.payloadOffset());
        for (int i = 0; i < view.count(); i++) {
            consumer.accept(frame.read());
        }
    }

    private long named(long sequence) {
        highestSequence = Math.max(highestSequence, sequence);
        return sequence;
    }

    private static int textBytes(Outcome outcome) {
        if (outcome instanceof Outcome.Failed o) {
            return Utf8.maxLength(o.subscription()) + textBytes(o.error());
        }
        if (outcome instanceof Outcome.Recovered o) {
            return Utf8.maxLength(o.subscription());
        }
        if (outcome instanceof Outcome.Dead o) {
            return Utf8.maxLength(o.subscription()) + textBytes(o.error());
        }
        if (outcome instanceof Outcome.Subscribed o) {
            return Utf8.maxLength(o.subscription());
        }
        if (outcome instanceof Outcome.Unsubscribed o) {
            return Utf8.maxLength(o.subscription());
        }
        return 0;
    }

    private static int textBytes(ErrorText error) {
        return Utf8.maxLength(error.className()) + Utf8.maxLength(error.message());
    }

    /** A place in a buffer that moves on with each component. */
    private static final class Frame {

        private final ByteBuffer buffer;
        private int at;

        Frame(ByteBuffer buffer, int at) {
            this.buffer = buffer;
            this.at = at;
        }

        Frame kind(byte kind) {
            buffer.put(at++, kind);
            return this;
        }

        Frame number(long value) {
            buffer.putLong(at, value);
            at += Long.BYTES;
            return this;
        }

        Frame count(int value) {
            buffer.putInt(at, value);
            at += Integer.BYTES;
            return this;
        }

        Frame text(String value) {
            at = Utf8.putSized(buffer, at, value);
            return this;
        }

        Frame error(ErrorText error) {
            return text(error.className()).text(error.message());
        }

        Outcome read() {
            byte kind = buffer.get(at++);
            return switch (kind) {
                case FAILED -> new Outcome.Failed(text(), number(), count(), number(), number(), number(), error());
                case RECOVERED -> new Outcome.Recovered(text(), number(), count(), number());
                case DEAD -> new Outcome.Dead(text(), number(), count(), number(), number(), error());
                case DEAD_LETTERS_CLEARED -> new Outcome.DeadLettersCleared(number());
                case SUBSCRIBED -> new Outcome.Subscribed(text(), number());
                case UNSUBSCRIBED -> new Outcome.Unsubscribed(text(), number());
                case CHECKPOINT -> new Outcome.Checkpoint(number(), number());
                case RESTATEMENT_BEGUN -> new Outcome.RestatementBegun(number(), number());
                case RESTATEMENT_ENDED -> new Outcome.RestatementEnded(number());
                default -> throw new IllegalStateException("no such kind of outcome: kind=" + kind);
            };
        }

        private long number() {
            at += Long.BYTES;
            return buffer.getLong(at - Long.BYTES);
        }

        private int count() {
            at += Integer.BYTES;
            return buffer.getInt(at - Integer.BYTES);
        }

        private String text() {
            int size = Utf8.size(buffer, at);
            String text = Utf8.get(buffer, at + Short.BYTES, size);
            at += Short.BYTES + size;
            return text;
        }

        private ErrorText error() {
            return new ErrorText(text(), text());
        }
    }
}
