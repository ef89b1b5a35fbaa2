package dev.hearth.torchscript;

import dev.hearth.spec.LossSpec;

/** Compiles how the model's output {@code out} and the target {@code y} are read. */
final class Outputs {

    private Outputs() {}

    /**
     * What the model says, as metrics compare it: {@code [N, C]} probabilities of classes, {@code
     * [N, K]} probabilities or values of targets, or {@code [N, 1]}, more for the second class.
     */
    static String read(LossSpec loss) {
        return switch (loss) {
            case LossSpec.MSELoss _,
                    LossSpec.L1Loss _,
                    LossSpec.SmoothL1Loss _,
                    LossSpec.HuberLoss _,
                    LossSpec.BCELoss _ ->
                    "out";
            case LossSpec.PoissonNLLLoss poisson -> poisson.logInput() ? "torch.exp(out)" : "out";
            case LossSpec.KLDivLoss _, LossSpec.NLLLoss _ -> "torch.exp(out)";
            case LossSpec.BCEWithLogitsLoss _, LossSpec.MultiLabelSoftMarginLoss _ ->
                    "torch.sigmoid(out)";
            case LossSpec.CrossEntropyLoss _ -> "torch.softmax(out, 1)";
            case LossSpec.HingeEmbeddingLoss _ -> "torch.neg(out)";
            case LossSpec.CosineEmbeddingLoss _ -> COSINE;
        };
    }

    /** Of two vectors {@code [N, 2, D]}: {@code [N, 1]}. */
    static final String COSINE =
            "torch.unsqueeze(torch.cosine_similarity(torch.select(out, 1, 0), torch.select(out, 1,"
                    + " 1), 1, 1e-08), 1)";

    /**
     * What a caller gets: as {@link #read}; for two classes that are told by a distance or a
     * likeness {@code [N, 2]}, that and the index of the class.
     */
    static String answer(LossSpec loss) {
        return switch (loss) {
            case LossSpec.HingeEmbeddingLoss _ ->
                    "torch.cat([out, torch.to(%s, 6)], 1)".formatted(isSecond(loss));
            case LossSpec.CosineEmbeddingLoss _ ->
                    "torch.cat([%s, torch.to(%s, 6)], 1)".formatted(COSINE, isSecond(loss));
            case LossSpec.MSELoss _,
                    LossSpec.L1Loss _,
                    LossSpec.SmoothL1Loss _,
                    LossSpec.HuberLoss _,
                    LossSpec.PoissonNLLLoss _,
                    LossSpec.KLDivLoss _,
                    LossSpec.BCELoss _,
                    LossSpec.BCEWithLogitsLoss _,
                    LossSpec.MultiLabelSoftMarginLoss _,
                    LossSpec.CrossEntropyLoss _,
                    LossSpec.NLLLoss _ ->
                    read(loss);
        };
    }

    /** For outputs {@code [N, K]}, which of them say yes. */
    static String isSecond(LossSpec loss) {
        return switch (loss) {
            case LossSpec.BCELoss _ -> "torch.gt(out, 0.5)";
            case LossSpec.BCEWithLogitsLoss _, LossSpec.MultiLabelSoftMarginLoss _ ->
                    "torch.gt(out, 0.)";
            case LossSpec.HingeEmbeddingLoss hinge -> "torch.lt(out, " + hinge.threshold() + ")";
            case LossSpec.CosineEmbeddingLoss cosine ->
                    "torch.gt(%s, %s)".formatted(COSINE, cosine.threshold());
            case LossSpec.MSELoss _,
                    LossSpec.L1Loss _,
                    LossSpec.SmoothL1Loss _,
                    LossSpec.HuberLoss _,
                    LossSpec.PoissonNLLLoss _,
                    LossSpec.KLDivLoss _,
                    LossSpec.CrossEntropyLoss _,
                    LossSpec.NLLLoss _ ->
                    throw new IllegalArgumentException(loss.type() + " is not of two classes");
        };
    }

    /** For targets of two classes {@code [N, K]}, which are the second; 0 and 1, or −1 and 1. */
    static String wasSecond(LossSpec loss) {
        return switch (loss) {
            case LossSpec.CosineEmbeddingLoss _ -> "torch.unsqueeze(torch.gt(y, 0.5), 1)";
            case LossSpec.BCELoss _,
                    LossSpec.BCEWithLogitsLoss _,
                    LossSpec.MultiLabelSoftMarginLoss _,
                    LossSpec.HingeEmbeddingLoss _ ->
                    "torch.gt(y, 0.5)";
            case LossSpec.MSELoss _,
                    LossSpec.L1Loss _,
                    LossSpec.SmoothL1Loss _,
                    LossSpec.HuberLoss _,
                    LossSpec.PoissonNLLLoss _,
                    LossSpec.KLDivLoss _,
                    LossSpec.CrossEntropyLoss _,
                    LossSpec.NLLLoss _ ->
                    throw new IllegalArgumentException(loss.type() + " is not of two classes");
        };
    }

    /** The target as {@link #read} has the output. */
    static String target(LossSpec loss) {
        return loss instanceof LossSpec.KLDivLoss kl && kl.logTarget() ? "torch.exp(y)" : "y";
    }
}
