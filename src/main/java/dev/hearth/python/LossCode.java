package dev.hearth.python;

import dev.hearth.python.Expression.Call;
import dev.hearth.spec.LossSpec;

/** Writes a loss, what is measured beside it, and how the output is read. */
final class LossCode {

    private LossCode() {}

    static Expression criterion(LossSpec loss) {
        return switch (loss) {
            case LossSpec.MSELoss _ -> Call.of("nn.MSELoss");
            case LossSpec.BCELoss _ -> Call.of("nn.BCELoss");
            case LossSpec.BCEWithLogitsLoss _ -> Call.of("nn.BCEWithLogitsLoss");
            case LossSpec.CrossEntropyLoss _ -> Call.of("nn.CrossEntropyLoss");
        };
    }

    /** The targets as a tensor, of the list {@code labels}. */
    static String targets(LossSpec loss) {
        return switch (loss) {
            case LossSpec.CrossEntropyLoss _ -> "torch.tensor(labels)";
            case LossSpec.MSELoss _, LossSpec.BCELoss _, LossSpec.BCEWithLogitsLoss _ ->
                    "torch.tensor(labels, dtype=torch.float32).unsqueeze(1)";
        };
    }

    /** Of the rows of a mini-batch, those that are classified rightly. */
    private static String correct(LossSpec loss) {
        return switch (loss) {
            case LossSpec.CrossEntropyLoss _ -> "output.argmax(1) == target";
            case LossSpec.BCELoss _ -> "(output > 0.5) == (target > 0.5)";
            case LossSpec.BCEWithLogitsLoss _ -> "(output > 0) == (target > 0.5)";
            case LossSpec.MSELoss _ -> throw new IllegalArgumentException("not of classes");
        };
    }

    /** From the model's output to probabilities, or to the value itself. */
    static String activation(LossSpec loss) {
        return switch (loss) {
            case LossSpec.MSELoss _, LossSpec.BCELoss _ -> "";
            case LossSpec.BCEWithLogitsLoss _ -> ".sigmoid()";
            case LossSpec.CrossEntropyLoss _ -> ".softmax(1)";
        };
    }

    /** Defines {@code measure} and {@code metrics}. */
    static void defineMetrics(LossSpec loss, PythonFile file) {
        if (loss.task().hasClasses()) {
            file.define("measure", classMeasure(loss));
            file.define("metrics", CLASS_METRICS);
        } else {
            file.require(PythonFile.Import.MATH, PythonFile.Import.FUNCTIONAL);
            file.define("measure", VALUE_MEASURE);
            file.define("variation", VARIATION);
            file.define("metrics", VALUE_METRICS);
        }
    }

    private static String classMeasure(LossSpec loss) {
        return """
        def measure(output, target, loss):
            \"""Sums over the rows of a mini-batch: their number, loss and right answers.\"""
            rows = len(target)
            correct = (%s).sum().item()
            return torch.tensor([rows, loss.item() * rows, correct], dtype=torch.float64)
        """
                .formatted(correct(loss));
    }

    private static final String CLASS_METRICS =
            """
            def metrics(prefix, sums):
                rows, loss, correct = sums.tolist()
                return {f"{prefix}_loss": loss / rows, f"{prefix}_accuracy": correct / rows}
            """;

    private static final String VALUE_MEASURE =
            """
            def measure(output, target, loss):
                \"""Sums over the rows of a mini-batch: their number, squared and absolute error.\"""
                rows = len(target)
                squared, absolute = loss.item() * rows, F.l1_loss(output, target).item() * rows
                return torch.tensor([rows, squared, absolute], dtype=torch.float64)
            """;

    private static final String VARIATION =
            """
            def variation(values):
                \"""The sum of squared distances from the mean.\"""
                mean = math.fsum(values) / len(values)
                return math.fsum((value - mean) * (value - mean) for value in values)
            """;

    private static final String VALUE_METRICS =
            """
            def metrics(prefix, sums, labels):
                rows, squared, absolute = sums.tolist()
                values = {
                    f"{prefix}_loss": squared / rows,
                    f"{prefix}_mae": absolute / rows,
                    f"{prefix}_rmse": math.sqrt(squared / rows),
                }
                if variation(labels) > 0:
                    values[f"{prefix}_r2"] = 1 - squared / variation(labels)
                return values
            """;
}
