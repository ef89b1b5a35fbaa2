package dev.hearth.run;

import dev.hearth.dataset.Dataset;
import dev.hearth.dataset.Datasets;
import dev.hearth.dataset.Table;
import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import dev.hearth.spec.TrainingSpec;
import org.springframework.stereotype.Service;

/** Plans a run once more, from its request and its data set, for those who ask about it later. */
@Service
class RunPlans {

    private final RunRequests requests;
    private final Datasets datasets;

    RunPlans(RunRequests requests, Datasets datasets) {
        this.requests = requests;
        this.datasets = datasets;
    }

    /** What is wanted of a plan, while its rows are mapped. */
    @FunctionalInterface
    interface Use<T> {
        T of(TrainingSpec spec, Dataset dataset, RunPlan plan);
    }

    /**
     * @param lost what is lost with the data set, for the problem
     * @throws ProblemException where the data set has been deleted
     */
    <T> T with(Run run, String lost, Use<T> use) {
        TrainingSpec spec = requests.parse(run.request()).spec();
        Dataset dataset = requireDataset(run, lost);
        try (Table table = datasets.open(dataset)) {
            return use.of(spec, dataset, RunPlan.of(spec, dataset, table));
        }
    }

    /**
     * @param lost what is lost with the data set, for the problem
     * @throws ProblemException where the data set has been deleted
     */
    Dataset requireDataset(Run run, String lost) {
        return datasets.find(run.dataset())
                .orElseThrow(() ->
                        new ProblemException(
                                ProblemCode.INVALID_STATE,
                                "data set %s of run %s has been deleted, and with it %s"
                                        .formatted(run.dataset(), run.id(), lost)));
    }
}
