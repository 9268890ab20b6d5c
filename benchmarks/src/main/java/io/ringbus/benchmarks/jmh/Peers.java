package io.ringbus.benchmarks.jmh;

import com.lmax.disruptor.dsl.ProducerType;
import io.ringbus.benchmarks.peers.BatchedPipeline;
import io.ringbus.benchmarks.peers.PerEventPipeline;
import io.ringbus.benchmarks.peers.SqlitePipeline;
import io.ringbus.benchmarks.peers.SqliteSynchronous;
import java.nio.file.Path;

/** Opens the peers of Ringbus in the shape that Ringbus has in the same benchmark. */
final class Peers {

    private Peers() {
    }

    /** A document per event. */
    static PerEventPipeline<PayloadEvent> handWritten(PipelineShape shape, Path directory, PayloadCheck check) {
        return new PerEventPipeline<>(directory,
                new PerEventPipeline.Layout(PipelineShape.RING_SIZE, shape.waitStrategy(), true, false, false),
                PayloadEvent.cargo(shape.payloadBytes()), check);
    }

    /** A document per batch; forced to disk, with any number of publishers, where the shape says so. */
    static BatchedPipeline<PayloadEvent> handWrittenBatched(PipelineShape shape, Path directory, PayloadCheck check) {
        BatchedPipeline.Layout layout = new BatchedPipeline.Layout(PipelineShape.RING_SIZE,
                shape.synced() ? ProducerType.MULTI : ProducerType.SINGLE, shape.waitStrategy(), shape.synced());
        return new BatchedPipeline<>(directory, layout, PayloadEvent.cargo(shape.payloadBytes()), check);
    }

    /** Queues and a table; each commit is forced to disk where the shape says so. */
    static PipelineRun.Opening<SqlitePipeline<PayloadEvent>> sqlite(int commitEvery) {
        return (shape, directory, check) -> new SqlitePipeline<>(directory,
                new SqlitePipeline.Layout(PipelineShape.RING_SIZE, commitEvery,
                        shape.synced() ? SqliteSynchronous.FULL : SqliteSynchronous.NORMAL),
                PayloadEvent.cargo(shape.payloadBytes()), check);
    }
}
