package dev.hearth.run;

import dev.hearth.dataset.Table;
import dev.hearth.dataset.Values;
import dev.hearth.spec.LossSpec;
import dev.hearth.spec.SpecErrors;
import dev.hearth.spec.TrainingSpec;
import java.util.function.LongFunction;

/**
 * Whether the values of targets and weights are such that a loss can use them. Rows are counted
 * from 1, as people do.
 */
record TargetCheck(TrainingSpec spec, Table table, Targets targets, SpecErrors errors) {

    /** How far parts may be from adding up to 1, since files have few digits. */
    private static final double TOLERANCE = 1e-3;

    void check() {
        switch (spec.loss()) {
            case LossSpec.PoissonNLLLoss _ -> checkRows("/target", this::notACount);
            case LossSpec.KLDivLoss kl ->
                    checkRows("/target", row -> notADistribution(row, kl.logTarget()));
            case LossSpec.MSELoss _,
                    LossSpec.L1Loss _,
                    LossSpec.SmoothL1Loss _,
                    LossSpec.HuberLoss _,
                    LossSpec.BCELoss _,
                    LossSpec.BCEWithLogitsLoss _,
                    LossSpec.MultiLabelSoftMarginLoss _,
                    LossSpec.CrossEntropyLoss _,
                    LossSpec.NLLLoss _,
                    LossSpec.HingeEmbeddingLoss _,
                    LossSpec.CosineEmbeddingLoss _ -> {}
        }
        spec.objective()
                .sampleWeight()
                .ifPresent(column -> {
                    Values values = table.values(column);
                    checkRows("/sample_weight", row -> notAWeight(values.at(row)));
                });
    }

    /** Adds an error that names the first bad row and says how many there are. */
    private void checkRows(String pointer, LongFunction<String> problem) {
        long bad = 0;
        String first = "";
        for (long row = 0; row < table.rows(); row++) {
            String found = problem.apply(row);
            if (!found.isEmpty()) {
                first = bad == 0 ? "row %d %s".formatted(row + 1, found) : first;
                bad++;
            }
        }
        if (bad > 0) {
            errors.add(
                    pointer, bad == 1 ? first : "%s (and %d more rows)".formatted(first, bad - 1));
        }
    }

    private String notACount(long row) {
        for (TargetValues column : targets.columns()) {
            double value = column.values().at(row);
            if (value < 0) {
                return "of column '%s' is %s; PoissonNLLLoss needs counts of at least 0"
                        .formatted(column.name(), value);
            }
        }
        return "";
    }

    private String notADistribution(long row, boolean logarithms) {
        double sum = 0;
        for (TargetValues column : targets.columns()) {
            double value = column.values().at(row);
            double part = logarithms ? Math.exp(value) : value;
            if (part < 0) {
                return "of column '%s' is %s; KLDivLoss needs parts of at least 0"
                        .formatted(column.name(), value);
            }
            sum += part;
        }
        return Math.abs(sum - 1) <= TOLERANCE
                ? ""
                : "adds up to %s; KLDivLoss needs targets whose %s add up to 1 in each row"
                        .formatted(sum, logarithms ? "exponentials" : "parts");
    }

    private static String notAWeight(double value) {
        return value >= 0
                ? ""
                : "is %s; a weight is at least 0, which leaves the row out".formatted(value);
    }
}
