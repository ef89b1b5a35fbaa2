package dev.hearth.spec;

/** What a parameter begins with: the functions of {@code torch.nn.init}, with their defaults. */
public sealed interface Initializer {

    /** PyTorch's name, which is also the value of {@code "type"}. */
    String type();

    /** Whether it needs at least two dimensions, whose extents say how wide its values spread. */
    default boolean needsMatrix() {
        return false;
    }

    /** What the layer's own construction draws. */
    record Default() implements Initializer {
        @Override
        public String type() {
            return "default";
        }
    }

    record Xavier(boolean normal, double gain) implements Initializer {
        @Override
        public String type() {
            return normal ? "xavier_normal_" : "xavier_uniform_";
        }

        @Override
        public boolean needsMatrix() {
            return true;
        }
    }

    /**
     * @param a the slope below 0 of {@code leaky_relu}
     */
    record Kaiming(boolean normal, double a, boolean fanOut, Nonlinearity nonlinearity)
            implements Initializer {
        @Override
        public String type() {
            return normal ? "kaiming_normal_" : "kaiming_uniform_";
        }

        @Override
        public boolean needsMatrix() {
            return true;
        }
    }

    record Uniform(double a, double b) implements Initializer {
        public Uniform {
            LayerSpec.require(a <= b, "a must be at most b");
        }

        @Override
        public String type() {
            return "uniform_";
        }
    }

    record Normal(double mean, double std) implements Initializer {
        public Normal {
            LayerSpec.require(std >= 0, "std must be at least 0");
        }

        @Override
        public String type() {
            return "normal_";
        }
    }

    /** Normal, with what is outside {@code [a, b]} drawn inside. */
    record TruncNormal(double mean, double std, double a, double b) implements Initializer {
        public TruncNormal {
            LayerSpec.require(std > 0, "std must be above 0");
            LayerSpec.require(a < b, "a must be below b");
        }

        @Override
        public String type() {
            return "trunc_normal_";
        }
    }

    record Zeros() implements Initializer {
        @Override
        public String type() {
            return "zeros_";
        }
    }

    record Ones() implements Initializer {
        @Override
        public String type() {
            return "ones_";
        }
    }

    record Constant(double val) implements Initializer {
        @Override
        public String type() {
            return "constant_";
        }
    }

    record Orthogonal(double gain) implements Initializer {
        @Override
        public String type() {
            return "orthogonal_";
        }

        @Override
        public boolean needsMatrix() {
            return true;
        }
    }

    /** What {@code calculate_gain} knows. */
    enum Nonlinearity {
        LINEAR("linear"),
        SIGMOID("sigmoid"),
        TANH("tanh"),
        RELU("relu"),
        LEAKY_RELU("leaky_relu"),
        SELU("selu");

        public final String word;

        Nonlinearity(String word) {
            this.word = word;
        }
    }
}
