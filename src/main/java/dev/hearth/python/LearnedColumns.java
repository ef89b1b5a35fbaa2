package dev.hearth.python;

import dev.hearth.python.Expression.Dictionary;
import dev.hearth.python.Expression.Entry;
import dev.hearth.spec.Encoding;
import java.util.List;

/** Writes how a row becomes inputs, with what a run has learned: {@code encode(row)}. */
final class LearnedColumns {

    private static final String SCALES =
            "Column: mean and standard deviation of the training rows.";

    private LearnedColumns() {}

    static void define(Encoding encoding, PythonFile file) {
        Columns columns = Columns.of(encoding);
        List<Entry> scales = columns.scales();
        if (columns.areAll(Encoding.Standardized.class)) {
            file.remark(SCALES);
            file.constant("FEATURES", new Dictionary(scales));
            file.define(
                    "encode",
                    """
                    def encode(row):
                        \"""The model's inputs for a row, a dictionary by column name.\"""
                    %s    return [(float(row[name]) - mean) / std for name, (mean, std) in FEATURES.items()]
                    """
                            .formatted(fill(encoding, file)));
            return;
        }
        columns.writeNames(file);
        if (!scales.isEmpty()) {
            file.remark(SCALES);
            file.constant("SCALES", new Dictionary(scales));
        }
        if (columns.have(Encoding.Scaled.class)) {
            StepCode.defineLearned(columns, file);
        }
        file.define("encode", encode(columns, fill(encoding, file)));
    }

    /** The statement that fills a row's empty cells, where they may be. */
    private static String fill(Encoding encoding, PythonFile file) {
        if (encoding.fills().isEmpty()) {
            return "";
        }
        FillCode.defineLearned(encoding.fillCells(), file);
        return "    row = filled(row)\n";
    }

    private static String encode(Columns columns, String fill) {
        if (columns.areAll(Encoding.Numeric.class)) {
            return """
            def encode(row):
                \"""The model's inputs for a row, a dictionary by column name.\"""
            %s    return [float(row[name]) for name in FEATURES]
            """
                    .formatted(fill);
        }
        return """
        def encode(row):
            \"""The model's inputs for a row, a dictionary by column name.\"""
        %s    inputs = []
            for name in FEATURES:
        """
                        .formatted(fill)
                + cases(columns).lines(8)
                + "    return inputs\n";
    }

    private static Branches cases(Columns columns) {
        var cases = new Branches();
        if (columns.have(Encoding.Ordinal.class)) {
            cases.when(
                    columns.isOrdinal(), "inputs.append(float(CATEGORIES[name].index(row[name])))");
        }
        if (columns.have(Encoding.OneHot.class)) {
            cases.when(
                    "name in CATEGORIES",
                    """
                    category = CATEGORIES[name].index(row[name])
                    inputs += [float(i == category) for i in range(len(CATEGORIES[name]))]
                    """);
        }
        if (columns.have(Encoding.Flag.class)) {
            cases.when(
                    "name in FLAGS", "inputs.append(float(row[name].strip().lower() == \"true\"))");
        }
        if (columns.have(Encoding.Scaled.class)) {
            cases.when("name in STEPS", "inputs.append(scale(float(row[name]), STEPS[name]))");
        }
        if (columns.have(Encoding.Standardized.class)) {
            cases.when(
                    "name in SCALES",
                    """
                    mean, std = SCALES[name]
                    inputs.append((float(row[name]) - mean) / std)
                    """);
        }
        if (columns.have(Encoding.Numeric.class)) {
            cases.when("True", "inputs.append(float(row[name]))");
        }
        return cases;
    }
}
