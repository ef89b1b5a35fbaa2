package dev.hearth.torchscript;

import dev.hearth.spec.LossSpec;

/** Compiles a loss, what is measured beside it, and how predictions are read from the output. */
final class Losses {

    private Losses() {}

    /** The loss as an expression over {@code out} and {@code y}, averaged over the mini-batch. */
    static String expression(LossSpec loss) {
        return switch (loss) {
            case LossSpec.MSELoss _ -> "torch.mse_loss(out, y)";
            case LossSpec.BCELoss _ -> "torch.binary_cross_entropy(out, y)";
            case LossSpec.BCEWithLogitsLoss _ -> "torch.binary_cross_entropy_with_logits(out, y)";
            case LossSpec.CrossEntropyLoss _ -> "torch.cross_entropy_loss(out, y)";
        };
    }

    /**
     * What is measured beside the loss, as a scalar expression over {@code out} and {@code y}: how
     * many rows are classified rightly, or the mean absolute error.
     */
    static String metric(LossSpec loss) {
        return switch (loss) {
            case LossSpec.MSELoss _ -> "torch.l1_loss(out, y)";
            case LossSpec.BCELoss _ -> "torch.sum(torch.eq(torch.gt(out, 0.5), torch.gt(y, 0.5)))";
            case LossSpec.BCEWithLogitsLoss _ ->
                    "torch.sum(torch.eq(torch.gt(out, 0.), torch.gt(y, 0.5)))";
            case LossSpec.CrossEntropyLoss _ -> "torch.sum(torch.eq(torch.argmax(out, 1), y))";
        };
    }

    /** From the output to what a caller reads: probabilities of classes, or the value itself. */
    static String activation(LossSpec loss) {
        return switch (loss) {
            case LossSpec.MSELoss _, LossSpec.BCELoss _ -> "out";
            case LossSpec.BCEWithLogitsLoss _ -> "torch.sigmoid(out)";
            case LossSpec.CrossEntropyLoss _ -> "torch.softmax(out, 1)";
        };
    }
}
