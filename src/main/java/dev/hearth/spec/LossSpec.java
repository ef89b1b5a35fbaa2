package dev.hearth.spec;

import java.util.List;
import java.util.Optional;

/**
 * What training minimises, with PyTorch's names, arguments and defaults. Shapes are {@code N} rows,
 * {@code K} targets, {@code C} classes.
 */
public sealed interface LossSpec {

    /** PyTorch's default of {@code ignore_index}: no class has it. */
    int IGNORE_NOTHING = -100;

    /** PyTorch's class name, which is also the value of {@code "type"}. */
    default String type() {
        return getClass().getSimpleName();
    }

    /** How the losses of a mini-batch become one number. */
    Reduction reduction();

    enum Reduction {
        MEAN,
        SUM,
        /** The sum divided by the rows: what {@code KLDivLoss} is in mathematics. */
        BATCHMEAN
    }

    /** Output and target {@code [N, K]} real numbers. */
    record MSELoss(Reduction reduction) implements LossSpec {}

    /** Output and target {@code [N, K]} real numbers. */
    record L1Loss(Reduction reduction) implements LossSpec {}

    /**
     * Output and target {@code [N, K]} real numbers.
     *
     * @param beta the difference from which on the loss is linear
     */
    record SmoothL1Loss(double beta, Reduction reduction) implements LossSpec {
        public SmoothL1Loss {
            require(beta >= 0, "beta", beta);
        }
    }

    /**
     * Output and target {@code [N, K]} real numbers.
     *
     * @param delta the difference from which on the loss is linear
     */
    record HuberLoss(double delta, Reduction reduction) implements LossSpec {
        public HuberLoss {
            require(delta > 0, "delta", delta);
        }
    }

    /**
     * Output {@code [N, K]} rates, target {@code [N, K]} counts.
     *
     * @param logInput whether the output is a rate's logarithm
     * @param full whether Stirling's approximation of ln y! is added
     * @param eps keeps ln 0 away where the output is the rate itself
     */
    record PoissonNLLLoss(boolean logInput, boolean full, double eps, Reduction reduction)
            implements LossSpec {
        public PoissonNLLLoss {
            require(eps >= 0, "eps", eps);
        }
    }

    /**
     * Output {@code [N, K]} logarithms of a distribution, target {@code [N, K]} a distribution.
     *
     * @param logTarget whether the target holds logarithms, too
     */
    record KLDivLoss(boolean logTarget, Reduction reduction) implements LossSpec {}

    /** Output {@code [N, K]} probabilities, target {@code [N, K]} 0 or 1. */
    record BCELoss(Reduction reduction) implements LossSpec {}

    /**
     * Output {@code [N, K]} logits, target {@code [N, K]} 0 or 1.
     *
     * @param posWeight what a 1 counts, for each target or for all
     */
    record BCEWithLogitsLoss(Optional<Weights> posWeight, Reduction reduction)
            implements LossSpec {}

    /**
     * Output {@code [N, K]} logits, target {@code [N, K]} 0 or 1.
     *
     * @param weight what each target counts
     */
    record MultiLabelSoftMarginLoss(Optional<Weights> weight, Reduction reduction)
            implements LossSpec {}

    /**
     * Output {@code [N, C]} logits, target {@code [N]} one of {@code C} classes.
     *
     * @param weight what each class counts
     * @param ignoreIndex the class whose rows count nothing
     * @param labelSmoothing the part of each target that is spread over all classes
     */
    record CrossEntropyLoss(
            Optional<Weights> weight, int ignoreIndex, double labelSmoothing, Reduction reduction)
            implements LossSpec {
        public CrossEntropyLoss {
            require(labelSmoothing >= 0 && labelSmoothing <= 1, "label_smoothing", labelSmoothing);
        }
    }

    /**
     * Output {@code [N, C]} logarithms of probabilities, target {@code [N]} one of {@code C}
     * classes.
     *
     * @param weight what each class counts
     * @param ignoreIndex the class whose rows count nothing
     */
    record NLLLoss(Optional<Weights> weight, int ignoreIndex, Reduction reduction)
            implements LossSpec {}

    /** Output {@code [N, 1]} distances, target {@code [N, 1]}: 1 for near and −1 for far. */
    record HingeEmbeddingLoss(double margin, Reduction reduction) implements LossSpec {
        public HingeEmbeddingLoss {
            require(Double.isFinite(margin), "margin", margin);
        }

        /** A smaller distance is near: there the losses of both classes are equal. */
        public double threshold() {
            return margin / 2;
        }
    }

