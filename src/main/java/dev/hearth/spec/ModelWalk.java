package dev.hearth.spec;

import dev.hearth.spec.ModelPlan.Layer;
import dev.hearth.spec.ModelPlan.Parameter;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Function;

/**
 * One walk through a model in the order of its layers: infers shapes, and records what does not
 * fit. After an error it goes on with what the next layers declare, so that each mistake is told
 * once.
 */
final class ModelWalk {

    /** What a layer makes of its input, and the layer in its place if all in it fits. */
    record Step(Flow output, Optional<Layer> layer) {}

    private final Limits limits;
    private final SpecErrors errors;
    private final String pointer;

    private BigInteger parameters = BigInteger.ZERO;
    private BigInteger activations = BigInteger.ZERO;
    private boolean tooLarge;

    /**
     * @param pointer to the array of layers
     */
    ModelWalk(Limits limits, SpecErrors errors, String pointer) {
        this.limits = limits;
        this.errors = errors;
        this.pointer = pointer;
    }

    Step walk(Draft.Group model, Optional<Shape> input) {
        String source = "the model's input is";
        Flow flow =
                input.map(shape -> Flow.of(shape, source)).orElseGet(() -> Flow.unknown(source));
        input.ifPresent(shape -> countActivations(shape, "/input_shape"));
        return group(model, "", flow);
    }

    private Step step(Draft draft, String path, Flow in) {
        return switch (draft) {
            case Draft.Gap _ ->
                    new Step(Flow.unknown("layer " + path + " outputs"), Optional.empty());
            case Draft.Group group -> group(group, path, in);
            case Draft.Leaf(LayerSpec spec) -> leaf(spec, path, List.of(in));
        };
    }

    private Step group(Draft.Group group, String path, Flow in) {
        var children = new ArrayList<Layer>();
        Flow flow = in;
        for (int i = 0; i < group.children().size(); i++) {
            String childPath = path.isEmpty() ? String.valueOf(i) : path + "." + i;
            Step step = step(group.children().get(i), childPath, flow);
            step.layer().ifPresent(children::add);
            flow = step.output();
        }
        if (children.size() < group.children().size()
                || in.shape().isEmpty()
                || flow.shape().isEmpty()) {
            return new Step(flow, Optional.empty());
        }
        var spec = new LayerSpec.Sequential(children.stream().map(Layer::spec).toList());
        return new Step(
                flow,
                Optional.of(
                        new Layer(
                                path,
                                spec,
                                in.shape().get(),
                                flow.shape().get(),
                                List.of(),
                                children)));
    }

    private Step leaf(LayerSpec spec, String path, List<Flow> inputs) {
        Flow in = inputs.getFirst();
        return switch (spec) {
            case Projection.Linear linear -> linear(linear, path, in);
            case Projection.Embedding embedding ->
                    fitted(spec, path, in, site -> LeafShapes.embedding(embedding, site));
            case Projection.Bilinear bilinear ->
                    fitted(
                            spec,
                            path,
                            in,
                            site -> LeafShapes.bilinear(bilinear, rest(inputs), site));
            case Activation activation -> activation(activation, path, in);
            case Convolution convolution ->
                    fitted(spec, path, in, site -> ConvolutionShapes.infer(convolution, site));
            case Pooling pooling ->
                    fitted(spec, path, in, site -> PoolingShapes.infer(pooling, site));
            case Normalization normalization ->
                    fitted(spec, path, in, site -> NormalizationShapes.infer(normalization, site));
            case Noise.Dropout _, Noise.AlphaDropout _ -> done(spec, path, in, in, List.of());
            case Noise.Dropout2d dropout ->
                    fitted(spec, path, in, site -> LeafShapes.dropout2d(dropout, site));
            case Recurrent recurrent ->
                    fitted(spec, path, in, site -> SequenceShapes.infer(recurrent, site));
            case Attention attention ->
                    fitted(
                            spec,
                            path,
                            in,
                            site -> SequenceShapes.infer(attention, rest(inputs), site));
            case Reshaping reshaping -> reshaping(reshaping, path, in);
            case LayerSpec.Sequential sequential -> group(Draft.of(sequential), path, in);
        };
    }

    private static List<Flow> rest(List<Flow> inputs) {
        return inputs.subList(1, inputs.size());
    }

    private Step activation(Activation activation, String path, Flow in) {
        return switch (activation) {
            case Activation.Softmax(int dim) ->
                    sameShape(activation, path, in, dimension(dim, "dim", path, in).isPresent());
            case Activation.LogSoftmax(int dim) ->
                    sameShape(activation, path, in, dimension(dim, "dim", path, in).isPresent());
            case Activation.PReLU prelu ->
                    fitted(prelu, path, in, site -> LeafShapes.prelu(prelu, site));
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
                    done(activation, path, in, in, List.of());
        };
    }

