package dev.hearth.python;

import dev.hearth.python.Expression.Dictionary;
import dev.hearth.python.Expression.Entry;
import dev.hearth.python.Expression.Listing;
import dev.hearth.python.Expression.Text;
import dev.hearth.python.PythonFile.Import;
import dev.hearth.spec.ColumnStep;
import dev.hearth.spec.Encoding;
import dev.hearth.spec.LearnedStep;
import dev.hearth.spec.TrainingSpec.Preprocessing;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes the steps that columns go through: {@code STEPS} with their numbers, and {@code scale}.
 */
final class StepCode {

    private StepCode() {}

    /** {@code scale(value, steps)} with what a run has learned. */
    static void defineLearned(Columns columns, PythonFile file) {
        var entries = new ArrayList<Entry>();
        for (Encoding.Feature feature : columns.features()) {
            if (feature instanceof Encoding.Scaled(String column, List<LearnedStep> steps)) {
                entries.add(entry(column, steps.stream().map(StepCode::learned).toList()));
            }
        }
        file.require(Import.MATH);
        file.remark("Column: its steps, with what they learned from the training rows.");
        file.constant("STEPS", new Dictionary(entries));
        file.define(
                "scale",
                """
                def scale(value, steps):
                    \"""The number after its column's steps.\"""
                    for step, *numbers in steps:
                        if step == "Log1p":
                            value = math.log1p(value)
                        elif step == "Clip":
                            value = min(max(value, numbers[0]), numbers[1])
                        elif step == "MinMaxScaler":
                            value = value * numbers[0] + numbers[1]
                        else:
                            value = (value - numbers[0]) / numbers[1]
                    return value
                """);
    }

    /** {@code scale(column, training, steps)}, which learns as a run does. */
    static void defineLearning(Columns columns, Preprocessing preprocessing, PythonFile file) {
        var entries = new ArrayList<Entry>();
        for (Encoding.Feature feature : columns.features()) {
            if (feature instanceof Encoding.Scaled) {
                List<ColumnStep> steps = preprocessing.steps(feature.column()).orElseThrow();
                entries.add(entry(feature.column(), steps.stream().map(StepCode::given).toList()));
            }
        }
        file.require(Import.MATH);
        file.remark("Column: its steps, with their arguments.");
        file.constant("STEPS", new Dictionary(entries));
        file.define(
                "quantile",
                """
                def quantile(values, percent):
                    \"""Of ascending values, on the line between both neighbours.\"""
                    place = percent / 100 * (len(values) - 1)
                    below = math.floor(place)
                    if below >= len(values) - 1:
                        return values[-1]
                    fraction, difference = place - below, values[below + 1] - values[below]
                    if fraction >= 0.5:
                        return values[below + 1] - difference * (1 - fraction)
                    return values[below] + difference * fraction
                """);
        file.define(
                "span",
                """
                def span(value):
                    \"""What to divide by: 1 for a constant column.\"""
                    return 1.0 if value < 10 * 2.0**-52 else value
                """);
        file.define(
                "scale",
                """
                def scale(column, training, steps):
                    \"""The column after its steps; what they take is learned from the training rows.\"""
                    for step, *arguments in steps:
                        values = sorted(column[training].tolist())
                        if step == "Log1p":
                            column = torch.log1p(column)
                        elif step == "Clip":
                            column = column.clamp(*arguments)
                        elif step == "MinMaxScaler":
                            low, high = arguments
                            factor = (high - low) / span(values[-1] - values[0])
                            column = column * factor + (low - values[0] * factor)
                        elif step == "RobustScaler":
                            centers, scales, low, high = arguments
                            middle = (values[(len(values) - 1) // 2] + values[len(values) // 2]) / 2
                            width = span(quantile(values, high) - quantile(values, low))
                            column = (column - (middle if centers else 0)) / (width if scales else 1)
                        else:
                            centers, scales = arguments
                            mean = math.fsum(values) / len(values)
                            squares = math.fsum((value - mean) * (value - mean) for value in values)
                            std = math.sqrt(squares / len(values)) or 1.0
                            column = (column - (mean if centers else 0)) / (std if scales else 1)
                    return column
                """);
    }

    private static Entry entry(String column, List<Expression> steps) {
        return new Entry(new Text(Literal.of(column)), new Listing(steps));
    }

    private static Expression learned(LearnedStep step) {
        return switch (step) {
            case LearnedStep.Standard(double mean, double scale) ->
                    list("StandardScaler", mean, scale);
            case LearnedStep.MinMax(double scale, double min) -> list("MinMaxScaler", scale, min);
            case LearnedStep.Robust(double center, double scale) ->
                    list("RobustScaler", center, scale);
            case LearnedStep.Log1p _ -> list("Log1p");
            case LearnedStep.Clip(double min, double max) -> list("Clip", min, max);
        };
    }

    private static Expression given(ColumnStep step) {
        return switch (step) {
            case ColumnStep.StandardScaler(boolean centers, boolean scales) ->
                    list("StandardScaler", centers, scales);
            case ColumnStep.MinMaxScaler(double low, double high) ->
                    list("MinMaxScaler", low, high);
            case ColumnStep.RobustScaler(
                            boolean centers,
                            boolean scales,
                            double low,
                            double high) ->
                    list("RobustScaler", centers, scales, low, high);
            case ColumnStep.Log1p _ -> list("Log1p");
            case ColumnStep.Clip(double min, double max) -> list("Clip", min, max);
            case ColumnStep.OneHot _, ColumnStep.Ordinal _ ->
                    throw new IllegalStateException(step + " is a feature of its own");
        };
    }

    private static Expression list(String name, Object... numbers) {
        var elements = new ArrayList<Expression>();
        elements.add(new Text(Literal.of(name)));
        for (Object number : numbers) {
            elements.add(Expression.of(number));
        }
        return new Listing(elements);
    }
}
