package dev.hearth.run;

import dev.hearth.dataset.Dataset;
import dev.hearth.dataset.Datasets;
import dev.hearth.dataset.RowSplit;
import dev.hearth.dataset.Table;
import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import dev.hearth.spec.TrainingSpec;
import org.springframework.stereotype.Service;

/** Splits the rows of a run's data set again, just as the run did. */
@Service
class RunSplits {

    private final RunRequests requests;
    private final Datasets datasets;

    RunSplits(RunRequests requests, Datasets datasets) {
        this.requests = requests;
        this.datasets = datasets;
    }

    /**
     * @throws ProblemException where the data set has been deleted
     */
    RowSplit of(Run run) {
        TrainingSpec spec = requests.parse(run.request()).spec();
        Dataset dataset =
                datasets.find(run.dataset())
                        .orElseThrow(() ->
                                new ProblemException(
                                        ProblemCode.INVALID_STATE,
                                        "data set %s of run %s has been deleted, and with it the rows that were split"
                                                .formatted(run.dataset(), run.id())));
        try (Table table = datasets.open(dataset)) {
            return RunPlan.of(spec, dataset, table).split();
        }
    }
}