    private Step reshaping(Reshaping reshaping, String path, Flow in) {
        return switch (reshaping) {
            case Reshaping.Identity _ -> done(reshaping, path, in, in, List.of());
            case Reshaping.Flatten flatten -> flatten(flatten, path, in);
            case Reshaping.Unflatten unflatten -> {
                OptionalInt dim = dimension(unflatten.dim(), "dim", path, in);
                yield fitted(
                        reshaping,
                        path,
                        in,
                        site -> ReshapingShapes.unflatten(unflatten, dim, site));
            }
            case Reshaping.Upsample upsample ->
                    fitted(reshaping, path, in, site -> ReshapingShapes.upsample(upsample, site));
            case Reshaping.ZeroPad2d pad ->
                    fitted(reshaping, path, in, site -> ReshapingShapes.pad(pad, site));
            case Reshaping.PixelShuffle shuffle ->
                    fitted(reshaping, path, in, site -> ReshapingShapes.shuffle(shuffle, site));
        };
    }

    /** A layer that can only be looked at where its input's whole shape is known. */
    private Step fitted(
            LayerSpec spec, String path, Flow in, Function<Site, Optional<Site.Fit>> infer) {
        Step unknown = new Step(Flow.unknown(source(spec, path)), Optional.empty());
        if (in.shape().isEmpty() || isHuge(elements(in.shape().get()))) {
            return unknown;
        }
        Shape shape = in.shape().get();
        return infer.apply(new Site(spec.type(), at(path), in, shape, errors))
                .filter(fit -> countParameters(fit, path))
                .map(fit ->
                        done(
                                fit.spec(),
                                path,
                                in,
                                Flow.of(fit.output(), source(spec, path)),
                                fit.parameters()))
                .orElse(unknown);
    }

    private boolean countParameters(Site.Fit fit, String path) {
        BigInteger own =
                fit.parameters().stream()
                        .map(parameter -> elements(parameter.shape()))
                        .reduce(BigInteger.ZERO, BigInteger::add);
        return countParameters(own, "", at(path) + "/" + fit.sizeField());
    }

    private Step sameShape(LayerSpec spec, String path, Flow in, boolean fits) {
        return fits
                ? done(spec, path, in, in, List.of())
                : new Step(in.from(source(spec, path)), Optional.empty());
    }

    /** Input {@code [*, in]}, output {@code [*, out]}. */
    private Step linear(Projection.Linear linear, String path, Flow in) {
        boolean fits = true;
        if (in.shape().isPresent() && in.shape().get().rank() == 0) {
            errors.add(at(path), "expected at least one dimension per sample, got none; " + in);
            fits = false;
        }
        if (linear.inFeatures().isPresent()
                && in.last().isPresent()
                && linear.inFeatures().getAsLong() != in.last().getAsLong()) {
            long expected = in.last().getAsLong();
            errors.add(
                    at(path) + "/in_features",
                    "expected %d, got %d; %s; write %d or leave in_features out"
                            .formatted(expected, linear.inFeatures().getAsLong(), in, expected));
            fits = false;
        }
        long features = linear.inFeatures().orElse(in.last().orElse(1));
        fits &= countParameters(linear, features, path);
        Flow out = in.withLast(linear.outFeatures(), source(linear, path));
        if (!fits) {
            return new Step(out, Optional.empty());
        }
        var resolved =
                new Projection.Linear(
                        OptionalLong.of(features), linear.outFeatures(), linear.bias());
        var weight = new Parameter("weight", Shape.of(linear.outFeatures(), features));
        var bias = new Parameter("bias", Shape.of(linear.outFeatures()));
        return done(
                resolved, path, in, out, linear.bias() ? List.of(weight, bias) : List.of(weight));
    }

    private Step flatten(Reshaping.Flatten flatten, String path, Flow in) {
        OptionalInt start = dimension(flatten.startDim(), "start_dim", path, in);
        OptionalInt end = dimension(flatten.endDim(), "end_dim", path, in);
        Step nothing = new Step(Flow.unknown(source(flatten, path)), Optional.empty());
        if (start.isEmpty() || end.isEmpty() || in.shape().isEmpty()) {
            return nothing;
        }
        if (start.getAsInt() > end.getAsInt()) {
            errors.add(
                    at(path) + "/start_dim",
                    "expected at most end_dim, got %d with end_dim %d; %s"
                            .formatted(flatten.startDim(), flatten.endDim(), in));
            return nothing;
        }
        List<Long> dims = in.shape().get().dims();
        var merged = new Shape(dims.subList(start.getAsInt() - 1, end.getAsInt()));
        if (isHuge(elements(merged))) {
            return nothing;
        }
        var left = new ArrayList<>(dims.subList(0, start.getAsInt() - 1));
        left.add(merged.elements());
        left.addAll(dims.subList(end.getAsInt(), dims.size()));
        Flow out = Flow.of(new Shape(left), source(flatten, path));
        return done(flatten, path, in, out, List.of());
    }

