package io.ringbus.engine.stage;

import java.util.ArrayList;
import java.util.List;

/**
 * Which links run on which threads, and what each thread waits for. A function of the stages alone: the same stages
 * give the same layout, whether the engine began with them or came to them by changes.
 *
 * <p>A thread for the journal link, and one for each link of a handler stage. The links of one stage stand side by side
 * behind the same upstream, and the next stage waits for all of them. Two links have too little work for a thread of
 * their own, which costs a core, or time slices on few cores: the timestamp link, and the retry link, which has work
 * only after failures. They share that of the first and the last handler stage, where such a stage is one link.
 */
final class Layout {

    private final List<Group> groups = new ArrayList<>();
    /** Not yet given to a thread. */
    private List<Link> open = new ArrayList<>();
    private List<Link> upstream = List.of();

    private Layout() {
    }

    /**
     * One stage of handlers.
     *
     * @param priority its priority
     * @param links    side by side, each of its own subscriptions; at least one
     */
    record Stage(int priority, List<HandlerLink> links) {
    }

    /**
     * The two links that are always there.
     *
     * @param first    the journal link, or the timestamp link
     * @param journals whether the first is a journal link, which has a thread of its own
     * @param retry    the last
     */
    record Ends(Link first, boolean journals, RetryLink retry) {
    }

    /**
     * What one thread runs.
     *
     * @param principal names the thread, and stays on it through all changes
     * @param links     in the order in which they run
     * @param upstream  the links that must be done before; none for the first
     */
    record Group(Link principal, List<Link> links, List<Link> upstream) {
    }

    /** The layout of a chain. */
    static List<Group> of(Ends ends, List<Stage> stages, boolean fused) {
        return fused ? List.of(new Group(ends.first, all(ends, stages), List.of())) : new Layout().lay(ends, stages);
    }

    /** All links in chain order. */
    static List<Link> all(Ends ends, List<Stage> stages) {
        List<Link> all = new ArrayList<>();
        all.add(ends.first);
        stages.forEach(stage -> all.addAll(stage.links));
        all.add(ends.retry);
        return all;
    }

    private List<Group> lay(Ends ends, List<Stage> stages) {
        open.add(ends.first);
        if (ends.journals) {
            close(ends.first);
        }
        for (Stage stage : stages) {
            boolean last = stage == stages.get(stages.size() - 1);
            if (stage.links.size() == 1) {
                open.addAll(stage.links);
                if (last) {
                    open.add(ends.retry);
                }
                close(stage.links.get(0));
            } else {
                close(ends.first);
                stage.links.forEach(link -> groups.add(new Group(link, List.of(link), upstream)));
                upstream = List.copyOf(stage.links);
            }
        }
        if (stages.isEmpty() || stages.get(stages.size() - 1).links.size() > 1) {
            open.add(ends.retry);
            close(ends.retry);
        }
        return groups;
    }

    private void close(Link principal) {
        if (!open.isEmpty()) {
            groups.add(new Group(principal, List.copyOf(open), upstream));
            upstream = List.of(open.get(open.size() - 1));
            open = new ArrayList<>();
        }
    }
}
