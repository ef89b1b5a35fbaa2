package dev.hearth.python;

import dev.hearth.python.PythonFile.Import;
import dev.hearth.spec.LossSpec;
import dev.hearth.spec.LossSpec.Task;
import dev.hearth.spec.Metric;
import dev.hearth.spec.Metric.Plain;
import dev.hearth.spec.Objective;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes the metrics that need all held-out rows at once: {@code scores(output, target)}.
 *
 * @param outputs of the model: classes, or targets
 */
record ScoreCode(Objective objective, LossCode loss, long outputs) {

    private static final String FRACTION =
            """
            def fraction(part, whole):
                \"""A fraction of nothing is 0.\"""
                return torch.where(whole > 0, part / whole.clamp_min(1), 0)
            """;

    private static final String ROC_AUC =
            """
            def roc_auc(score, yes):
                \"""How often a row that is so has the greater score than one that is not.\"""
                _, place, counts = score.unique(return_inverse=True, return_counts=True)
                counts = counts.double()
                rank = (counts.cumsum(0) - (counts - 1) / 2)[place]
                so, not_so = yes.sum().item(), (~yes).sum().item()
                if so == 0 or not_so == 0:
                    return None
                return (rank[yes].sum().item() - so * (so + 1) / 2) / (so * not_so)
            """;

    /** Whether there are any. */
    boolean isNeeded() {
        return objective.measured().stream().anyMatch(metric -> isScore(metric));
    }

    private static boolean isScore(Metric metric) {
        return switch (metric) {
            case Metric.TopAccuracy _ -> true;
            case Plain plain ->
                    switch (plain) {
                        case ACCURACY, MAE, RMSE, R2 -> false;
                        case PRECISION,
                                RECALL,
                                F1,
                                PRECISION_MACRO,
                                RECALL_MACRO,
                                F1_MACRO,
                                PRECISION_MICRO,
                                RECALL_MICRO,
                                F1_MICRO,
                                ROC_AUC ->
                                true;
                    };
        };
    }

    private boolean isOfLabels() {
        return objective.task() == Task.MULTI_LABEL;
    }

    private boolean isOfClasses() {
        return objective.task() == Task.CLASSIFICATION;
    }

    /** Whether classes or labels are counted. */
    private boolean counts() {
        return objective.measured().stream()
                .anyMatch(metric ->
                        isScore(metric)
                                && metric != Plain.ROC_AUC
                                && !(metric instanceof Metric.TopAccuracy));
    }

    void define(PythonFile file) {
        if (counts()) {
            file.define("fraction", FRACTION);
        }
        if (objective.measured().contains(Plain.ROC_AUC)) {
            file.define("roc_auc", ROC_AUC);
        }
        var lines = new ArrayList<String>();
        lines.add("\"\"\"What is measured of all held-out rows at once.\"\"\"");
        lines.add("values = {}");
        if (loss.ignores()) {
            lines.add("counts = target != " + objective.loss().ignored());
            lines.add("output, target = output[counts], target[counts]");
        }
        if (counts()) {
            lines.addAll(tallies(file));
        }
        objective.measured().stream()
                .filter(ScoreCode::isScore)
                .forEach(metric -> lines.addAll(lines(metric, file)));
        lines.add("return values");
        file.define("scores", "def scores(output, target):\n" + String.join("\n", lines).indent(4));
    }

    private List<String> tallies(PythonFile file) {
        if (isOfLabels()) {
            return List.of(
                    "said, so = %s, target > 0.5".formatted(loss.isSecond(file)),
                    "of, said, both = (rows.sum(0).double() for rows in (so, said, so & said))");
        }
        return List.of(
                isOfClasses()
                        ? "said, so = output.argmax(1), target"
                        : "said, so = (%s).flatten().long(), (target > 0.5).flatten().long()"
                                .formatted(loss.isSecond(file)),
                "rows = so, said, so[said == so]",
                "of, said, both = (torch.bincount(each, minlength=%d).double() for each in rows)"
                        .formatted(isOfClasses() ? outputs : 2));
    }

    private List<String> lines(Metric metric, PythonFile file) {
        String name = Literal.of("validation_" + metric.wireName());
        return switch (metric) {
            case Metric.TopAccuracy(int k) -> top(k, name);
            case Plain plain ->
                    switch (plain) {
                        case PRECISION -> value(name, "fraction(both, said)[1]");
                        case RECALL -> value(name, "fraction(both, of)[1]");
                        case F1 -> value(name, "fraction(2 * both, said + of)[1]");
                        case PRECISION_MACRO -> value(name, macro("fraction(both, said)"));
                        case RECALL_MACRO -> value(name, macro("fraction(both, of)"));
                        case F1_MACRO -> value(name, macro("fraction(2 * both, said + of)"));
                        case PRECISION_MICRO -> value(name, "fraction(both.sum(), said.sum())");
                        case RECALL_MICRO -> value(name, "fraction(both.sum(), of.sum())");
                        case F1_MICRO ->
                                value(name, "fraction(2 * both.sum(), said.sum() + of.sum())");
                        case ROC_AUC -> area(name, file);
                        case ACCURACY, MAE, RMSE, R2 -> List.of();
                    };
        };
    }

    private static List<String> value(String name, String expression) {
        return List.of("values[%s] = %s.item()".formatted(name, expression));
    }

    /** Over labels, or over the classes that occur. */
    private String macro(String each) {
        return each + (isOfLabels() ? ".mean()" : "[of + said > 0].mean()");
    }

    /** Of equal outputs the first is the more probable, as for argmax. */
    private List<String> top(int k, String name) {
        return List.of(
                "own, index = output.gather(1, target[:, None]), torch.arange(%d)"
                        .formatted(outputs),
                "before = (output > own) | (output == own) & (index < target[:, None])",
                "values[%s] = (before.sum(1) < %d).double().mean().item()".formatted(name, k));
    }

    private List<String> area(String name, PythonFile file) {
        String areas =
                isOfClasses()
                        ? "[roc_auc(score[:, c], target == c) for c in range(%d)]"
                                .formatted(outputs)
                        : isOfLabels()
                                ? "[roc_auc(score[:, k], target[:, k] > 0.5) for k in range(%d)]"
                                        .formatted(outputs)
                                : "[roc_auc(score.flatten(), (target > 0.5).flatten())]";
        return List.of(
                "score = " + score(file),
                "areas = [area for area in %s if area is not None]".formatted(areas),
                "if areas:",
                "    values[%s] = sum(areas) / len(areas)".formatted(name));
    }

    /** The greater, the more is said for a class. */
    private String score(PythonFile file) {
        return switch (objective.loss()) {
            case LossSpec.HingeEmbeddingLoss _ -> "-output";
            case LossSpec.CosineEmbeddingLoss _ -> {
                file.require(Import.FUNCTIONAL);
                yield "F.cosine_similarity(output[:, 0], output[:, 1])";
            }
            case LossSpec other -> "output" + LossCode.activation(other);
        };
    }
}
