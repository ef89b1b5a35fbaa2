package dev.hearth.torchscript;

import dev.hearth.spec.LossSpec;
import dev.hearth.spec.LossSpec.Reduction;
import dev.hearth.spec.Weights;
import dev.hearth.torchscript.ScriptModule.Attribute;
import dev.hearth.torchscript.ScriptModule.TensorValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Compiles a loss as {@code torch.nn.functional} computes it.
 *
 * @param weighted whether each row has a weight of its own
 */
record Losses(LossSpec loss, boolean weighted) {

    /** The attribute of the trainer that has the weights of classes or targets. */
    private static final String WEIGHTS = "loss_weights";

    /** PyTorch's numbers for reductions. */
    private static final int NONE = 0;

    private static final int MEAN = 1;
    private static final int SUM = 2;

    /** The smallest normal FLOAT32: what 0 / 0 is divided by where all weights are 0. */
    private static final double SMALLEST = 1.1754943508222875e-38;

    /** The weights of classes or targets, which belong to the trainer. */
    List<Attribute> attributes() {
        Optional<Weights> weights = loss.weights();
        if (weights.isEmpty()) {
            return List.of();
        }
        List<Double> values =
                switch (weights.get()) {
                    case Weights.Listed(List<Double> listed) -> listed;
                    case Weights.Named _, Weights.Balanced _ ->
                            throw new IllegalArgumentException(
                                    "weights are resolved before a loss is compiled");
                };
        float[] floats = new float[values.size()];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = values.get(i).floatValue();
        }
        return List.of(new Attribute(WEIGHTS, new TensorValue(TensorData.ofFloats(floats))));
    }

    private String weights() {
        return loss.weights().isPresent() ? "self." + WEIGHTS : "None";
    }

    /**
     * From a mini-batch's {@code out}, {@code y} and, if rows have weights, {@code w} to {@code
     * loss}.
     */
    List<String> lines() {
        if (weighted) {
            return weightedLines();
        }
        return switch (loss) {
            case LossSpec.MultiLabelSoftMarginLoss _ -> {
                var lines = new ArrayList<>(multiLabel());
                lines.add(
                        "loss = torch.%s(each)"
                                .formatted(loss.reduction() == Reduction.SUM ? "sum" : "mean"));
                yield lines;
            }
            case LossSpec.KLDivLoss _ when loss.reduction() == Reduction.BATCHMEAN ->
                    List.of("loss = torch.div(" + expression(SUM) + ", torch.size(out, 0))");
            case LossSpec.MSELoss _,
                    LossSpec.L1Loss _,
                    LossSpec.SmoothL1Loss _,
                    LossSpec.HuberLoss _,
                    LossSpec.PoissonNLLLoss _,
                    LossSpec.KLDivLoss _,
                    LossSpec.BCELoss _,
                    LossSpec.BCEWithLogitsLoss _,
                    LossSpec.CrossEntropyLoss _,
                    LossSpec.NLLLoss _,
                    LossSpec.HingeEmbeddingLoss _,
                    LossSpec.CosineEmbeddingLoss _ ->
                    List.of("loss = " + expression(loss.reduction() == Reduction.SUM ? SUM : MEAN));
        };
    }

    /**
     * Σ wᵢ lᵢ / Σ wᵢ; a row's weight is multiplied with its class' weight, and 0 if its class is
     * ignored, so that rows of weight 1 change nothing.
     */
    private List<String> weightedLines() {
        var lines = new ArrayList<String>();
        String divisor = "w";
        switch (loss) {
            case LossSpec.MultiLabelSoftMarginLoss _ -> lines.addAll(multiLabel());
            case LossSpec.CrossEntropyLoss _, LossSpec.NLLLoss _ -> {
                lines.add("each = " + expression(NONE));
                divisor = classWeights();
            }
            case LossSpec.CosineEmbeddingLoss _ -> lines.add("each = " + expression(NONE));
            case LossSpec.MSELoss _,
                    LossSpec.L1Loss _,
                    LossSpec.SmoothL1Loss _,
                    LossSpec.HuberLoss _,
                    LossSpec.PoissonNLLLoss _,
                    LossSpec.KLDivLoss _,
                    LossSpec.BCELoss _,
                    LossSpec.BCEWithLogitsLoss _,
                    LossSpec.HingeEmbeddingLoss _ ->
                    lines.add(
                            "each = torch.%s(%s, [1])"
                                    .formatted(
                                            loss.reduction() == Reduction.MEAN ? "mean" : "sum",
                                            expression(NONE)));
        }
        lines.add("total = torch.sum(torch.mul(each, w))");
        lines.add(
                loss.reduction() == Reduction.SUM
                        ? "loss = total"
                        : "loss = torch.div(total, torch.clamp_min(torch.sum(%s), %s))"
                                .formatted(divisor, SMALLEST));
        return lines;
    }

    private String classWeights() {
        String weight = "w";
        if (loss.weights().isPresent()) {
            weight = "torch.mul(%s, torch.index_select(%s, 0, y))".formatted(weight, weights());
        }
        if (ignores()) {
            weight = "torch.mul(%s, torch.ne(y, %d))".formatted(weight, loss.ignored());
        }
        return weight;
    }

    /** Whether rows of a class count nothing. */
    boolean ignores() {
        return loss.ignored() >= 0;
    }

    /**
     * {@code torch.nn.functional.multilabel_soft_margin_loss}, which is no operator: {@code [N]}.
     */
    private List<String> multiLabel() {
        var lines = new ArrayList<String>();
        lines.add(
                "each = torch.neg(torch.add(torch.mul(y, torch.log_sigmoid(out)),"
                        + " torch.mul(torch.rsub(y, 1), torch.log_sigmoid(torch.neg(out)))))");
        if (loss.weights().isPresent()) {
            lines.add("each = torch.mul(each, %s)".formatted(weights()));
        }
        lines.add("each = torch.div(torch.sum(each, [1]), torch.size(out, 1))");
        return lines;
    }

    private String expression(int reduction) {
        return switch (loss) {
            case LossSpec.MSELoss _ -> "torch.mse_loss(out, y, %d)".formatted(reduction);
            case LossSpec.L1Loss _ -> l1(reduction);
            case LossSpec.SmoothL1Loss(double beta, _) ->
                    beta == 0
                            ? l1(reduction)
                            : "torch.smooth_l1_loss(out, y, %d, %s)".formatted(reduction, beta);
            case LossSpec.HuberLoss(double delta, _) ->
                    "torch.huber_loss(out, y, %d, %s)".formatted(reduction, delta);
            case LossSpec.PoissonNLLLoss poisson ->
                    "torch.poisson_nll_loss(out, y, %s, %s, %s, %d)"
                            .formatted(
                                    literal(poisson.logInput()),
                                    literal(poisson.full()),
                                    poisson.eps(),
                                    reduction);
            case LossSpec.KLDivLoss(boolean logTarget, _) ->
                    "torch.kl_div(out, y, %d, log_target=%s)"
                            .formatted(reduction, literal(logTarget));
            case LossSpec.BCELoss _ ->
                    "torch.binary_cross_entropy(out, y, None, %d)".formatted(reduction);
            case LossSpec.BCEWithLogitsLoss _ ->
                    "torch.binary_cross_entropy_with_logits(out, y, None, %s, %d)"
                            .formatted(weights(), reduction);
            case LossSpec.CrossEntropyLoss entropy ->
                    "torch.cross_entropy_loss(out, y, %s, %d, %d, %s)"
                            .formatted(
                                    weights(),
                                    reduction,
                                    entropy.ignoreIndex(),
                                    entropy.labelSmoothing());
            case LossSpec.NLLLoss likelihood ->
                    "torch.nll_loss_nd(out, y, %s, %d, %d)"
                            .formatted(weights(), reduction, likelihood.ignoreIndex());
            case LossSpec.HingeEmbeddingLoss(double margin, _) ->
                    "torch.hinge_embedding_loss(out, y, %s, %d)".formatted(margin, reduction);
            case LossSpec.CosineEmbeddingLoss(double margin, _) ->
                    "torch.cosine_embedding_loss(torch.select(out, 1, 0), torch.select(out, 1, 1), y, %s, %d)"
                            .formatted(margin, reduction);
            case LossSpec.MultiLabelSoftMarginLoss _ ->
                    throw new IllegalArgumentException("no operator of PyTorch");
        };
    }

    private static String l1(int reduction) {
        return "torch.l1_loss(out, y, %d)".formatted(reduction);
    }

    private static String literal(boolean value) {
        return value ? "True" : "False";
    }
}
