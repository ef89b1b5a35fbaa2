package dev.hearth.spec;

import dev.hearth.spec.ModelPlan.Layer;
import dev.hearth.spec.ModelPlan.Parameter;
import dev.hearth.spec.ModelWalk.Step;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Function;

/** What one layer without layers in it makes of its inputs, as far as they are known. */
final class LeafWalk {

    private final ModelWalk walk;
    private final String path;
    private final List<Flow> inputs;
    private final Flow in;
    private final Initialization init;

    /**
     * @param inputs at least one
     */
    LeafWalk(ModelWalk walk, String path, List<Flow> inputs, Initialization init) {
        this.walk = walk;
        this.path = path;
        this.inputs = List.copyOf(inputs);
        this.in = inputs.getFirst();
        this.init = init;
    }

    Step step(LayerSpec spec) {
        return switch (spec) {
            case Projection.Linear linear -> linear(linear);
            case Projection.Embedding embedding ->
                    fitted(spec, site -> LeafShapes.embedding(embedding, site));
            case Projection.Bilinear bilinear ->
                    fitted(spec, site -> LeafShapes.bilinear(bilinear, others(), site));
            case Activation activation -> activation(activation);
            case Convolution convolution ->
                    fitted(spec, site -> ConvolutionShapes.infer(convolution, site));
            case Pooling pooling -> fitted(spec, site -> PoolingShapes.infer(pooling, site));
            case Normalization normalization ->
                    fitted(spec, site -> NormalizationShapes.infer(normalization, site));
            case Noise.Dropout _, Noise.AlphaDropout _ -> done(spec, in, List.of());
            case Noise.Dropout2d dropout ->
                    fitted(spec, site -> LeafShapes.dropout2d(dropout, site));
            case Recurrent recurrent -> fitted(spec, site -> SequenceShapes.infer(recurrent, site));
            case Attention attention ->
                    fitted(spec, site -> SequenceShapes.infer(attention, others(), site));
            case Reshaping reshaping -> reshaping(reshaping);
            case LayerSpec.Container container -> walk.step(Draft.of(container), path, inputs);
        };
    }

    private List<Flow> others() {
        return inputs.subList(1, inputs.size());
    }

    private Step activation(Activation activation) {
        return switch (activation) {
            case Activation.Softmax(int dim) ->
                    sameShape(activation, dimension(dim, "dim").isPresent());
            case Activation.LogSoftmax(int dim) ->
                    sameShape(activation, dimension(dim, "dim").isPresent());
            case Activation.PReLU prelu -> fitted(prelu, site -> LeafShapes.prelu(prelu, site));
            case Activation.ReLU _,
                    Activation.ReLU6 _,
                    Activation.LeakyReLU _,
                    Activation.ELU _,
                    Activation.SELU _,
                    Activation.CELU _,
                    Activation.GELU _,
                    Activation.SiLU _,
                    Activation.Mish _,
                    Activation.Sigmoid _,
                    Activation.Tanh _,
                    Activation.Hardtanh _,
                    Activation.Hardswish _,
                    Activation.Softplus _,
                    Activation.Softsign _,
                    Activation.LogSigmoid _ ->
                    done(activation, in, List.of());
        };
    }

    private Step reshaping(Reshaping reshaping) {
        return switch (reshaping) {
            case Reshaping.Identity _ -> done(reshaping, in, List.of());
            case Reshaping.Flatten flatten -> flatten(flatten);
            case Reshaping.Unflatten unflatten -> {
                OptionalInt dim = dimension(unflatten.dim(), "dim");
                yield fitted(reshaping, site -> ReshapingShapes.unflatten(unflatten, dim, site));
            }
            case Reshaping.Upsample upsample ->
                    fitted(reshaping, site -> ReshapingShapes.upsample(upsample, site));
            case Reshaping.ZeroPad2d pad ->
                    fitted(reshaping, site -> ReshapingShapes.pad(pad, site));
            case Reshaping.PixelShuffle shuffle ->
                    fitted(reshaping, site -> ReshapingShapes.shuffle(shuffle, site));
        };
    }

    /** A layer that can only be looked at where its input's whole shape is known. */
    private Step fitted(LayerSpec spec, Function<Site, Optional<Site.Fit>> infer) {
        Step unknown = new Step(Flow.unknown(source(spec)), Optional.empty());
        Optional<Shape> shape = in.shape().filter(walk.sizes()::fits);
        return shape.flatMap(known ->
                        infer.apply(new Site(spec.type(), pointer(), in, known, walk.errors())))
                .filter(fit -> countParameters(fit))
                .map(fit -> done(fit.spec(), Flow.of(fit.output(), source(spec)), fit.parameters()))
                .orElse(unknown);
    }

    private boolean countParameters(Site.Fit fit) {
        BigInteger own =
                fit.parameters().stream()
                        .map(parameter -> Sizes.elements(parameter.shape()))
                        .reduce(BigInteger.ZERO, BigInteger::add);
        return walk.sizes().countParameters(own, "", pointer() + "/" + fit.sizeField());
    }

    private Step sameShape(LayerSpec spec, boolean fits) {
        return fits ? done(spec, in, List.of()) : new Step(in.from(source(spec)), Optional.empty());
    }

