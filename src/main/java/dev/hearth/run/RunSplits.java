package dev.hearth.run;

import dev.hearth.dataset.RowSplit;
import org.springframework.stereotype.Service;

/** Splits the rows of a run's data set again, just as the run did. */
@Service
class RunSplits {

    private final RunPlans plans;

    RunSplits(RunPlans plans) {
        this.plans = plans;
    }

    /**
     * @throws dev.hearth.problem.ProblemException where the data set has been deleted
     */
    RowSplit of(Run run) {
        return plans.with(run, "the rows that were split", (_, _, plan) -> plan.split());
    }
}
