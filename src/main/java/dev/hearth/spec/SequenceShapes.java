package dev.hearth.spec;

import dev.hearth.spec.ModelPlan.Parameter;
import dev.hearth.spec.Site.Fit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** What layers make of a sequence {@code [steps, features]}. */
final class SequenceShapes {

    private static final List<String> DIMENSIONS = List.of("steps", "features");

    private SequenceShapes() {}

    static Optional<Fit> infer(Recurrent recurrent, Site site) {
        if (!site.hasDimensions(DIMENSIONS)
                || !site.agrees("input_size", recurrent.inputSize(), site.in().last())) {
            return Optional.empty();
        }
        long width = recurrent.hiddenSize() * recurrent.directions();
        var resolved =
                new Recurrent(
                        recurrent.cell(),
                        OptionalLong.of(site.in().last()),
                        recurrent.hiddenSize(),
                        recurrent.numLayers(),
                        recurrent.bias(),
                        recurrent.dropout(),
                        recurrent.bidirectional(),
                        recurrent.output());
        Shape output =
                switch (recurrent.output()) {
                    case SEQUENCE -> site.in().withLast(width);
                    case LAST, HIDDEN -> Shape.of(width);
                };
        return Optional.of(new Fit(resolved, output, parameters(resolved), "hidden_size"));
    }

    private static List<Parameter> parameters(Recurrent recurrent) {
        var parameters = new ArrayList<Parameter>();
        long rows = recurrent.hiddenSize() * recurrent.cell().gates;
        long columns = recurrent.inputSize().orElseThrow();
        for (int layer = 0; layer < recurrent.numLayers(); layer++) {
            for (int direction = 0; direction < recurrent.directions(); direction++) {
                String suffix = "_l" + layer + (direction == 1 ? "_reverse" : "");
                parameters.add(new Parameter("weight_ih" + suffix, Shape.of(rows, columns)));
                parameters.add(
                        new Parameter(
                                "weight_hh" + suffix, Shape.of(rows, recurrent.hiddenSize())));
                if (recurrent.bias()) {
                    parameters.add(new Parameter("bias_ih" + suffix, Shape.of(rows)));
                    parameters.add(new Parameter("bias_hh" + suffix, Shape.of(rows)));
                }
            }
            columns = recurrent.hiddenSize() * recurrent.directions();
        }
        return parameters;
    }

    static Optional<Fit> infer(Attention attention, List<Flow> others, Site site) {
        String field = attention instanceof Attention.MultiheadAttention ? "embed_dim" : "d_model";
        String heads = attention instanceof Attention.MultiheadAttention ? "num_heads" : "nhead";
        if (!site.hasDimensions(DIMENSIONS)) {
            return Optional.empty();
        }
        long width = site.in().last();
        if (!site.agrees(field, attention.width(), width)
                || !site.divides(heads, attention.heads(), width)
                || !keysAndValuesFit(others, site)) {
            return Optional.empty();
        }
        return Optional.of(
                switch (attention) {
                    case Attention.MultiheadAttention multi ->
                            new Fit(
                                    new Attention.MultiheadAttention(
                                            OptionalLong.of(width),
                                            multi.numHeads(),
                                            multi.dropout(),
                                            multi.bias()),
                                    site.in(),
                                    attentionParameters("", width, multi.bias()).toList(),
                                    "embed_dim");
                    case Attention.TransformerEncoderLayer encoder ->
                            new Fit(
                                    new Attention.TransformerEncoderLayer(
                                            OptionalLong.of(width),
                                            encoder.nhead(),
                                            encoder.dimFeedforward(),
                                            encoder.dropout(),
                                            encoder.gelu(),
                                            encoder.layerNormEps(),
                                            encoder.normFirst(),
                                            encoder.bias()),
                                    site.in(),
                                    encoderParameters(encoder, width),
                                    "dim_feedforward");
                });
    }

    private static boolean keysAndValuesFit(List<Flow> others, Site site) {
        for (Flow other : others) {
            Optional<Shape> shape = other.shape();
            if (shape.isPresent()
                    && (!shape.equals(others.getFirst().shape())
                            || shape.get().rank() != 2
                            || shape.get().last() != site.in().last())) {
                site.reject(
                        "",
                        "expected key and value of [steps, %d], as wide as the query, got one of %s"
                                .formatted(site.in().last(), shape.get()),
                        "add a Linear before it");
                return false;
            }
        }
        return true;
    }

    private static Stream<Parameter> attentionParameters(String prefix, long width, boolean bias) {
        Stream<Parameter> in =
                affine(
                        prefix + "in_proj_weight",
                        prefix + "in_proj_bias",
                        Shape.of(Math.multiplyExact(3, width), width),
                        bias);
        return Stream.concat(in, linear(prefix + "out_proj", width, width, bias));
    }

    private static List<Parameter> encoderParameters(
            Attention.TransformerEncoderLayer encoder, long width) {
        boolean bias = encoder.bias();
        return Stream.of(
                        attentionParameters("self_attn.", width, bias),
                        linear("linear1", width, encoder.dimFeedforward(), bias),
                        linear("linear2", encoder.dimFeedforward(), width, bias),
                        affine("norm1.weight", "norm1.bias", Shape.of(width), bias),
                        affine("norm2.weight", "norm2.bias", Shape.of(width), bias))
                .flatMap(parameters -> parameters)
                .toList();
    }

    private static Stream<Parameter> linear(String name, long in, long out, boolean bias) {
        return affine(name + ".weight", name + ".bias", Shape.of(out, in), bias);
    }

    /** A weight, and a bias for each of its rows. */
    private static Stream<Parameter> affine(
            String weight, String bias, Shape shape, boolean hasBias) {
        var own = new Parameter(weight, shape);
        return hasBias
                ? Stream.of(own, new Parameter(bias, Shape.of(shape.dims().getFirst())))
                : Stream.of(own);
    }
}
