package dev.hearth.run;

import dev.hearth.dataset.DatasetId;
import dev.hearth.dataset.RowSplit;
import java.util.LinkedHashMap;
import java.util.Optional;
import org.springframework.stereotype.Service;

/**
 * Splits the rows of a run's data set again, just as the run did. The last splits are remembered:
 * neither a data set nor what a run was asked for ever changes, and whoever reads one page of a
 * split reads the next.
 */
@Service
class RunSplits {

    /** Of all splits that are remembered, four bytes for each. */
    private static final long MOST_ROWS = 16L << 20;

    private static final String LOST = "the rows that were split";

    private record Key(DatasetId dataset, String request) {}

    private final RunPlans plans;

    /** The one that was asked for last is at the end. */
    private final LinkedHashMap<Key, RowSplit> remembered = new LinkedHashMap<>(16, 0.75f, true);

    RunSplits(RunPlans plans) {
        this.plans = plans;
    }

    /**
     * @throws dev.hearth.problem.ProblemException where the data set has been deleted
     */
    RowSplit of(Run run) {
        var key = new Key(run.dataset(), run.request());
        plans.requireDataset(run, LOST);
        return remembered(key)
                .orElseGet(() -> {
                    RowSplit split = plans.with(run, LOST, (_, _, plan) -> plan.split());
                    remember(key, split);
                    return split;
                });
    }

    private synchronized Optional<RowSplit> remembered(Key key) {
        return Optional.ofNullable(remembered.get(key));
    }

    /** One that is larger than all that may be remembered is not. */
    private synchronized void remember(Key key, RowSplit split) {
        remembered.put(key, split);
        long rows = remembered.values().stream().mapToLong(RowSplit::rows).sum();
        var eldest = remembered.values().iterator();
        while (rows > MOST_ROWS) {
            rows -= eldest.next().rows();
            eldest.remove();
        }
    }

    /** How many splits are remembered. */
    synchronized int size() {
        return remembered.size();
    }
}
