package dev.hearth.run;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.PriorityQueue;

/**
 * What is to be done: the runs that workers have, and those that wait, in their order.
 *
 * @param running with what is left to do of each
 * @param waiting with what each will take
 */
record Workload(List<Work> running, List<Work> waiting) {

    Workload {
        running = List.copyOf(running);
        waiting = List.copyOf(waiting);
    }

    /**
     * One run.
     *
     * @param left how long it will take from now, once a worker has it; empty if nobody can tell
     */
    record Work(RunId run, Optional<Duration> left) {

        static Work of(RunId run, int epochs, double fraction, Optional<Double> secondsAnEpoch) {
            return new Work(
                    run,
                    secondsAnEpoch.map(seconds ->
                            Duration.ofMillis(
                                    Math.round((1 - fraction) * epochs * seconds * 1000))));
        }
    }

    /**
     * Plays on what happens from now on: whoever is done takes the next one in line. There are as
     * many workers as have a run now, which is right while runs wait; a worker that nobody can tell
     * the end of takes none.
     */
    Map<RunId, RunOutlook> outlooks(Instant now) {
        var outlooks = new HashMap<RunId, RunOutlook>();
        var free = new PriorityQueue<Instant>(Comparator.naturalOrder());
        for (Work work : running) {
            Optional<Instant> finish = work.left().map(now::plus);
            finish.ifPresent(free::add);
            outlooks.put(
                    work.run(), new RunOutlook(OptionalLong.empty(), Optional.empty(), finish));
        }
        for (int position = 0; position < waiting.size(); position++) {
            Work work = waiting.get(position);
            Optional<Instant> start = Optional.ofNullable(free.poll());
            Optional<Instant> finish = start.flatMap(at -> work.left().map(at::plus));
            finish.ifPresent(free::add);
            outlooks.put(work.run(), new RunOutlook(OptionalLong.of(position), start, finish));
        }
        return outlooks;
    }
}