    /** Input {@code [*, in]}, output {@code [*, out]}. */
    private Step linear(Projection.Linear linear) {
        boolean fits = true;
        if (in.shape().isPresent() && in.shape().get().rank() == 0) {
            walk.errors()
                    .add(pointer(), "expected at least one dimension per sample, got none; " + in);
            fits = false;
        }
        if (linear.inFeatures().isPresent()
                && in.last().isPresent()
                && linear.inFeatures().getAsLong() != in.last().getAsLong()) {
            long expected = in.last().getAsLong();
            walk.errors()
                    .add(
                            pointer() + "/in_features",
                            "expected %d, got %d; %s; write %d or leave in_features out"
                                    .formatted(
                                            expected,
                                            linear.inFeatures().getAsLong(),
                                            in,
                                            expected));
            fits = false;
        }
        long features = linear.inFeatures().orElse(in.last().orElse(1));
        fits &= countParameters(linear, features);
        Flow out = in.withLast(linear.outFeatures(), source(linear));
        if (!fits) {
            return new Step(out, Optional.empty());
        }
        var resolved =
                new Projection.Linear(
                        OptionalLong.of(features), linear.outFeatures(), linear.bias());
        var weight = new Parameter("weight", Shape.of(linear.outFeatures(), features));
        var bias = new Parameter("bias", Shape.of(linear.outFeatures()));
        return done(resolved, out, linear.bias() ? List.of(weight, bias) : List.of(weight));
    }

    private Step flatten(Reshaping.Flatten flatten) {
        OptionalInt start = dimension(flatten.startDim(), "start_dim");
        OptionalInt end = dimension(flatten.endDim(), "end_dim");
        Step nothing = new Step(Flow.unknown(source(flatten)), Optional.empty());
        if (start.isEmpty() || end.isEmpty() || in.shape().isEmpty()) {
            return nothing;
        }
        if (start.getAsInt() > end.getAsInt()) {
            walk.errors()
                    .add(
                            pointer() + "/start_dim",
                            "expected at most end_dim, got %d with end_dim %d; %s"
                                    .formatted(flatten.startDim(), flatten.endDim(), in));
            return nothing;
        }
        List<Long> dims = in.shape().get().dims();
        var merged = new Shape(dims.subList(start.getAsInt() - 1, end.getAsInt()));
        if (!walk.sizes().fits(merged)) {
            return nothing;
        }
        var left = new ArrayList<>(dims.subList(0, start.getAsInt() - 1));
        left.add(merged.elements());
        left.addAll(dims.subList(end.getAsInt(), dims.size()));
        Flow out = Flow.of(new Shape(left), source(flatten));
        return done(flatten, out, List.of());
    }

    /**
     * A dimension of the batch, counted from its start; an error and empty if there is no such
     * dimension, or if it is the batch's own. Where the rank is not known, any but the batch's.
     */
    private OptionalInt dimension(int dim, String field) {
        long rank = in.batchRank().orElse(Integer.MAX_VALUE);
        if (dim == 0 || dim == -rank) {
            walk.errors()
                    .add(
                            pointer() + "/" + field,
                            "dimension %d is the batch, whose samples must not mix; write 1 for the first"
                                            .formatted(dim)
                                    + " dimension of a sample or -1 for the last");
            return OptionalInt.empty();
        }
        if (dim < -rank || dim >= rank) {
            walk.errors()
                    .add(
                            pointer() + "/" + field,
                            "expected 1 to %d, or -%d to -1, got %d; %s, after the batch dimension"
                                    .formatted(rank - 1, rank - 1, dim, in));
            return OptionalInt.empty();
        }
        return OptionalInt.of(Math.toIntExact(dim < 0 ? dim + rank : dim));
    }

    private Step done(LayerSpec spec, Flow out, List<Parameter> ownParameters) {
        Flow output = out.from(source(spec));
        List<Shape> known = inputs.stream().flatMap(flow -> flow.shape().stream()).toList();
        if (known.size() < inputs.size() || output.shape().isEmpty()) {
            return new Step(output, Optional.empty());
        }
        init.misfit(ownParameters)
                .ifPresent(misfit ->
                        walk.errors().add(pointer() + "/" + InitializationReader.INIT, misfit));
        Shape shape = output.shape().get();
        if (MemoryEstimate.isStored(spec)) {
            walk.sizes().countActivations(shape, pointer());
        }
        return new Step(
                output,
                Optional.of(
                        new Layer(
                                path,
                                spec,
                                known,
                                shape,
                                ownParameters,
                                List.of(),
                                List.of(),
                                init)));
    }

    private boolean countParameters(Projection.Linear linear, long inFeatures) {
        BigInteger out = BigInteger.valueOf(linear.outFeatures());
        BigInteger own =
                BigInteger.valueOf(inFeatures)
                        .multiply(out)
                        .add(linear.bias() ? out : BigInteger.ZERO);
        return walk.sizes()
                .countParameters(
                        own,
                        " (%s × %s%s)"
                                .formatted(
                                        Wording.number(linear.outFeatures()),
                                        Wording.number(inFeatures),
                                        linear.bias() ? " and the bias" : ""),
                        pointer() + "/out_features");
    }

    private String pointer() {
        return walk.at(path);
    }

    private String source(LayerSpec spec) {
        return ModelWalk.source(spec.type(), path);
    }
}
