package dev.hearth.python;

import dev.hearth.python.PythonFile.Import;
import dev.hearth.spec.LossSpec;
import dev.hearth.spec.LossSpec.Reduction;
import dev.hearth.spec.LossSpec.Task;
import dev.hearth.spec.Metric.Plain;
import dev.hearth.spec.Objective;

/** Writes what is measured: the loss, and what costs nothing beside it. */
record MetricCode(Objective objective, LossCode loss) {

    private Task task() {
        return objective.task();
    }

    private boolean isOfNumbers() {
        return task() == Task.REGRESSION || task() == Task.DISTRIBUTION;
    }

    /** The loss of a mini-batch, times its rows where it is a mean. */
    private String lossSum() {
        return objective.loss().reduction() == Reduction.SUM ? "loss.item()" : "loss.item() * rows";
    }

    /** Then there is no need to compute it again. */
    private boolean lossIsSquaredError() {
        return objective.loss() instanceof LossSpec.MSELoss(Reduction reduction)
                && reduction == Reduction.MEAN
                && !loss.weighted();
    }

    /** Whether {@code metrics} looks at the targets again, for R². */
    boolean needsLabels() {
        return isOfNumbers() && objective.measured().contains(Plain.R2);
    }

    /** Defines {@code measure} and {@code metrics}. */
    void define(PythonFile file) {
        if (isOfNumbers()) {
            file.require(Import.MATH, Import.FUNCTIONAL);
            file.define("measure", lossIsSquaredError() ? SQUARED_MEASURE : valueMeasure());
            if (needsLabels()) {
                file.define("variation", VARIATION);
            }
            file.define("metrics", valueMetrics());
        } else {
            file.define("measure", classMeasure(file));
            file.define("metrics", classMetrics());
        }
    }

    private String classMeasure(PythonFile file) {
        String rows = "len(target)";
        String right =
                switch (task()) {
                    case CLASSIFICATION -> "output.argmax(1) == target";
                    case BINARY_CLASSIFICATION, SIMILARITY ->
                            "(%s) == (target > 0.5)".formatted(loss.isSecond(file));
                    case MULTI_LABEL ->
                            "((%s) == (target > 0.5)).all(1)".formatted(loss.isSecond(file));
                    case REGRESSION, DISTRIBUTION ->
                            throw new IllegalStateException("not of classes");
                };
        if (loss.ignores()) {
            String counts = "(target != %d)".formatted(objective.loss().ignored());
            return """
            def measure(output, target, loss):
                \"""Sums over the rows of a mini-batch that count: their number, loss and right answers.\"""
                counts = %s
                rows = counts.sum().item()
                correct = ((%s) & counts).sum().item()
                total = %s if rows else 0
                return torch.tensor([rows, total, correct], dtype=torch.float64)
            """
                    .formatted(counts, right, lossSum());
        }
        return """
        def measure(output, target, loss):
            \"""Sums over the rows of a mini-batch: their number, loss and right answers.\"""
            rows = %s
            correct = (%s).sum().item()
            return torch.tensor([rows, %s, correct], dtype=torch.float64)
        """
                .formatted(rows, right, lossSum());
    }

    private String classMetrics() {
        String accuracy =
                objective.measured().contains(Plain.ACCURACY)
                        ? ", f\"{prefix}_accuracy\": correct / rows"
                        : "";
        return """
        def metrics(prefix, sums):
            rows, loss, correct = sums.tolist()
            return {f"{prefix}_loss": loss / rows%s}
        """
                .formatted(accuracy);
    }

    private static final String SQUARED_MEASURE =
            """
            def measure(output, target, loss):
                \"""Sums over the rows of a mini-batch: their number, squared and absolute error.\"""
                rows = len(target)
                squared, absolute = loss.item() * rows, F.l1_loss(output, target).item() * rows
                return torch.tensor([rows, squared, absolute], dtype=torch.float64)
            """;

    private String valueMeasure() {
        String said = "output" + LossCode.activation(objective.loss());
        boolean logarithms = objective.loss() instanceof LossSpec.KLDivLoss kl && kl.logTarget();
        return """
        def measure(output, target, loss):
            \"""Sums over the rows of a mini-batch: their number, loss, squared and absolute error.\"""
            rows, said, so = len(target), %s, target%s
            squared, absolute = F.mse_loss(said, so).item() * rows, F.l1_loss(said, so).item() * rows
            return torch.tensor([rows, %s, squared, absolute], dtype=torch.float64)
        """
                .formatted(said, logarithms ? ".exp()" : "", lossSum());
    }

    private static final String VARIATION =
            """
            def variation(values):
                \"""The sum of squared distances from the mean.\"""
                mean = math.fsum(values) / len(values)
                return math.fsum((value - mean) * (value - mean) for value in values)
            """;

    private String valueMetrics() {
        boolean one = objective.targets().size() == 1;
        var text = new StringBuilder();
        text.append("def metrics(prefix, sums%s):\n".formatted(needsLabels() ? ", labels" : ""));
        text.append(
                lossIsSquaredError()
                        ? "    rows, squared, absolute = sums.tolist()\n"
                        : "    rows, loss, squared, absolute = sums.tolist()\n");
        text.append("    values = {\n");
        text.append(
                "        f\"{prefix}_loss\": %s / rows,\n"
                        .formatted(lossIsSquaredError() ? "squared" : "loss"));
        if (objective.measured().contains(Plain.MAE)) {
            text.append("        f\"{prefix}_mae\": absolute / rows,\n");
        }
        if (objective.measured().contains(Plain.RMSE)) {
            text.append("        f\"{prefix}_rmse\": math.sqrt(squared / rows),\n");
        }
        text.append("    }\n");
        if (needsLabels() && one) {
            text.append("    if variation(labels) > 0:\n");
            text.append("        values[f\"{prefix}_r2\"] = 1 - squared / variation(labels)\n");
        } else if (needsLabels()) {
            text.append(
                    "    total = math.fsum(variation(column) for column in zip(*labels)) / len(TARGETS)\n");
            text.append("    if total > 0:\n");
            text.append("        values[f\"{prefix}_r2\"] = 1 - squared / total\n");
        }
        text.append("    return values\n");
        return text.toString();
    }
}
