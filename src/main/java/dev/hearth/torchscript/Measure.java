package dev.hearth.torchscript;

import dev.hearth.spec.LossSpec;
import dev.hearth.spec.LossSpec.Reduction;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/**
 * What is measured of each mini-batch beside its loss, in training as well: few operations, each
 * with a scalar result.
 */
enum Measure {
    /** How many rows are right; of several labels, in all of them. */
    CORRECT,
    /** How many rows are of no ignored class. */
    COUNTED,
    /** The mean absolute error over rows and targets. */
    ABSOLUTE_ERROR,
    /** The mean squared error over rows and targets. */
    SQUARED_ERROR;

    /** The measures of a loss, as expressions over {@code out} and {@code y}. */
    static SequencedMap<Measure, String> of(Losses losses) {
        var measures = new LinkedHashMap<Measure, String>();
        LossSpec loss = losses.loss();
        switch (loss) {
            case LossSpec.CrossEntropyLoss _, LossSpec.NLLLoss _ -> {
                String right = "torch.eq(torch.argmax(out, 1), y)";
                String counted = "torch.ne(y, %d)".formatted(loss.ignored());
                if (losses.ignores()) {
                    measures.put(
                            CORRECT,
                            "torch.sum(torch.logical_and(%s, %s))".formatted(right, counted));
                    measures.put(COUNTED, "torch.sum(%s)".formatted(counted));
                } else {
                    measures.put(CORRECT, "torch.sum(%s)".formatted(right));
                }
            }
            case LossSpec.BCELoss _,
                    LossSpec.BCEWithLogitsLoss _,
                    LossSpec.MultiLabelSoftMarginLoss _,
                    LossSpec.HingeEmbeddingLoss _,
                    LossSpec.CosineEmbeddingLoss _ ->
                    measures.put(
                            CORRECT,
                            "torch.sum(torch.all(torch.eq(%s, %s), 1))"
                                    .formatted(Outputs.isSecond(loss), Outputs.wasSecond(loss)));
            case LossSpec.MSELoss _,
                    LossSpec.L1Loss _,
                    LossSpec.SmoothL1Loss _,
                    LossSpec.HuberLoss _,
                    LossSpec.PoissonNLLLoss _,
                    LossSpec.KLDivLoss _ -> {
                String both = Outputs.read(loss) + ", " + Outputs.target(loss);
                measures.put(ABSOLUTE_ERROR, "torch.l1_loss(%s)".formatted(both));
                if (!lossIsSquaredError(losses)) {
                    measures.put(SQUARED_ERROR, "torch.mse_loss(%s)".formatted(both));
                }
            }
        }
        return measures;
    }

    /** Then there is no need to compute it again. */
    static boolean lossIsSquaredError(Losses losses) {
        return losses.loss() instanceof LossSpec.MSELoss(Reduction reduction)
                && reduction == Reduction.MEAN
                && !losses.weighted();
    }
}
