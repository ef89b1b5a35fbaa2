package dev.hearth.spec;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A model whose shapes are all known: what the compiler compiles.
 *
 * @param input the shape of one sample
 * @param inputs the parts of a sample that the model names, in the order of its {@code forward};
 *     empty for a {@link LayerSpec.Sequential}, which takes the whole
 * @param root the whole model, whose path is empty
 * @param activationElements what one sample makes: its input and the output of every layer and node
 *     that takes memory of its own, each as often as it is called
 */
public record ModelPlan(Shape input, List<Input> inputs, Layer root, long activationElements) {

    private static final long MOST_EVALUATED_ELEMENTS = 1L << 28;

    public ModelPlan {
        inputs = List.copyOf(inputs);
    }

    /** How many rows are evaluated at once at most, so that what they make stays within 1 GB. */
    public long evaluationRows() {
        return Math.max(1, MOST_EVALUATED_ELEMENTS / activationElements);
    }

    /**
     * A part of a sample.
     *
     * @param ranges which of its values, one behind the other; empty for the whole as it is
     */
    public record Input(String name, Shape shape, List<Range> ranges) {
        public Input {
            ranges = List.copyOf(ranges);
        }
    }

    /**
     * @param begin of the first value, from 0
     * @param end the one after the last
     */
    public record Range(long begin, long end) {}

    /**
     * A layer in its place.
     *
     * @param path PyTorch's module name, such as {@code 2.0}; empty for the root
     * @param spec with every inferred extent filled in
     * @param inputs of one sample, where it is called first
     * @param output of one sample, where it is called first
     * @param parameters this layer's own, in PyTorch's order of registration
     * @param init what its own parameters begin with
     * @param values what the nodes of a {@link LayerSpec.Module} come to, in their order
     */
    public record Layer(
            String path,
            LayerSpec spec,
            List<Shape> inputs,
            Shape output,
            List<Parameter> parameters,
            List<Layer> children,
            List<Value> values,
            Initialization init) {
        public Layer {
            inputs = List.copyOf(inputs);
            parameters = List.copyOf(parameters);
            children = List.copyOf(children);
            values = List.copyOf(values);
        }

        public Layer(
                String path,
                LayerSpec spec,
                Shape input,
                Shape output,
                List<Parameter> parameters,
                List<Layer> children) {
            this(path, spec, List.of(input), output, parameters, children, List.of());
        }

        public Layer(
                String path,
                LayerSpec spec,
                List<Shape> inputs,
                Shape output,
                List<Parameter> parameters,
                List<Layer> children,
                List<Value> values) {
            this(path, spec, inputs, output, parameters, children, values, Initialization.NONE);
        }

        /** Which of its parameters begin with something else than PyTorch's default. */
        public Map<Parameter, Initializer> initializers() {
            return init.of(parameters);
        }

        /** Of one sample; the first where there are several. */
        public Shape input() {
            return inputs.getFirst();
        }

        /** What this layer keeps beside its parameters, in PyTorch's order. */
        public List<Buffer> buffers() {
            return spec instanceof Normalization normalization
                    ? normalization.buffers()
                    : List.of();
        }

        /** This layer and all below it, parents first, in PyTorch's {@code modules()} order. */
        public Stream<Layer> walk() {
            return Stream.concat(Stream.of(this), children.stream().flatMap(Layer::walk));
        }
    }

    /**
     * A trainable tensor.
     *
     * @param name within its layer, such as {@code weight} or {@code self_attn.in_proj_weight}
     */
    public record Parameter(String name, Shape shape) {}

    /** A tensor that is part of the state and is not trained. */
    public record Buffer(String name, Shape shape, Kind kind) {

        /** Its type, and what it begins with. */
        public enum Kind {
            /** FLOAT32. */
            ZEROS,
            /** FLOAT32. */
            ONES,
            /** INT64, from 0. */
            COUNTER
        }
    }

    /** What a node comes to. */
    public record Value(Graph.Node node, Shape shape) {}

    public Shape output() {
        return root.output();
    }

    public Stream<Layer> layers() {
        return root.walk();
    }

    /** As in a {@code state_dict}, in PyTorch's order. */
    public List<String> parameterNames() {
        return layers().flatMap(layer ->
                        layer.parameters().stream()
                                .map(parameter ->
                                        layer.path().isEmpty()
                                                ? parameter.name()
                                                : layer.path() + "." + parameter.name()))
                .toList();
    }

    public long parameterCount() {
        return layers().flatMap(layer -> layer.parameters().stream())
                .mapToLong(parameter -> parameter.shape().elements())
                .reduce(0, Math::addExact);
    }
}
