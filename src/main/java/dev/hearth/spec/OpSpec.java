package dev.hearth.spec;

import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * An operation on values, without parameters of its own, with PyTorch's names and arguments.
 * Dimensions count the batch dimension, as in PyTorch; shapes are those of one sample.
 */
public sealed interface OpSpec {

    /** PyTorch's name, which is also the value of {@code "op"}. */
    String op();

    /** The fewest inputs. */
    default int least() {
        return 1;
    }

    /** The most inputs. */
    default int most() {
        return least();
    }

    /** Of two values that broadcast, or of one and a number. */
    record Arithmetic(Operator operator, OptionalDouble value) implements OpSpec {
        public enum Operator {
            ADD,
            SUB,
            MUL,
            DIV,
            MAXIMUM,
            MINIMUM
        }

        @Override
        public String op() {
            return lower(operator);
        }

        @Override
        public int least() {
            return value.isPresent() ? 1 : 2;
        }
    }

    /** Of the last two dimensions; those before them broadcast. */
    record MatMul() implements OpSpec {
        @Override
        public String op() {
            return "matmul";
        }

        @Override
        public int least() {
            return 2;
        }
    }

    /** Puts values one behind the other along a dimension that they have. */
    record Cat(int dim) implements OpSpec {
        @Override
        public String op() {
            return "cat";
        }

        @Override
        public int most() {
            return Integer.MAX_VALUE;
        }
    }

    /** Puts values of one shape side by side along a new dimension. */
    record Stack(int dim) implements OpSpec {
        @Override
        public String op() {
            return "stack";
        }

        @Override
        public int most() {
            return Integer.MAX_VALUE;
        }
    }

    /** Makes one value of all those along some dimensions. */
    record Reduce(Reduction reduction, List<Integer> dims, boolean keepdim) implements OpSpec {
        public enum Reduction {
            MEAN,
            SUM,
            AMAX,
            AMIN,
            MAX,
            MIN;

            /** Whether PyTorch takes several dimensions at once. */
            boolean takesMany() {
                return this != MAX && this != MIN;
            }
        }

        public Reduce {
            dims = List.copyOf(dims);
        }

        @Override
        public String op() {
            return lower(reduction);
        }
    }

    record Flatten(int startDim, int endDim) implements OpSpec {
        @Override
        public String op() {
            return "flatten";
        }
    }

    /**
     * @param shape of one sample; one extent may be −1, for what is left
     */
    record Reshape(String op, List<Long> shape) implements OpSpec {
        public Reshape {
            shape = List.copyOf(shape);
        }
    }

    record Transpose(int dim0, int dim1) implements OpSpec {
        @Override
        public String op() {
            return "transpose";
        }
    }

    record Permute(List<Integer> dims) implements OpSpec {
        public Permute {
            dims = List.copyOf(dims);
        }

        @Override
        public String op() {
            return "permute";
        }
    }

    record Squeeze(int dim) implements OpSpec {
        @Override
        public String op() {
            return "squeeze";
        }
    }

    record Unsqueeze(int dim) implements OpSpec {
        @Override
        public String op() {
            return "unsqueeze";
        }
    }

    record Select(int dim, long index) implements OpSpec {
        @Override
        public String op() {
            return "select";
        }
    }

    record Narrow(int dim, long start, long length) implements OpSpec {
        @Override
        public String op() {
            return "narrow";
        }
    }

    /** Python's {@code x[start:end:step]} along a dimension. */
    record Slice(int dim, long start, OptionalLong end, long step) implements OpSpec {
        @Override
        public String op() {
            return "slice";
        }
    }

    /** One of the chunks that {@code torch.chunk} makes. */
    record Chunk(long chunks, int dim, long index) implements OpSpec {
        @Override
        public String op() {
            return "chunk";
        }
    }

    /** A function of each element, without arguments. */
    record Pointwise(Function function) implements OpSpec {
        public enum Function {
            ABS,
            NEG,
            EXP,
            LOG,
            SQRT,
            RSQRT,
            SQUARE,
            SIN,
            COS,
            RELU,
            RELU6,
            SIGMOID,
            TANH,
            SILU,
            MISH,
            SELU,
            HARDSIGMOID,
            HARDSWISH,
            LOGSIGMOID
        }

        @Override
        public String op() {
            return lower(function);
        }
    }

    record Pow(double exponent) implements OpSpec {
        @Override
        public String op() {
            return "pow";
        }
    }

    /** At least one bound. */
    record Clamp(OptionalDouble min, OptionalDouble max) implements OpSpec {
        @Override
        public String op() {
            return "clamp";
        }
    }

    /**
     * @param approximate {@code none} or {@code tanh}
     */
    record Gelu(String approximate) implements OpSpec {
        @Override
        public String op() {
            return "gelu";
        }
    }

    record LeakyRelu(double negativeSlope) implements OpSpec {
        @Override
        public String op() {
            return "leaky_relu";
        }
    }

    record Elu(double alpha) implements OpSpec {
        @Override
        public String op() {
            return "elu";
        }
    }

    record Softplus(double beta, double threshold) implements OpSpec {
        @Override
        public String op() {
            return "softplus";
        }
    }

    record Softmax(int dim) implements OpSpec {
        @Override
        public String op() {
            return "softmax";
        }
    }

    record LogSoftmax(int dim) implements OpSpec {
        @Override
        public String op() {
            return "log_softmax";
        }
    }

    /** Of query {@code [N, …, L, E]}, key {@code [N, …, S, E]} and value {@code [N, …, S, V]}. */
    record ScaledDotProductAttention(boolean isCausal) implements OpSpec {
        @Override
        public String op() {
            return "scaled_dot_product_attention";
        }

        @Override
        public int least() {
            return 3;
        }
    }

    /** Whether the result is its input seen otherwise, so that it takes no memory of its own. */
    default boolean isView() {
        return switch (this) {
            case Flatten _,
                    Reshape _,
                    Transpose _,
                    Permute _,
                    Squeeze _,
                    Unsqueeze _,
                    Select _,
                    Narrow _,
                    Slice _,
                    Chunk _ ->
                    true;
            case Arithmetic _,
                    MatMul _,
                    Cat _,
                    Stack _,
                    Reduce _,
                    Pointwise _,
                    Pow _,
                    Clamp _,
                    Gelu _,
                    LeakyRelu _,
                    Elu _,
                    Softplus _,
                    Softmax _,
                    LogSoftmax _,
                    ScaledDotProductAttention _ ->
                    false;
        };
    }

    private static String lower(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
