package io.ringbus.journal.format;

import io.ringbus.engine.error.JournalException;
import io.ringbus.engine.error.JournalFormatException;
import io.ringbus.engine.spi.Outcome;
import io.ringbus.engine.spi.Outcome.ErrorText;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/**
 * Outcomes as bytes: a kind (1 byte), then the record's components in order. A number is 8 bytes; an attempt 4; a text
 * is its length (2 bytes) and UTF-8; an error is two texts. Unaligned, little-endian. Writing allocates nothing: each
 * outcome goes through the same frame twice, first to be measured, then to be written. One thread at a time.
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
    private static final byte WAITING = 10;
    private static final byte HANDLED = 11;
    private static final byte DRIVEN_AGAIN = 12;
    private static final byte DISCARDED = 13;

    private final BatchBuilder batch;
    private final Frame frame = new Frame();

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
     * Adds an outcome. When it throws, the batch is as it was.
     *
     * @param outcome what happened
     * @return false when the batch is full; it is as it was then
     * @throws JournalException when the outcome has no bytes in this format, or a text of it is too long for them
     */
    public boolean add(Outcome outcome) {
        frame.measure();
        put(outcome, frame);
        if (!batch.reserve(frame.at)) {
            return false;
        }
        frame.write(batch.buffer(), batch.end());
        put(outcome, frame);
        batch.added(frame.at);
        flags |= frame.batchFlags;
        highestSequence = Math.max(highestSequence, frame.sequence);
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
     * @param consumer given each outcome, in order; what it throws ends the reading
     * @throws JournalFormatException when an outcome's kind is not known: a newer version wrote it
     */
    public static void read(BatchView view, Consumer<? super Outcome> consumer) {
        OutcomeView outcomes = new OutcomeView(view);
        for (int i = 0; i < view.count(); i++) {
            consumer.accept(outcomes.next());
        }
    }

    /** The one place that says how an outcome is written; what happens most comes first. */
    private static void put(Outcome outcome, Frame frame) {
        if (outcome instanceof Outcome.Handled o) {
            frame.kind(HANDLED).text(o.subscription()).sequence(o.sequence()).count(o.attempt()).number(o.at())
                    .number(o.nanos());
        } else if (outcome instanceof Outcome.Failed o) {
            frame.kind(FAILED).text(o.subscription()).sequence(o.sequence()).count(o.attempt())
                    .number(o.firstFailedAt()).number(o.failedAt()).number(o.dueAt()).error(o.error());
        } else if (outcome instanceof Outcome.Waiting o) {
            frame.kind(WAITING).text(o.subscription()).sequence(o.sequence()).number(o.at());
        } else if (outcome instanceof Outcome.Recovered o) {
            frame.kind(RECOVERED).text(o.subscription()).sequence(o.sequence()).count(o.attempt()).number(o.at());
        } else if (outcome instanceof Outcome.Dead o) {
            frame.kind(DEAD).text(o.subscription()).sequence(o.sequence()).count(o.attempts())
                    .number(o.firstFailedAt()).number(o.lastFailedAt()).error(o.error());
        } else if (outcome instanceof Outcome.DrivenAgain o) {
            frame.kind(DRIVEN_AGAIN).text(o.subscription()).sequence(o.sequence()).number(o.at()).number(o.dueAt());
        } else if (outcome instanceof Outcome.Discarded o) {
            frame.kind(DISCARDED).text(o.subscription()).sequence(o.sequence()).number(o.at()).text(o.reason());
        } else {
            putState(outcome, frame);
        }
    }

    private static void putState(Outcome outcome, Frame frame) {
        if (outcome instanceof Outcome.DeadLettersCleared o) {
            frame.kind(DEAD_LETTERS_CLEARED).number(o.at());
        } else if (outcome instanceof Outcome.Subscribed o) {
            frame.kind(SUBSCRIBED).text(o.subscription()).sequence(o.handledThrough());
        } else if (outcome instanceof Outcome.Unsubscribed o) {
            frame.kind(UNSUBSCRIBED).text(o.subscription()).sequence(o.handledThrough());
        } else if (outcome instanceof Outcome.Checkpoint o) {
            frame.kind(CHECKPOINT).sequence(o.handledThrough()).number(o.at());
        } else if (outcome instanceof Outcome.RestatementBegun o) {
            frame.kind(RESTATEMENT_BEGUN).flag(BatchHeader.RESTATEMENT_BEGINS).number(o.at())
                    .number(o.olderDeadLetters());
        } else if (outcome instanceof Outcome.RestatementEnded o) {
            frame.kind(RESTATEMENT_ENDED).flag(BatchHeader.RESTATEMENT_ENDS).number(o.at());
        } else {
            throw new JournalException("the journal's format has no bytes for this kind of outcome; give it a kind in "
                    + OutcomeFrames.class.getSimpleName() + ": outcome=" + outcome);
        }
    }

    /** What an outcome takes, or a place in a buffer that moves on with each component; reused. */
    private static final class Frame {

        private ByteBuffer buffer;
        private int at;
        private int batchFlags;
        private long sequence;

        /** From here on, {@link #at} counts the most bytes that are needed. */
        void measure() {
            write(null, 0);
        }

        /** From here on, what is put is written. */
        void write(ByteBuffer target, int from) {
            buffer = target;
            at = from;
            batchFlags = 0;
            sequence = 0;
        }

        Frame kind(byte kind) {
            if (buffer != null) {
                buffer.put(at, kind);
            }
            at++;
            return this;
        }

        Frame flag(int flag) {
            batchFlags |= flag;
            return this;
        }

        Frame sequence(long value) {
            sequence = value;
            return number(value);
        }

        Frame number(long value) {
            if (buffer != null) {
                buffer.putLong(at, value);
            }
            at += Long.BYTES;
            return this;
        }

        Frame count(int value) {
            if (buffer != null) {
                buffer.putInt(at, value);
            }
            at += Integer.BYTES;
            return this;
        }

        Frame text(String value) {
            if (buffer != null) {
                at = Utf8.putSized(buffer, at, value);
            } else if (Utf8.isSizeable(value)) {
                at += Short.BYTES + Utf8.maxLength(value);
            } else {
                throw new JournalException("a text of an outcome is longer than " + Utf8.MAX_SIZE + " bytes in UTF-8;"
                        + " make it shorter: length=" + value.length());
            }
            return this;
        }

        Frame error(ErrorText error) {
            return text(error.className()).text(error.message());
        }
    }

    /** A place in a batch that moves on with each component; the names of subscriptions repeat. */
    private static final class OutcomeView {

        private final RepeatedText subscriptions = new RepeatedText();
        private final BatchView batch;
        private final ByteBuffer buffer;
        private int at;

        OutcomeView(BatchView batch) {
            this.batch = batch;
            this.buffer = batch.buffer();
            this.at = batch.payloadOffset();
        }

        Outcome next() {
            byte kind = buffer.get(at++);
            return switch (kind) {
                case HANDLED -> new Outcome.Handled(name(), number(), count(), number(), number());
                case FAILED -> new Outcome.Failed(name(), number(), count(), number(), number(), number(), error());
                case WAITING -> new Outcome.Waiting(name(), number(), number());
                case RECOVERED -> new Outcome.Recovered(name(), number(), count(), number());
                case DEAD -> new Outcome.Dead(name(), number(), count(), number(), number(), error());
                case DRIVEN_AGAIN -> new Outcome.DrivenAgain(name(), number(), number(), number());
                case DISCARDED -> new Outcome.Discarded(name(), number(), number(), text());
                case DEAD_LETTERS_CLEARED -> new Outcome.DeadLettersCleared(number());
                case SUBSCRIBED -> new Outcome.Subscribed(name(), number());
                case UNSUBSCRIBED -> new Outcome.Unsubscribed(name(), number());
                case CHECKPOINT -> new Outcome.Checkpoint(number(), number());
                case RESTATEMENT_BEGUN -> new Outcome.RestatementBegun(number(), number());
                case RESTATEMENT_ENDED -> new Outcome.RestatementEnded(number());
                default -> throw new JournalFormatException("a newer version wrote this outcome; use that version or a"
                        + " later one: ordinal=" + batch.ordinal() + ", position=" + batch.position() + ", kind="
                        + kind);
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

        private String name() {
            String name = subscriptions.readSized(buffer, at);
            at += Short.BYTES + Utf8.size(buffer, at);
            return name;
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
