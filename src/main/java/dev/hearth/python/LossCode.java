package dev.hearth.python;

import dev.hearth.python.Expression.Call;
import dev.hearth.python.Expression.Listing;
import dev.hearth.python.PythonFile.Import;
import dev.hearth.spec.LossSpec;
import dev.hearth.spec.LossSpec.Reduction;
import dev.hearth.spec.Weights;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Writes a loss and how its target is made.
 *
 * @param weighted whether each row has a weight
 * @param targets how many columns there are
 */
record LossCode(LossSpec loss, boolean weighted, int targets) {

    /**
     * The statement, in {@code main}, that makes {@code criterion}; empty where it is a function.
     */
    String statement() {
        return isFunction() ? "" : construct(loss.reduction()).laidOut("    criterion = ", "\n");
    }

    /** Writes {@code criterion(output, target)} or {@code criterion(output, target, weight)}. */
    void define(PythonFile file) {
        if (!isFunction()) {
            return;
        }
        boolean pair = loss instanceof LossSpec.CosineEmbeddingLoss;
        String arguments = pair ? "output[:, 0], output[:, 1], target" : "output, target";
        if (!weighted) {
            file.define(
                    "criterion",
                    """
                    def criterion(output, target):
                        \"""The loss of the two vectors in each row.\"""
                    """
                            + construct(loss.reduction()).laidOut("    compare = ", "\n")
                            + "    return compare(%s)\n".formatted(arguments));
            return;
        }
        boolean sum = loss.reduction() == Reduction.SUM;
        file.define(
                "criterion",
                """
                def criterion(output, target, weight):
                    \"""%s of the rows' losses by their weights.\"""
                """
                                .formatted(sum ? "The sum" : "The mean")
                        + construct(null).laidOut("    unreduced = ", "\n")
                        + "    each = unreduced(%s)%s\n".formatted(arguments, ofRow())
                        + (sum
                                ? "    return (each * weight).sum()\n"
                                : "    total = (each * weight).sum()\n"
                                        + "    return total / %s.sum().clamp_min(torch.finfo(torch.float32).tiny)\n"
                                                .formatted(divisor())));
    }

    private boolean isFunction() {
        return weighted || loss instanceof LossSpec.CosineEmbeddingLoss;
    }

    /** From the elements of a row to its loss. */
    private String ofRow() {
        return switch (loss) {
            case LossSpec.CrossEntropyLoss _,
                    LossSpec.NLLLoss _,
                    LossSpec.MultiLabelSoftMarginLoss _,
                    LossSpec.CosineEmbeddingLoss _ ->
                    "";
            case LossSpec.MSELoss _,
                    LossSpec.L1Loss _,
                    LossSpec.SmoothL1Loss _,
                    LossSpec.HuberLoss _,
                    LossSpec.PoissonNLLLoss _,
                    LossSpec.KLDivLoss _,
                    LossSpec.BCELoss _,
                    LossSpec.BCEWithLogitsLoss _,
                    LossSpec.HingeEmbeddingLoss _ ->
                    loss.reduction() == Reduction.MEAN ? ".mean(1)" : ".sum(1)";
        };
    }

    private String divisor() {
        if (loss.task(targets) != LossSpec.Task.CLASSIFICATION) {
            return "weight";
        }
        String divisor = "weight";
        if (loss.weights().isPresent()) {
            divisor += " * unreduced.weight[target]";
        }
        if (ignores()) {
            divisor += " * (target != %d)".formatted(loss.ignored());
        }
        return divisor.equals("weight") ? divisor : "(" + divisor + ")";
    }

    boolean ignores() {
        return loss.ignored() >= 0;
    }

