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

    /**
     * What a training program's archive holds of it. Zeros of the tensor's own size would be
     * written, copied and read again for nothing: seconds, where there are 25 million of them.
     */
    TensorData placeholder() {
        return TensorData.zeros(type(), List.of(0L));
    }

    /** Makes zeros of the placeholder, which goes on being the same parameter. */
    String allocation(String device) {
        return "_ = torch.set_(%s, torch.zeros(%s, dtype=%d, device=torch.device(\"%s\")))"
                .formatted(expression(), shape, type() == TensorData.Type.INT64 ? 4 : 6, device);
    }
}
