package dev.hearth.python;

import dev.hearth.spec.Encoding;
import dev.hearth.spec.TrainingSpec.Preprocessing;

/**
 * Writes how columns become inputs, and how what that takes is learned from the training rows, just
 * as a run does it: {@code number}, {@code standardize} and {@code encode}, as far as they are
 * needed.
 */
final class LearningColumns {

    private static final String STANDARDIZE =
            """
            def standardize(column, training):
                \"""Mean 0 and standard deviation 1 over the training rows.\"""
                values = column[training].tolist()
                mean = math.fsum(values) / len(values)
                squares = math.fsum((value - mean) * (value - mean) for value in values)
                std = math.sqrt(squares / len(values))
                return (column - mean) / (std or 1.0)
            """;

    private LearningColumns() {}

    /** How the cell {@code row[name]} becomes a number. */
    static String cell(Columns columns, Preprocessing preprocessing, PythonFile file) {
        boolean isFilled = columns.areFilled(preprocessing);
        if (columns.areNumbers() && !isFilled) {
            return "float(row[name])";
        }
        var source = new StringBuilder();
        source.append("def number(name, text):\n");
        source.append(
                "    \"\"\"A cell as a number: a category's is its index, and false is 0.\"\"\"\n");
        if (isFilled) {
            source.append("    if name in FILLS and not text.strip():\n");
            source.append("        return math.nan\n");
        }
        if (columns.haveCategories()) {
            source.append("    if name in CATEGORIES:\n");
            source.append("        return CATEGORIES[name].index(text)\n");
        }
        if (columns.have(Encoding.Flag.class)) {
            source.append("    if name in FLAGS:\n");
            source.append("        return text.strip().lower() == \"true\"\n");
        }
        if (columns.have(Encoding.Standardized.class)
                || columns.have(Encoding.Scaled.class)
                || columns.have(Encoding.Numeric.class)) {
            source.append("    return float(text)\n");
        }
        file.define("number", source.toString());
        return "number(name, row[name])";
    }

    /** The statement that fills missing values of {@code raw}, where there may be such. */
    static String fill(Columns columns, Preprocessing preprocessing, PythonFile file) {
        if (!columns.areFilled(preprocessing)) {
            return "";
        }
        FillCode.defineLearning(columns, preprocessing, file);
        return "raw = fill(raw, training)\n";
    }

    /** How {@code raw} {@code [N, columns]} becomes the inputs {@code [N, width]}. */
    static String inputs(Columns columns, Preprocessing preprocessing, PythonFile file) {
        boolean standardized = columns.have(Encoding.Standardized.class);
        if (standardized) {
            file.require(PythonFile.Import.MATH);
            file.define("standardize", STANDARDIZE);
        }
        if (columns.areAll(Encoding.Standardized.class)) {
            return "torch.stack([standardize(column, training) for column in raw.T], 1).float()";
        }
        boolean scaled = columns.have(Encoding.Scaled.class);
        if (scaled) {
            StepCode.defineLearning(columns, preprocessing, file);
        }
        if (!standardized && !scaled && !columns.have(Encoding.OneHot.class)) {
            return "raw.float()";
        }
        file.define(
                "encode",
                """
                def encode(raw, training):
                    \"""The model's inputs [N, %d]; what it takes is learned from the training rows.\"""
                    inputs = []
                    for name, column in zip(FEATURES, raw.T):
                """
                                .formatted(columns.width())
                        + columnCases(columns).lines(8)
                        + "    return torch.stack(inputs, 1).float()\n");
        return "encode(raw, training)";
    }

    private static Branches columnCases(Columns columns) {
        var cases = new Branches();
        if (columns.have(Encoding.Ordinal.class)) {
            cases.when(columns.isOrdinal(), "inputs.append(column)");
        }
        if (columns.have(Encoding.OneHot.class)) {
            cases.when(
                    "name in CATEGORIES",
                    "inputs += [(column == i).double() for i in range(len(CATEGORIES[name]))]");
        }
        if (columns.have(Encoding.Flag.class)) {
            cases.when("name in FLAGS", "inputs.append(column)");
        }
        if (columns.have(Encoding.Scaled.class)) {
            cases.when("name in STEPS", "inputs.append(scale(column, training, STEPS[name]))");
        }
        if (columns.have(Encoding.Numeric.class)) {
            cases.when("True", "inputs.append(column)");
        }
        if (columns.have(Encoding.Standardized.class)) {
            cases.when("True", "inputs.append(standardize(column, training))");
        }
        return cases;
    }
}
