package dev.hearth.torchscript;

import dev.hearth.spec.LossSpec;
import java.util.List;

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
     * Sums over a mini-batch, each a scalar expression over {@code out} and {@code y}; their
     * meaning is that of {@link Sums}.
     */
    static List<String> sums(LossSpec loss) {
        return switch (loss) {
            case LossSpec.MSELoss _ ->
                    List.of(
                            "torch.sum(torch.abs(torch.sub(out, y)), dtype=7)",
                            "torch.sum(torch.square(torch.sub(out, y)), dtype=7)");
            case LossSpec.BCELoss _ ->
                    List.of("torch.sum(torch.eq(torch.gt(out, 0.5), torch.gt(y, 0.5)), dtype=7)");
            case LossSpec.BCEWithLogitsLoss _ ->
                    List.of("torch.sum(torch.eq(torch.gt(out, 0.), torch.gt(y, 0.5)), dtype=7)");
            case LossSpec.CrossEntropyLoss _ ->
                    List.of("torch.sum(torch.eq(torch.argmax(out, 1), y), dtype=7)");
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