    /** Output {@code [N, 2, D]} two vectors, target {@code [N]}: 1 for alike and −1 for not. */
    record CosineEmbeddingLoss(double margin, Reduction reduction) implements LossSpec {
        public CosineEmbeddingLoss {
            require(margin >= -1 && margin <= 1, "margin", margin);
        }

        /** A greater cosine is alike: there the losses of both classes are equal. */
        public double threshold() {
            return (1 + margin) / 2;
        }
    }

    private static void require(boolean holds, String name, double value) {
        if (!holds || !Double.isFinite(value)) {
            throw new IllegalArgumentException(name + " cannot be " + value);
        }
    }

    /** What a class, or a target, counts, where that was asked for. */
    default Optional<Weights> weights() {
        return switch (this) {
            case BCEWithLogitsLoss loss -> loss.posWeight();
            case MultiLabelSoftMarginLoss loss -> loss.weight();
            case CrossEntropyLoss loss -> loss.weight();
            case NLLLoss loss -> loss.weight();
            case MSELoss _,
                    L1Loss _,
                    SmoothL1Loss _,
                    HuberLoss _,
                    PoissonNLLLoss _,
                    KLDivLoss _,
                    BCELoss _,
                    HingeEmbeddingLoss _,
                    CosineEmbeddingLoss _ ->
                    Optional.empty();
        };
    }

    /** The same with other weights; itself where it has none. */
    default LossSpec withWeights(List<Double> values) {
        Optional<Weights> listed = Optional.of(new Weights.Listed(values));
        return switch (this) {
            case BCEWithLogitsLoss loss -> new BCEWithLogitsLoss(listed, loss.reduction());
            case MultiLabelSoftMarginLoss loss ->
                    new MultiLabelSoftMarginLoss(listed, loss.reduction());
            case CrossEntropyLoss loss ->
                    new CrossEntropyLoss(
                            listed, loss.ignoreIndex(), loss.labelSmoothing(), loss.reduction());
            case NLLLoss loss -> new NLLLoss(listed, loss.ignoreIndex(), loss.reduction());
            case MSELoss _,
                    L1Loss _,
                    SmoothL1Loss _,
                    HuberLoss _,
                    PoissonNLLLoss _,
                    KLDivLoss _,
                    BCELoss _,
                    HingeEmbeddingLoss _,
                    CosineEmbeddingLoss _ ->
                    this;
        };
    }

    /** The class whose rows count nothing, or {@link #IGNORE_NOTHING}. */
    default int ignored() {
        return switch (this) {
            case CrossEntropyLoss loss -> loss.ignoreIndex();
            case NLLLoss loss -> loss.ignoreIndex();
            case MSELoss _,
                    L1Loss _,
                    SmoothL1Loss _,
                    HuberLoss _,
                    PoissonNLLLoss _,
                    KLDivLoss _,
                    BCELoss _,
                    BCEWithLogitsLoss _,
                    MultiLabelSoftMarginLoss _,
                    HingeEmbeddingLoss _,
                    CosineEmbeddingLoss _ ->
                    IGNORE_NOTHING;
        };
    }

    /**
     * What the loss makes of the target columns.
     *
     * @param targets how many there are
     */
    default Task task(int targets) {
        return switch (this) {
            case MSELoss _, L1Loss _, SmoothL1Loss _, HuberLoss _, PoissonNLLLoss _ ->
                    Task.REGRESSION;
            case KLDivLoss _ -> Task.DISTRIBUTION;
            case BCELoss _, BCEWithLogitsLoss _, MultiLabelSoftMarginLoss _ ->
                    targets > 1 ? Task.MULTI_LABEL : Task.BINARY_CLASSIFICATION;
            case CrossEntropyLoss _, NLLLoss _ -> Task.CLASSIFICATION;
            case HingeEmbeddingLoss _, CosineEmbeddingLoss _ -> Task.SIMILARITY;
        };
    }

    /** How predictions are read from the model's output. */
    enum Task {
        /** A number for each target. */
        REGRESSION,
        /** The parts that the targets have in a whole. */
        DISTRIBUTION,
        /** The probability of the second of two classes. */
        BINARY_CLASSIFICATION,
        /** A probability for each class. */
        CLASSIFICATION,
        /** For each target the probability that it is so. */
        MULTI_LABEL,
        /** A distance, or a likeness, which tells one of two classes. */
        SIMILARITY;

        /** Whether each row has one class. */
        public boolean hasClasses() {
            return switch (this) {
                case BINARY_CLASSIFICATION, CLASSIFICATION, SIMILARITY -> true;
                case REGRESSION, DISTRIBUTION, MULTI_LABEL -> false;
            };
        }
    }
}