    /**
     * A dimension of the batch, counted from its start; an error and empty if there is no such
     * dimension, or if it is the batch's own. Where the rank is not known, any but the batch's.
     */
    private OptionalInt dimension(int dim, String field, String path, Flow in) {
        long rank = in.batchRank().orElse(Integer.MAX_VALUE);
        if (dim == 0 || dim == -rank) {
            errors.add(
                    at(path) + "/" + field,
                    "dimension %d is the batch, whose samples must not mix; write 1 for the first"
                                    .formatted(dim)
                            + " dimension of a sample or -1 for the last");
            return OptionalInt.empty();
        }
        if (dim < -rank || dim >= rank) {
            errors.add(
                    at(path) + "/" + field,
                    "expected 1 to %d, or -%d to -1, got %d; %s, after the batch dimension"
                            .formatted(rank - 1, rank - 1, dim, in));
            return OptionalInt.empty();
        }
        return OptionalInt.of(Math.toIntExact(dim < 0 ? dim + rank : dim));
    }

    private Step done(
            LayerSpec spec, String path, Flow in, Flow out, List<Parameter> ownParameters) {
        Flow output = out.from(source(spec, path));
        if (in.shape().isEmpty() || output.shape().isEmpty()) {
            return new Step(output, Optional.empty());
        }
        Shape shape = output.shape().get();
        if (MemoryEstimate.isStored(spec)) {
            countActivations(shape, at(path));
        }
        return new Step(
                output,
                Optional.of(
                        new Layer(path, spec, in.shape().get(), shape, ownParameters, List.of())));
    }

    private boolean countParameters(Projection.Linear linear, long inFeatures, String path) {
        BigInteger out = BigInteger.valueOf(linear.outFeatures());
        BigInteger own =
                BigInteger.valueOf(inFeatures)
                        .multiply(out)
                        .add(linear.bias() ? out : BigInteger.ZERO);
        return countParameters(
                own,
                " (%s × %s%s)"
                        .formatted(
                                Wording.number(linear.outFeatures()),
                                Wording.number(inFeatures),
                                linear.bias() ? " and the bias" : ""),
                at(path) + "/out_features");
    }

    /** False, and an error, if this layer alone or the model with it has too many. */
    private boolean countParameters(BigInteger own, String made, String place) {
        var most = BigInteger.valueOf(limits.maxParameters());
        if (own.compareTo(most) > 0) {
            tooLarge = true;
            errors.add(
                    place,
                    "expected at most %s parameters in the model, got %s in this layer%s; make the"
                                    .formatted(Wording.number(most), Wording.number(own), made)
                            + " layer smaller");
            return false;
        }
        parameters = parameters.add(own);
        if (parameters.compareTo(most) > 0 && !tooLarge) {
            tooLarge = true;
            errors.add(
                    place,
                    "expected at most %s parameters in the model, got %s up to this layer; make the"
                                    .formatted(Wording.number(most), Wording.number(parameters))
                            + " layers smaller");
            return false;
        }
        return true;
    }

    private void countActivations(Shape shape, String place) {
        activations = activations.add(elements(shape));
        if (isHuge(activations) && !tooLarge) {
            tooLarge = true;
            errors.add(
                    place,
                    "expected at most %s values for one sample, got %s up to here; make the input or"
                                    .formatted(
                                            Wording.number(limits.maxActivationElements()),
                                            Wording.number(activations))
                            + " the layers smaller");
        }
    }

    private boolean isHuge(BigInteger elements) {
        return elements.compareTo(BigInteger.valueOf(limits.maxActivationElements())) > 0;
    }

    private static BigInteger elements(Shape shape) {
        return shape.dims().stream()
                .map(BigInteger::valueOf)
                .reduce(BigInteger.ONE, BigInteger::multiply);
    }

    private String at(String path) {
        return Pointers.layer(pointer, path);
    }

    private static String source(LayerSpec spec, String path) {
        return "layer " + path + " (" + spec.type() + ") outputs";
    }
}