    /**
     * @param reduction null for none
     */
    private Expression construct(@Nullable Reduction reduction) {
        Call call = Call.of("nn." + loss.type());
        Call own =
                switch (loss) {
                    case LossSpec.MSELoss _, LossSpec.L1Loss _, LossSpec.BCELoss _ -> call;
                    case LossSpec.SmoothL1Loss smooth -> call.unless(1.0, "beta", smooth.beta());
                    case LossSpec.HuberLoss huber -> call.unless(1.0, "delta", huber.delta());
                    case LossSpec.PoissonNLLLoss poisson ->
                            call.unless(true, "log_input", poisson.logInput())
                                    .unless(false, "full", poisson.full())
                                    .unless(1e-8, "eps", poisson.eps());
                    case LossSpec.KLDivLoss kl -> call.unless(false, "log_target", kl.logTarget());
                    case LossSpec.BCEWithLogitsLoss logits ->
                            weights(call, "pos_weight", logits.posWeight());
                    case LossSpec.MultiLabelSoftMarginLoss labels ->
                            weights(call, "weight", labels.weight());
                    case LossSpec.CrossEntropyLoss entropy ->
                            weights(call, "weight", entropy.weight())
                                    .unless(
                                            LossSpec.IGNORE_NOTHING,
                                            "ignore_index",
                                            entropy.ignoreIndex())
                                    .unless(0.0, "label_smoothing", entropy.labelSmoothing());
                    case LossSpec.NLLLoss likelihood ->
                            weights(call, "weight", likelihood.weight())
                                    .unless(
                                            LossSpec.IGNORE_NOTHING,
                                            "ignore_index",
                                            likelihood.ignoreIndex());
                    case LossSpec.HingeEmbeddingLoss hinge ->
                            call.unless(1.0, "margin", hinge.margin());
                    case LossSpec.CosineEmbeddingLoss cosine ->
                            call.unless(0.0, "margin", cosine.margin());
                };
        String name = reduction == null ? "none" : reduction.name().toLowerCase(Locale.ROOT);
        return name.equals("mean") ? own : own.with("reduction", Literal.of(name));
    }

    private static Call weights(Call call, String name, Optional<Weights> weights) {
        if (weights.isEmpty()) {
            return call;
        }
        List<Expression> values =
                switch (weights.get()) {
                    case Weights.Listed(List<Double> listed) ->
                            listed.stream().map(Expression::of).toList();
                    case Weights.Named _, Weights.Balanced _ ->
                            throw new IllegalArgumentException("weights are resolved before");
                };
        return call.with(name, Call.of("torch.tensor", new Listing(values)));
    }

    /** The targets as a tensor, of the list {@code labels}. */
    String tensor() {
        String floats = "torch.tensor(labels, dtype=torch.float32)";
        return switch (loss.task(targets)) {
            case CLASSIFICATION -> "torch.tensor(labels)";
            case SIMILARITY ->
                    "(2 * %s - 1)%s"
                            .formatted(
                                    floats,
                                    loss instanceof LossSpec.HingeEmbeddingLoss
                                            ? ".unsqueeze(1)"
                                            : "");
            case REGRESSION, DISTRIBUTION, BINARY_CLASSIFICATION, MULTI_LABEL ->
                    floats + (targets == 1 ? ".unsqueeze(1)" : "");
        };
    }

    /** Which rows say yes, of the tensor {@code output}. */
    String isSecond(PythonFile file) {
        return switch (loss) {
            case LossSpec.BCELoss _ -> "output > 0.5";
            case LossSpec.BCEWithLogitsLoss _, LossSpec.MultiLabelSoftMarginLoss _ -> "output > 0";
            case LossSpec.HingeEmbeddingLoss hinge -> "output < " + Literal.of(hinge.threshold());
            case LossSpec.CosineEmbeddingLoss cosine -> {
                file.require(Import.FUNCTIONAL);
                yield "F.cosine_similarity(output[:, 0], output[:, 1]) > "
                        + Literal.of(cosine.threshold());
            }
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

    /** From the model's output to probabilities, to values, or to a distance: what is appended. */
    static String activation(LossSpec loss) {
        return switch (loss) {
            case LossSpec.MSELoss _,
                    LossSpec.L1Loss _,
                    LossSpec.SmoothL1Loss _,
                    LossSpec.HuberLoss _,
                    LossSpec.BCELoss _,
                    LossSpec.HingeEmbeddingLoss _,
                    LossSpec.CosineEmbeddingLoss _ ->
                    "";
            case LossSpec.PoissonNLLLoss poisson -> poisson.logInput() ? ".exp()" : "";
            case LossSpec.KLDivLoss _, LossSpec.NLLLoss _ -> ".exp()";
            case LossSpec.BCEWithLogitsLoss _, LossSpec.MultiLabelSoftMarginLoss _ -> ".sigmoid()";
            case LossSpec.CrossEntropyLoss _ -> ".softmax(1)";
        };
    }
}
