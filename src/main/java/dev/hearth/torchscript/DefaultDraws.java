package dev.hearth.torchscript;

import dev.hearth.spec.Activation;
import dev.hearth.spec.Attention;
import dev.hearth.spec.Convolution;
import dev.hearth.spec.LayerSpec;
import dev.hearth.spec.ModelPlan;
import dev.hearth.spec.Noise;
import dev.hearth.spec.Normalization;
import dev.hearth.spec.Pooling;
import dev.hearth.spec.Projection;
import dev.hearth.spec.Recurrent;
import dev.hearth.spec.Reshaping;
import dev.hearth.spec.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * The values that a module has after its construction in PyTorch, drawn in the order of its {@code
 * __init__} and {@code reset_parameters}, also where a later draw writes over an earlier one. Draws
 * are made on the CPU whatever the device, as by PyTorch users before {@code .to(device)}.
 */
final class DefaultDraws {

    private final ModelPlan.Layer layer;
    private final List<String> lines = new ArrayList<>();

    private DefaultDraws(ModelPlan.Layer layer) {
        this.layer = layer;
    }

    /** Lines that fill the layer's tensors; the generator is {@code g}. */
    static List<String> of(ModelPlan.Layer layer) {
        var draws = new DefaultDraws(layer);
        draws.draw(layer.spec());
        return draws.lines;
    }

    private void draw(LayerSpec spec) {
        switch (spec) {
            case Projection.Linear linear -> linear("", linear.bias());
            case Projection.Bilinear bilinear -> {
                double bound = 1 / Math.sqrt((double) bilinear.in1Features().orElseThrow());
                layer.parameters().forEach(parameter -> uniform(parameter.name(), bound));
            }
            case Projection.Embedding(_, _, OptionalInt paddingIdx) -> {
                fill("weight", "torch.normal_(torch.empty(%s, dtype=6), 0., 1., generator=g)");
                if (paddingIdx.isPresent()) {
                    lines.add(
                            "_ = torch.zero_(torch.select(%s, 0, %d))"
                                    .formatted(expression("weight"), paddingIdx.getAsInt()));
                }
            }
            case Convolution convolution -> linear("", convolution.bias());
            case Recurrent recurrent -> {
                double bound = 1 / Math.sqrt((double) recurrent.hiddenSize());
                layer.parameters().forEach(parameter -> uniform(parameter.name(), bound));
            }
            case Attention attention -> attention(attention);
            case Normalization normalization -> {
                constants("");
                normalization
                        .buffers()
                        .forEach(buffer ->
                                constant(
                                        buffer.name(),
                                        switch (buffer.kind()) {
                                            case ZEROS, COUNTER -> 0;
                                            case ONES -> 1;
                                        }));
            }
            case Activation.PReLU(_, double init) -> constant("weight", init);
            case Activation _, Pooling _, Noise _, Reshaping _, LayerSpec.Container _ -> {}
        }
    }

    private void attention(Attention attention) {
        boolean bias = attention.bias();
        switch (attention) {
            case Attention.MultiheadAttention _ -> attention("", bias);
            case Attention.TransformerEncoderLayer _ -> {
                attention("self_attn.", bias);
                linear("linear1.", bias);
                linear("linear2.", bias);
                constants("norm1.");
                constants("norm2.");
            }
        }
    }

    /** The output's projection is drawn when it is constructed, the input's at the very end. */
    private void attention(String prefix, boolean bias) {
        linear(prefix + "out_proj.", bias);
        uniform(
                prefix + "in_proj_weight",
                Fans.of(shape(prefix + "in_proj_weight")).xavierBound(1));
        if (bias) {
            constant(prefix + "in_proj_bias", 0);
            constant(prefix + "out_proj.bias", 0);
        }
    }

    /**
     * {@code torch.nn.Linear.reset_parameters}, and {@code _ConvNd}'s: {@code
     * kaiming_uniform_(weight, a=√5)} and a bias within {@code 1/√fan_in}. The two bounds are equal
     * on paper, yet not in floating point.
     */
    private void linear(String prefix, boolean bias) {
        Fans fans = Fans.of(shape(prefix + "weight"));
        uniform(
                prefix + "weight",
                Math.sqrt(3.0) * (Fans.leakyGain(Math.sqrt(5)) / Math.sqrt((double) fans.in())));
        if (bias) {
            uniform(prefix + "bias", 1 / Math.sqrt((double) fans.in()));
        }
    }

    /** A normalisation's weights of 1 and biases of 0. */
    private void constants(String prefix) {
        layer.parameters().stream()
                .map(ModelPlan.Parameter::name)
                .filter(name -> name.startsWith(prefix))
                .forEach(name -> constant(name, name.endsWith("weight") ? 1 : 0));
    }

    private void uniform(String name, double bound) {
        fill(
                name,
                "torch.uniform_(torch.empty(%s, dtype=6), "
                        + -bound
                        + ", "
                        + bound
                        + ", generator=g)");
    }

    /**
     * @param values an expression with a place for the shape
     */
    private void fill(String name, String values) {
        lines.add(
                "_ = torch.copy_(%s, %s)"
                        .formatted(expression(name), values.formatted(shape(name))));
    }

    private void constant(String name, double value) {
        lines.add("_ = torch.fill_(%s, %s)".formatted(expression(name), value));
    }

    private String expression(String name) {
        return Layers.module("self.model", layer.path()) + "." + name;
    }

    private Shape shape(String name) {
        return layer.parameters().stream()
                .filter(parameter -> parameter.name().equals(name))
                .findFirst()
                .orElseThrow()
                .shape();
    }
}
