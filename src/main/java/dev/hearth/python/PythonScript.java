package dev.hearth.python;

import dev.hearth.python.Expression.Call;
import dev.hearth.python.Expression.Text;
import dev.hearth.python.PythonFile.Import;
import dev.hearth.spec.Encoding;
import dev.hearth.spec.InputForm;
import dev.hearth.spec.ModelPlan;
import dev.hearth.spec.TrainingSpec;
import dev.hearth.spec.TransformSpec;
import java.util.List;

/**
 * {@code script.py}: a whole run in plain PyTorch, from the data set's files to {@code
 * state_dict.pt}. The same seed gives the same numbers.
 *
 * @param source the data set's files
 * @param input of whose columns only the kinds count, not what was learned
 * @param training what is done to pictures in training; of no use where the input is none
 * @param split which rows are held out; {@code spec} says it in other words
 * @param trainingRows how many rows are not held out
 */
public record PythonScript(
        TrainingSpec spec,
        ModelPlan plan,
        DataSource source,
        InputForm input,
        List<TransformSpec> training,
        PythonTarget target,
        PythonSplit split,
        long trainingRows) {

    /**
     * @param origin which run on which data it repeats, in words that no user has chosen
     */
    public String source(List<String> origin) {
        var file = new PythonFile(origin);
        file.require(Import.JSON, Import.SYS, Import.NN);
        if (input instanceof Encoding encoding) {
            Columns.of(encoding).writeNames(file);
        }
        target.define(file);
        spec.objective()
                .sampleWeight()
                .ifPresent(column -> file.constant("WEIGHT", new Text(Literal.of(column))));
        if (hasClasses()) {
            file.constant("CLASSES", target.classList());
        }
        defineRead(file);
        if (split.holdsOut()) {
            splitCode().define(file);
        }
        samples(file).define(split.holdsOut());
        String inputs = samples(file).inputs(spec.preprocessing());
        String model = InitCode.define(plan, new LayerCode(file).define(plan), file);
        loss().define(file);
        metrics().define(file);
        if (split.holdsOut()) {
            if (scores().isNeeded()) {
                scores().define(file);
            }
            file.define("evaluate", evaluate(samples(file)));
        }
        var train =
                new TrainCode(spec.optimization(), spec.schedule().stopping(), isWeighted(), file);
        train.define();
        file.define("main", main(samples(file), inputs, model, train));
        return file.text(
                """
                if __name__ == "__main__":
                    main(%s)
                """
                        .formatted(source.arguments()));
    }

    /** As {@code Training.EVALUATION_BATCH}. */
    private static final long EVALUATED_ROWS = 1024;

    private SampleCode samples(PythonFile file) {
        return new SampleCode(
                input,
                training,
                isWeighted(),
                Math.min(EVALUATED_ROWS, plan.evaluationRows()),
                file);
    }

    private boolean hasClasses() {
        return spec.objective().task().hasClasses();
    }

    private boolean isWeighted() {
        return spec.objective().sampleWeight().isPresent();
    }

    private LossCode loss() {
        return new LossCode(spec.loss(), isWeighted(), target.columns().size());
    }

    private MetricCode metrics() {
        return new MetricCode(spec.objective(), loss());
    }

    private ScoreCode scores() {
        return new ScoreCode(spec.objective(), loss(), plan.output().last());
    }

    private SplitCode splitCode() {
        return new SplitCode(split, spec.schedule().seed());
    }

    /** What {@code read} answers beside the columns. */
    private String alsoRead() {
        return "labels"
                + (isWeighted() ? ", weights" : "")
                + splitCode().column().map(name -> ", " + name).orElse("");
    }

    private void defineRead(PythonFile file) {
        String label =
                hasClasses() ? "CLASSES.index(%s)".formatted(target.cell(file)) : target.cell(file);
        var body = new StringBuilder(new FilesCode(source, input, file).statements());
        String raw = "raw";
        if (input instanceof Encoding encoding) {
            body.append(
                    "raw = [[%s for name in FEATURES] for row in rows]\n"
                            .formatted(
                                    LearningColumns.cell(
                                            Columns.of(encoding), spec.preprocessing(), file)));
            raw = "torch.tensor(raw, dtype=torch.float64)";
        }
        body.append("labels = [%s for row in rows]\n".formatted(label));
        if (isWeighted()) {
            body.append("weights = [float(row[WEIGHT]) for row in rows]\n");
        }
        splitCode()
                .column()
                .ifPresent(name ->
                        body.append(
                                "%s = [%s for row in rows]\n"
                                        .formatted(name, splitCode().cell(file))));
        body.append("return %s, %s\n".formatted(raw, alsoRead()));
        file.define(
                "read",
                """
                def read(%s):
                    \"""%s, and the %s of the rows.\"""
                """
                                .formatted(
                                        source.parameter(),
                                        samples(file).described(),
                                        hasClasses() ? "classes" : "targets")
                        + body.toString().indent(4));
    }

    /** The metrics of all rows, and, where that is asked for, what the model says of them. */
    private String evaluate(SampleCode samples) {
        boolean keeps = scores().isNeeded();
        var text = new StringBuilder();
        text.append("@torch.no_grad()\n");
        text.append("def evaluate(model, criterion, %s):\n".formatted(samples.parameters()));
        text.append("    model.eval()\n");
        text.append(keeps ? "    total, outputs = 0, []\n" : "    total = 0\n");
        String weights = isWeighted() ? ", weights" : "";
        text.append("    for inputs, targets%s in %s:\n".formatted(weights, samples.batches()));
        text.append("        output = model(inputs)\n");
        text.append(
                "        total += measure(output, targets, criterion(output, targets%s))\n"
                        .formatted(weights));
        if (keeps) {
            text.append("        outputs.append(output)\n");
        }
        text.append(keeps ? "    return total, torch.cat(outputs)\n" : "    return total\n");
        return text.toString();
    }

    private String main(SampleCode samples, String inputs, String model, TrainCode train) {
        TrainingSpec.Schedule schedule = spec.schedule();
        var text = new StringBuilder();
        text.append("def main(%s):\n".formatted(source.parameter()));
        text.append("    torch.set_num_threads(1)  # sums are then made in one order\n");
        text.append(
                "    %s, %s = read(%s)\n".formatted(samples.raw(), alsoRead(), source.parameter()));
        text.append("    ").append(splitCode().statement());
        text.append(inputs);
        text.append("    y = ").append(loss().tensor()).append('\n');
        text.append(isWeighted() ? "    w = torch.tensor(weights, dtype=torch.float32)\n\n" : "\n");
        text.append("    torch.manual_seed(%d)\n".formatted(schedule.seed()));
        text.append("    model = ").append(model).append('\n');
        text.append(loss().statement());
        text.append(loader(samples).laidOut("    loader = ", "\n"));
        text.append(train.prepare(plan.parameterNames(), length()).indent(4));
        text.append(train.prepareStopping().indent(4));
        if (schedule.stopping().maxTime().isPresent()) {
            text.append("    # How far max_minutes let the run come is not repeated here.\n");
        }
        text.append("\n    for epoch in range(1, %d + 1):\n".formatted(schedule.epochs()));
        text.append(epoch(samples, train).indent(8));
        if (split.tests()) {
            text.append('\n').append(test(samples, train).indent(4));
        }
        text.append("\n    torch.save(%s, \"state_dict.pt\")\n".formatted(train.result()));
        return text.toString();
    }

    private String epoch(SampleCode samples, TrainCode train) {
        var text = new StringBuilder();
        text.append("%s = train(%s)\n".formatted(train.answer(), train.arguments()));
        text.append(train.afterTraining());
        text.append(
                "values = {\"epoch\": epoch, **metrics(\"train\", total%s)}\n"
                        .formatted(labels("training")));
        if (split.validates()) {
            text.append(
                    "%s = evaluate(%s, criterion, %s)\n"
                            .formatted(
                                    scores().isNeeded() ? "held_out, output" : "held_out",
                                    train.trained(),
                                    samples.of("validation")));
            text.append(
                    "values |= metrics(\"validation\", held_out%s)\n"
                            .formatted(labels("validation")));
            if (scores().isNeeded()) {
                text.append("values |= scores(output, y[validation])\n");
            }
        }
        text.append(train.endEpoch());
        text.append("print(json.dumps(values))\n");
        text.append(train.stop());
        return text.toString();
    }

    /** Evaluates the finished model on the rows that it has never seen. */
    private String test(SampleCode samples, TrainCode train) {
        var text = new StringBuilder(train.restore());
        text.append(
                "%s = evaluate(%s, criterion, %s)\n"
                        .formatted(
                                scores().isNeeded() ? "tested, output" : "tested",
                                train.trained(),
                                samples.of("test")));
        text.append("values = metrics(\"test\", tested%s)\n".formatted(labels("test")));
        if (scores().isNeeded()) {
            text.append("for name, value in scores(output, y[test]).items():\n");
            text.append("    values[name.replace(\"validation\", \"test\")] = value\n");
        }
        text.append("print(json.dumps(values))\n");
        return text.toString();
    }

    private TrainCode.Length length() {
        TrainingSpec.Schedule schedule = spec.schedule();
        long size = Math.min(schedule.batchSize().orElse(Integer.MAX_VALUE), trainingRows);
        long batches = schedule.dropLast() ? trainingRows / size : Math.ceilDiv(trainingRows, size);
        long steps = Math.ceilDiv(batches, (long) spec.optimization().gradients().accumulate());
        return new TrainCode.Length(schedule.epochs(), steps * schedule.epochs());
    }

    private Expression loader(SampleCode samples) {
        TrainingSpec.Schedule schedule = spec.schedule();
        Object size =
                schedule.batchSize().isPresent()
                        ? schedule.batchSize().getAsInt()
                        : "len(training)";
        return Call.of("DataLoader", samples.ofTraining())
                .unless(1, "batch_size", size)
                .unless(false, "shuffle", schedule.shuffle())
                .unless(false, "drop_last", schedule.dropLast());
    }

    private String labels(String rows) {
        return metrics().needsLabels() ? ", [labels[row] for row in %s]".formatted(rows) : "";
    }
}
