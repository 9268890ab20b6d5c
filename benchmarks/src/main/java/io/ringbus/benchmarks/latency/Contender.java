package io.ringbus.benchmarks.latency;

import io.ringbus.benchmarks.jmh.PayloadEvent;
import io.ringbus.benchmarks.jmh.PipelineShape;
import io.ringbus.benchmarks.peers.PerEventPipeline;
import io.ringbus.benchmarks.peers.Pipeline;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;

/** Who carries the events from the publisher to the handler. */
public enum Contender {

    /** Ringbus, a thread per stage. */
    RINGBUS("ringbus"),
    /** Ringbus, the whole chain on one thread. */
    RINGBUS_FUSED("ringbusFused"),
    /** A Disruptor with a journaling and a handling thread, and one Chronicle document per event. */
    HAND_WRITTEN("handWritten"),
    /** The same with one thread that journals and handles. Without a journal it is the same as the one before. */
    HAND_WRITTEN_FUSED("handWrittenFused");

    private final String label;

    Contender(String label) {
        this.label = label;
    }

    /**
     * The contender with this name.
     *
     * @param label as {@link #label()} gives it
     * @return the contender
     * @throws IllegalArgumentException when there is none
     */
    public static Contender labelled(String label) {
        return Arrays.stream(values())
                .filter(contender -> contender.label.equals(label))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no contender has this name, choose of "
                        + Arrays.stream(values()).map(Contender::label).collect(Collectors.joining(", "))
                        + ": contender=" + label));
    }

    /**
     * What it is called in figures.
     *
     * @return the name that it has as a JMH benchmark, too
     */
    public String label() {
        return label;
    }

    /**
     * Whether a run makes sense.
     *
     * @param mode the journal's mode
     * @return false when another contender is the same in this mode
     */
    public boolean runsWith(JournalMode mode) {
        return this != HAND_WRITTEN_FUSED || mode != JournalMode.OFF;
    }

    Pipeline open(RunPlan plan, Path directory, TimedHandler handler) {
        return switch (this) {
            case RINGBUS -> new RingbusChain(plan, false, directory, handler);
            case RINGBUS_FUSED -> new RingbusChain(plan, true, directory, handler);
            case HAND_WRITTEN -> handWritten(plan, false, directory, handler);
            case HAND_WRITTEN_FUSED -> handWritten(plan, true, directory, handler);
        };
    }

    @Override
    public String toString() {
        return label;
    }

    private static Pipeline handWritten(RunPlan plan, boolean fused, Path directory, TimedHandler handler) {
        return new PerEventPipeline<>(directory,
                new PerEventPipeline.Layout(PipelineShape.RING_SIZE, PipelineShape.waitStrategy(plan.waitMode()),
                        plan.journal() != JournalMode.OFF, plan.journal() == JournalMode.BATCH, fused),
                PayloadEvent.cargo(plan.payloadBytes()), handler);
    }
}
