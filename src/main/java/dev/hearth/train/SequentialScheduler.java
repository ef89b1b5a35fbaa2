package dev.hearth.train;

import dev.hearth.spec.SchedulerSpec.SequentialLR;
import java.util.List;
import java.util.Map;

/** {@code SequentialLR}: one scheduler after the other. */
final class SequentialScheduler implements Scheduler {

    private final List<Long> milestones;
    private final List<RecursiveScheduler> parts;
    private long lastEpoch;

    /**
     * As in PyTorch: each part makes its initial step when it is made, then all take it back, the
     * rates begin anew and the first makes its step again.
     */
    SequentialScheduler(SequentialLR spec, List<RateGroup> groups) {
        this.milestones = spec.milestones();
        this.parts =
                spec.schedulers().stream()
                        .map(part -> new RecursiveScheduler(part, groups))
                        .toList();
        groups.forEach(group -> group.lr = group.initialLr);
        parts.forEach(RecursiveScheduler::undo);
        parts.getFirst().step(Map.of());
    }

    @Override
    public void step(Map<String, Double> metrics) {
        lastEpoch++;
        int index = 0;
        while (index < milestones.size() && milestones.get(index) <= lastEpoch) {
            index++;
        }
        if (index > 0 && milestones.get(index - 1) == lastEpoch) {
            parts.get(index).restart();
        } else {
            parts.get(index).step(metrics);
        }
    }

    @Override
    public void save(List<Counters> to) {
        to.add(new Counters(lastEpoch, 0, 0, 0, 0, 0));
        parts.forEach(part -> part.save(to));
    }

    @Override
    public void restore(List<Counters> from) {
        lastEpoch = from.removeFirst().lastEpoch();
        parts.forEach(part -> part.restore(from));
    }
}
