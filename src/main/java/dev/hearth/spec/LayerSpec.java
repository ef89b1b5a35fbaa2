package dev.hearth.spec;

import java.util.List;
import java.util.OptionalLong;

/**
 * One module of a model, with PyTorch's names, arguments and defaults. Extents that can be inferred
 * may be left out; {@link ModelPlan} holds the resolved values.
 */
public sealed interface LayerSpec {

    /** PyTorch's class name, which is also the value of {@code "type"}. */
    default String type() {
        return getClass().getSimpleName();
    }

    /** Input {@code [N, *, in_features]}, output {@code [N, *, out_features]}. */
    record Linear(OptionalLong inFeatures, long outFeatures, boolean bias) implements LayerSpec {
        public Linear {
            require(inFeatures.orElse(1) >= 1, "in_features must be at least 1");
            require(outFeatures >= 1, "out_features must be at least 1");
        }
    }

    record ReLU() implements LayerSpec {}

    record Sigmoid() implements LayerSpec {}

    record Tanh() implements LayerSpec {}

    /**
     * @param dim counts the batch dimension, as in PyTorch: 1 is the first dimension of a sample
     */
    record Softmax(int dim) implements LayerSpec {}

    /**
     * @param dim counts the batch dimension, as in PyTorch: 1 is the first dimension of a sample
     */
    record LogSoftmax(int dim) implements LayerSpec {}

    /** Zeroes each element with probability {@code p} in training; the identity otherwise. */
    record Dropout(double p) implements LayerSpec {
        public Dropout {
            require(p >= 0 && p < 1, "p must be at least 0 and below 1");
        }
    }

    /** Both ends count the batch dimension, as in PyTorch; negative values count from the end. */
    record Flatten(int startDim, int endDim) implements LayerSpec {}

    /** Layers in order; a child's parameters are named by its index, as in PyTorch. */
    record Sequential(List<LayerSpec> layers) implements LayerSpec {
        public Sequential {
            layers = List.copyOf(layers);
        }
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }
}
