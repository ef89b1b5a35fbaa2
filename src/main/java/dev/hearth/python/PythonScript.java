package dev.hearth.python;

import dev.hearth.python.Expression.Call;
import dev.hearth.python.Expression.Text;
import dev.hearth.python.PythonFile.Import;
import dev.hearth.spec.Encoding;
import dev.hearth.spec.ModelPlan;
import dev.hearth.spec.TrainingSpec;
import java.util.List;

/**
 * {@code script.py}: a whole run in plain PyTorch, from the CSV file to {@code state_dict.pt}. The
 * same seed gives the same numbers.
 *
 * @param csv how the data set's file is written
 * @param encoding of which only the kinds of the columns count, not what was learned
 * @param split which rows are held out; {@code spec} says it in other words
 * @param trainingRows how many rows are not held out
 */
public record PythonScript(
        TrainingSpec spec,
        ModelPlan plan,
        CsvForm csv,
        Encoding encoding,
        PythonTarget target,
        PythonSplit split,
        long trainingRows) {

    /**
     * @param origin which run on which data it repeats, in words that no user has chosen
     */
    public String source(List<String> origin) {
        var file = new PythonFile(origin);
        file.require(Import.CSV, Import.JSON, Import.SYS, Import.NN, Import.DATA);
        var columns = Columns.of(encoding);
        columns.writeNames(file);
        target.define(file);
        spec.objective()
                .sampleWeight()
                .ifPresent(column -> file.constant("WEIGHT", new Text(Literal.of(column))));
        if (hasClasses()) {
            file.constant("CLASSES", target.classList());
        }
        defineRead(columns, file);
        if (split.holdsOut()) {
            splitCode().define(file);
        }
        String inputs = LearningColumns.inputs(columns, spec.preprocessing(), file);
        String model = InitCode.define(plan, new LayerCode(file).define(plan), file);
        loss().define(file);
        metrics().define(file);
        if (split.holdsOut()) {
            if (scores().isNeeded()) {
                scores().define(file);
            }
            file.define("evaluate", weighted(scores().isNeeded() ? EVALUATE_OUTPUTS : EVALUATE));
        }
        var train =
                new TrainCode(spec.optimization(), spec.schedule().stopping(), isWeighted(), file);
        train.define();
        file.define("main", main(inputs, model, train));
        return file.text(
                """
                if __name__ == "__main__":
                    main(sys.argv[1])
                """);
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

    /** The same for rows that have weights, where those of {@code spec} do. */
    private String weighted(String text) {
        return isWeighted()
                ? text.replace("inputs, targets in", "inputs, targets, weights in")
                        .replace(
                                "x.split(1024), y.split(1024)",
                                "x.split(1024), y.split(1024), w.split(1024)")
                        .replace("criterion, x, y", "criterion, x, y, w")
                        .replace(
                                "criterion(output, targets)", "criterion(output, targets, weights)")
                : text;
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

    private void defineRead(Columns columns, PythonFile file) {
        String label =
                hasClasses() ? "CLASSES.index(%s)".formatted(target.cell(file)) : target.cell(file);
        String body =
                csv.statements("path")
                        + "raw = [[%s for name in FEATURES] for row in rows]\n"
                                .formatted(LearningColumns.cell(columns, file))
                        + "labels = [%s for row in rows]\n".formatted(label)
                        + (isWeighted() ? "weights = [float(row[WEIGHT]) for row in rows]\n" : "")
                        + splitCode()
                                .column()
                                .map(name ->
                                        "%s = [%s for row in rows]\n"
                                                .formatted(name, splitCode().cell(file)))
                                .orElse("")
                        + "return torch.tensor(raw, dtype=torch.float64), %s\n"
                                .formatted(alsoRead());
        file.define(
                "read",
                """
                def read(path):
                    \"""The columns [N, %d] as they are, and the %s of the rows.\"""
                """
                                .formatted(
                                        columns.features().size(),
                                        hasClasses() ? "classes" : "targets")
                        + body.indent(4));
    }

    private static final String EVALUATE =
            """
            @torch.no_grad()
            def evaluate(model, criterion, x, y):
                model.eval()
                total = 0
                for inputs, targets in zip(x.split(1024), y.split(1024)):
                    output = model(inputs)
                    total += measure(output, targets, criterion(output, targets))
                return total
            """;

    /** As {@link #EVALUATE}, and what the model says of all rows. */
    private static final String EVALUATE_OUTPUTS =
            """
            @torch.no_grad()
            def evaluate(model, criterion, x, y):
                model.eval()
                total, outputs = 0, []
                for inputs, targets in zip(x.split(1024), y.split(1024)):
                    output = model(inputs)
                    total += measure(output, targets, criterion(output, targets))
                    outputs.append(output)
                return total, torch.cat(outputs)
            """;

    private String main(String inputs, String model, TrainCode train) {
        TrainingSpec.Schedule schedule = spec.schedule();
        var text = new StringBuilder();
        text.append("def main(path):\n");
        text.append("    torch.set_num_threads(1)  # sums are then made in one order\n");
        text.append("    raw, %s = read(path)\n".formatted(alsoRead()));
        text.append("    ").append(splitCode().statement());
        text.append("    x = ").append(inputs).append('\n');
        text.append("    y = ").append(loss().tensor()).append('\n');
        text.append(isWeighted() ? "    w = torch.tensor(weights, dtype=torch.float32)\n\n" : "\n");
        text.append("    torch.manual_seed(%d)\n".formatted(schedule.seed()));
        text.append("    model = ").append(model).append('\n');
        text.append(loss().statement());
        text.append(loader().laidOut("    loader = ", "\n"));
        text.append(train.prepare(plan.parameterNames(), length()).indent(4));
        text.append(train.prepareStopping().indent(4));
        if (schedule.stopping().maxTime().isPresent()) {
            text.append("    # How far max_minutes let the run come is not repeated here.\n");
        }
        text.append("\n    for epoch in range(1, %d + 1):\n".formatted(schedule.epochs()));
        text.append(epoch(train).indent(8));
        if (split.tests()) {
            text.append('\n').append(test(train).indent(4));
        }
        text.append("\n    torch.save(%s, \"state_dict.pt\")\n".formatted(train.result()));
        return text.toString();
    }

    private String epoch(TrainCode train) {
        var text = new StringBuilder();
        text.append("%s = train(%s)\n".formatted(train.answer(), train.arguments()));
        text.append(train.afterTraining());
        text.append(
                "values = {\"epoch\": epoch, **metrics(\"train\", total%s)}\n"
                        .formatted(labels("training")));
        if (split.validates()) {
            text.append(
                    "%s = evaluate(%s, criterion, x[validation], y[validation]%s)\n"
                            .formatted(
                                    scores().isNeeded() ? "held_out, output" : "held_out",
                                    train.trained(),
                                    isWeighted() ? ", w[validation]" : ""));
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
    private String test(TrainCode train) {
        var text = new StringBuilder(train.restore());
        text.append(
                "%s = evaluate(%s, criterion, x[test], y[test]%s)\n"
                        .formatted(
                                scores().isNeeded() ? "tested, output" : "tested",
                                train.trained(),
                                isWeighted() ? ", w[test]" : ""));
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

    private Expression loader() {
        TrainingSpec.Schedule schedule = spec.schedule();
        Object size =
                schedule.batchSize().isPresent()
                        ? schedule.batchSize().getAsInt()
                        : "len(training)";
        String rows = isWeighted() ? ", w[training]" : "";
        return Call.of("DataLoader", "TensorDataset(x[training], y[training]%s)".formatted(rows))
                .unless(1, "batch_size", size)
                .unless(false, "shuffle", schedule.shuffle())
                .unless(false, "drop_last", schedule.dropLast());
    }

    private String labels(String rows) {
        return metrics().needsLabels() ? ", [labels[row] for row in %s]".formatted(rows) : "";
    }
}
