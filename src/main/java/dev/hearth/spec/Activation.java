package dev.hearth.spec;

/** A function of each element, or of each slice along a dimension; the shape stays the same. */
public sealed interface Activation extends LayerSpec {

    record ReLU() implements Activation {}

    record ReLU6() implements Activation {}

    record LeakyReLU(double negativeSlope) implements Activation {}

    /**
     * Parameter {@code weight} {@code [num_parameters]}: one for all, or one for each channel, the
     * first dimension of a sample.
     */
    record PReLU(long numParameters, double init) implements Activation {}

    record ELU(double alpha) implements Activation {}

    record SELU() implements Activation {}

    record CELU(double alpha) implements Activation {
        public CELU {
            if (alpha == 0) {
                throw new IllegalArgumentException("alpha must not be 0");
            }
        }
    }

    record GELU(boolean tanhApproximation) implements Activation {}

    record SiLU() implements Activation {}

    record Mish() implements Activation {}

    record Sigmoid() implements Activation {}

    record Tanh() implements Activation {}

    record Hardtanh(double minVal, double maxVal) implements Activation {
        public Hardtanh {
            if (!(minVal < maxVal)) {
                throw new IllegalArgumentException("min_val must be below max_val");
            }
        }
    }

    record Hardswish() implements Activation {}

    record Softplus(double beta, double threshold) implements Activation {}

    record Softsign() implements Activation {}

    record LogSigmoid() implements Activation {}

    /**
     * @param dim counts the batch dimension, as in PyTorch: 1 is the first dimension of a sample
     */
    record Softmax(int dim) implements Activation {}

    /**
     * @param dim counts the batch dimension, as in PyTorch: 1 is the first dimension of a sample
     */
    record LogSoftmax(int dim) implements Activation {}
}
