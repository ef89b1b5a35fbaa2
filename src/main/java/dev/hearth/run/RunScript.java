package dev.hearth.run;

import dev.hearth.dataset.Dataset;
import dev.hearth.dataset.FileForms;
import dev.hearth.problem.ProblemException;
import dev.hearth.python.DataSource;
import dev.hearth.python.PythonScript;
import dev.hearth.spec.InputForm;
import dev.hearth.spec.TrainingSpec;
import java.util.List;
import org.springframework.stereotype.Service;

/** Writes a run as a plain PyTorch script, from its request and its data set. */
@Service
class RunScript {

    private final RunPlans plans;
    private final FileForms forms;

    RunScript(RunPlans plans, FileForms forms) {
        this.plans = plans;
        this.forms = forms;
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
        var source = new DataSource(forms.of(dataset), dataset.files().size());
        InputForm input = ModelInput.unfitted(plan.columns(), spec);
        return new PythonScript(
                        spec.withLoss(plan.loss(spec))
                                .withMissing(
                                        FillFit.policies(
                                                plan.columns().features(), spec.preprocessing())),
                        plan.checked().plan(),
                        source,
                        input,
                        ModelInput.training(input, spec),
                        plan.targets().target(spec.objective().task()).python(),
                        plan.pythonSplit(),
                        plan.split().training().length)
                .source(origin(run, dataset, source));
    }

    private static List<String> origin(Run run, Dataset dataset, DataSource source) {
        return List.of(
                "Repeats run " + run.id(),
                "on data set " + dataset.id(),
                "(SHA-256 " + dataset.sha256().hex() + ")",
                "which trains the model " + run.model() + ".",
                "",
                "python script.py " + source.usage(),
                "",
                source.isOne()
                        ? "reads its file, prints the metrics of each epoch and writes"
                                + " state_dict.pt."
                        : "reads its files, given in the order in which they were uploaded, prints"
                                + " the metrics of each epoch and writes state_dict.pt.");
    }
}
