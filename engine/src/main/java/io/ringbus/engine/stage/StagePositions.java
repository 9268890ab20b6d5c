package io.ringbus.engine.stage;

import io.ringbus.engine.ring.EventRing;
import io.ringbus.engine.stats.EngineStatistics.StageStatistics;
import java.util.ArrayList;
import java.util.List;

/** Where the stages of a chain stand, for statistics and messages. Any thread. */
final class StagePositions {

    private final EventRing ring;
    private final Layout.Ends ends;
    private final Splice splice;

    StagePositions(EventRing ring, Layout.Ends ends, Splice splice) {
        this.ring = ring;
        this.ends = ends;
        this.splice = splice;
    }

    private record Position(String stage, long place) {
    }

    List<StageStatistics> statistics() {
        long published = ring.publishedPlace();
        return positions().stream()
                .map(position -> new StageStatistics(position.stage, Math.max(0, published - position.place)))
                .toList();
    }

    /** The stage that is furthest behind the one before it. */
    String slowest() {
        String slowest = "none";
        long largest = -1;
        long upstream = ring.cursor();
        for (Position position : positions()) {
            if (upstream - position.place > largest) {
                largest = upstream - position.place;
                slowest = "'" + position.stage + "', " + largest + " behind";
            }
            upstream = position.place;
        }
        return slowest;
    }

    /** Each stage with the last place all its links are done with; the timestamp link is none. */
    private List<Position> positions() {
        List<Position> positions = new ArrayList<>();
        if (ends.journals()) {
            positions.add(new Position(ends.first().name(), ends.first().sequence().get()));
        }
        for (Layout.Stage stage : splice.stages()) {
            positions.add(new Position("priority " + stage.priority(),
                    stage.links().stream().mapToLong(link -> link.sequence().get()).min().orElse(-1)));
        }
        positions.add(new Position(ends.retry().name(), ends.retry().sequence().get()));
        return positions;
    }
}
