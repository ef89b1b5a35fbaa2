package dev.hearth.spec;

import java.util.List;

/**
 * One module of a model, with PyTorch's names, arguments and defaults. Extents that can be inferred
 * may be left out; {@link ModelPlan} holds the resolved values. Each family has a file of its own.
 */
public sealed interface LayerSpec
        permits Projection,
                Activation,
                Convolution,
                Pooling,
                Normalization,
                Noise,
                Recurrent,
                Attention,
                Reshaping,
                LayerSpec.Sequential {

    /** PyTorch's class name, which is also the value of {@code "type"}. */
    default String type() {
        return getClass().getSimpleName();
    }

    /** How many tensors its {@code forward} takes. */
    default int inputs() {
        return 1;
    }

    /** Layers in order; a child's parameters are named by its index, as in PyTorch. */
    record Sequential(List<LayerSpec> layers) implements LayerSpec {
        public Sequential {
            layers = List.copyOf(layers);
        }
    }

    /** For the constructors of layers. */
    static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }
}
