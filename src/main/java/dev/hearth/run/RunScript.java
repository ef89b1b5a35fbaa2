package dev.hearth.run;

import dev.hearth.dataset.Dataset;
import dev.hearth.dataset.Datasets;
import dev.hearth.dataset.FileForm;
import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import dev.hearth.python.CsvForm;
import dev.hearth.python.PythonScript;
import dev.hearth.spec.TrainingSpec;
import java.util.List;
import org.springframework.stereotype.Service;

/** Writes a run as a plain PyTorch script, from its request and its data set. */
@Service
class RunScript {

    private final RunPlans plans;
    private final Datasets datasets;

    RunScript(RunPlans plans, Datasets datasets) {
        this.plans = plans;
        this.datasets = datasets;
    }

    /**
     * @throws ProblemException where the data set has been deleted: its columns are then not known
     */
    String of(Run run) {
        return plans.with(
                run,
                "what the script would say of its columns",
                (spec, dataset, plan) -> source(run, spec, dataset, plan));
    }

    private String source(Run run, TrainingSpec spec, Dataset dataset, RunPlan plan) {
        if (plan.columns().block().isPresent()) {
            throw new ProblemException(
                    ProblemCode.INVALID_STATE,
                    "a script is written for runs on tables; this one is on images or tensors");
        }
        FileForm form = datasets.form(dataset);
        return new PythonScript(
                        spec.withLoss(plan.loss(spec))
                                .withMissing(
                                        FillFit.policies(
                                                plan.columns().features(), spec.preprocessing())),
                        plan.checked().plan(),
                        new CsvForm(form.delimiter(), form.isPlain()),
                        EncodingFit.unfitted(plan.columns().features(), spec.preprocessing()),
                        plan.targets().target(spec.objective().task()).python(),
                        plan.pythonSplit(),
                        plan.split().training().length)
                .source(origin(run, dataset));
    }

    private static List<String> origin(Run run, Dataset dataset) {
        return List.of(
                "Repeats run " + run.id(),
                "on data set " + dataset.id(),
                "(SHA-256 " + dataset.sha256().hex() + ")",
                "which trains the model " + run.model() + ".",
                "",
                "python script.py data.csv",
                "",
                "prints the metrics of each epoch and writes state_dict.pt.");
    }
}
