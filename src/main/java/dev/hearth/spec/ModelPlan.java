package dev.hearth.spec;

import java.util.List;
import java.util.stream.Stream;

/**
 * A model whose shapes are all known: what the compiler compiles.
 *
 * @param input the shape of one sample
 * @param root the whole model, a {@link LayerSpec.Sequential} whose path is empty
 */
public record ModelPlan(Shape input, Layer root) {

    /**
     * A layer in its place.
     *
     * @param path PyTorch's module name, such as {@code 2.0}; empty for the root
     * @param spec with every inferred extent filled in
     * @param parameters this layer's own, in PyTorch's order of registration
     */
    public record Layer(
            String path,
            LayerSpec spec,
            Shape input,
            Shape output,
            List<Parameter> parameters,
            List<Layer> children) {
        public Layer {
            parameters = List.copyOf(parameters);
            children = List.copyOf(children);
        }

        /** This layer and all below it, parents first, in PyTorch's {@code modules()} order. */
        public Stream<Layer> walk() {
            return Stream.concat(Stream.of(this), children.stream().flatMap(Layer::walk));
        }
    }

    /**
     * A trainable tensor.
     *
     * @param name within its layer, such as {@code weight}
     */
    public record Parameter(String name, Shape shape) {}

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
