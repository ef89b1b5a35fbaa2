package dev.hearth.torchscript;

import dev.hearth.spec.ModelPlan;
import dev.hearth.spec.ModelPlan.Buffer;
import dev.hearth.spec.Shape;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One of the tensors that a {@code state_dict} lists.
 *
 * @param local its name within the layer
 * @param buffer empty for a parameter
 */
record StateTensor(ModelPlan.Layer layer, String local, Shape shape, Optional<Buffer.Kind> buffer) {

    /** All of a model, in PyTorch's order: each layer's parameters, then its buffers. */
    static List<StateTensor> of(ModelPlan plan) {
        return plan.layers().flatMap(StateTensor::of).toList();
    }

    static Stream<StateTensor> of(ModelPlan.Layer layer) {
        return Stream.concat(
                layer.parameters().stream()
                        .map(p -> new StateTensor(layer, p.name(), p.shape(), Optional.empty())),
                layer.buffers().stream()
                        .map(b ->
                                new StateTensor(
                                        layer, b.name(), b.shape(), Optional.of(b.kind()))));
    }

    /** PyTorch's name, such as {@code 0.weight}. */
    String name() {
        return layer.path().isEmpty() ? local : layer.path() + "." + local;
    }

    /** In a program's own code. */
    String expression() {
        return Layers.module("self.model", layer.path()) + "." + local;
    }

    TensorData.Type type() {
        return buffer.filter(kind -> kind == Buffer.Kind.COUNTER).isPresent()
                ? TensorData.Type.INT64
                : TensorData.Type.FLOAT32;
    }

    TensorData zeros() {
        return TensorData.zeros(type(), shape.dims());
    }
}
