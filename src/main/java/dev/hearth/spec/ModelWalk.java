package dev.hearth.spec;

import static java.util.Objects.requireNonNull;

import dev.hearth.spec.ModelPlan.Layer;
import dev.hearth.spec.ModelPlan.Parameter;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

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

    /** Where each layer is written, by its path. */
    private final Map<String, String> places;

    private BigInteger parameters = BigInteger.ZERO;
    private BigInteger activations = BigInteger.ZERO;
    private boolean tooLarge;

    /**
     * @param pointer to the model
     */
    ModelWalk(Limits limits, SpecErrors errors, String pointer) {
        this(limits, errors, new HashMap<>(Map.of("", pointer)));
    }

    private ModelWalk(Limits limits, SpecErrors errors, Map<String, String> places) {
        this.limits = limits;
        this.errors = errors;
        this.places = places;
    }

    /** A walk of the same model that counts for itself. */
    ModelWalk apart(SpecErrors otherErrors) {
        return new ModelWalk(limits, otherErrors, places);
    }

    /** The whole model; empty where its input is not known, or anything does not fit. */
    Step walk(Draft model, GraphInputs given) {
        String source = "the model's input is";
        given.whole().ifPresent(shape -> countActivations(shape, "/input_shape"));
        if (model instanceof Draft.Custom custom) {
            List<Flow> inputs =
                    given.whole()
                            .filter(this::fits)
                            .flatMap(_ -> given.of(custom.inputs()))
                            .map(known ->
                                    known.stream()
                                            .map(input -> Flow.of(input.shape(), source))
                                            .toList())
                            .orElseGet(() ->
                                    custom.inputs().stream()
                                            .map(_ -> Flow.unknown(source))
                                            .toList());
            return new GraphWalk(this, custom, "").walk(inputs);
        }
        Flow flow =
                given.whole()
                        .map(shape -> Flow.of(shape, source))
                        .orElseGet(() -> Flow.unknown(source));
        return step(model, "", List.of(flow));
    }

    /**
     * @param inputs as many as the layer takes
     */
    Step step(Draft draft, String path, List<Flow> inputs) {
        return switch (draft) {
            case Draft.Gap _ ->
                    new Step(Flow.unknown("layer " + path + " outputs"), Optional.empty());
            case Draft.Group group -> group(group, path, inputs.getFirst());
            case Draft.Custom custom -> new GraphWalk(this, custom, path).walk(inputs);
            case Draft.Leaf(LayerSpec spec) -> leaf(spec, path, inputs.getFirst());
        };
    }

    private Step group(Draft.Group group, String path, Flow in) {
        var children = new ArrayList<Layer>();
        Flow flow = in;
        String misfit = "";
        for (Draft.Part part : group.parts()) {
            String childPath = path.isEmpty() ? part.name() : path + "." + part.name();
            String place = at(path) + part.place();
            // What is wrong with one copy of a repeated layer is not told again for the others.
            if (!place.equals(misfit)) {
                int before = errors.count();
                places.put(childPath, place);
                Step step = step(part.draft(), childPath, List.of(flow));
                step.layer().ifPresent(children::add);
                flow = step.output();
                misfit = errors.count() > before ? place : "";
            }
        }
        if (children.size() < group.parts().size()
                || in.shape().isEmpty()
                || flow.shape().isEmpty()) {
            return new Step(flow, Optional.empty());
        }
        var spec = new LayerSpec.Sequential(GraphWalk.children(group.parts(), children));
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

    private Step leaf(LayerSpec spec, String path, Flow in) {
        return switch (spec) {
            case LayerSpec.Linear linear -> linear(linear, path, in);
            case LayerSpec.ReLU _, LayerSpec.Sigmoid _, LayerSpec.Tanh _, LayerSpec.Dropout _ ->
                    done(spec, path, in, in, List.of());
            case LayerSpec.Softmax(int dim) -> {
                OptionalInt known = dimension(dim, "dim", path, in);
                yield sameShape(spec, path, in, known.isPresent());
            }
            case LayerSpec.LogSoftmax(int dim) -> {
                OptionalInt known = dimension(dim, "dim", path, in);
                yield sameShape(spec, path, in, known.isPresent());
            }
            case LayerSpec.Flatten flatten -> flatten(flatten, path, in);
            case LayerSpec.Container container -> step(Draft.of(container), path, List.of(in));
        };
    }

    private Step sameShape(LayerSpec spec, String path, Flow in, boolean fits) {
        return fits
                ? done(spec, path, in, in, List.of())
                : new Step(in.from(source(spec, path)), Optional.empty());
    }

    /** Input {@code [*, in]}, output {@code [*, out]}. */
    private Step linear(LayerSpec.Linear linear, String path, Flow in) {
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
                new LayerSpec.Linear(
                        OptionalLong.of(features), linear.outFeatures(), linear.bias());
        var weight = new Parameter("weight", Shape.of(linear.outFeatures(), features));
        var bias = new Parameter("bias", Shape.of(linear.outFeatures()));
        return done(
                resolved, path, in, out, linear.bias() ? List.of(weight, bias) : List.of(weight));
    }

    private Step flatten(LayerSpec.Flatten flatten, String path, Flow in) {
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

    /** False, and an error, if this layer alone or the model with it has too many. */
    private boolean countParameters(LayerSpec.Linear linear, long inFeatures, String path) {
        BigInteger out = BigInteger.valueOf(linear.outFeatures());
        BigInteger own =
                BigInteger.valueOf(inFeatures)
                        .multiply(out)
                        .add(linear.bias() ? out : BigInteger.ZERO);
        var most = BigInteger.valueOf(limits.maxParameters());
        if (own.compareTo(most) > 0) {
            tooLarge = true;
            errors.add(
                    at(path) + "/out_features",
                    "expected at most %s parameters in the model, got %s in this layer (%s × %s%s);"
                                    .formatted(
                                            Wording.number(most),
                                            Wording.number(own),
                                            Wording.number(linear.outFeatures()),
                                            Wording.number(inFeatures),
                                            linear.bias() ? " and the bias" : "")
                            + " make the layer smaller");
            return false;
        }
        parameters = parameters.add(own);
        if (parameters.compareTo(most) > 0 && !tooLarge) {
            tooLarge = true;
            errors.add(
                    at(path) + "/out_features",
                    "expected at most %s parameters in the model, got %s up to this layer; make the"
                                    .formatted(Wording.number(most), Wording.number(parameters))
                            + " layers smaller");
            return false;
        }
        return true;
    }

    void countActivations(Shape shape, String place) {
        countActivations(elements(shape), place);
    }

    void countActivations(BigInteger elements, String place) {
        activations = activations.add(elements);
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

    /** Whether a shape is within the limits, so that its sizes can be reckoned with. */
    boolean fits(Shape shape) {
        return !isHuge(elements(shape));
    }

    BigInteger activations() {
        return activations;
    }

    SpecErrors errors() {
        return errors;
    }

    /** Notes where the layer at {@code path} is written. */
    void place(String path, String pointer) {
        places.put(path, pointer);
    }

    private boolean isHuge(BigInteger elements) {
        return elements.compareTo(BigInteger.valueOf(limits.maxActivationElements())) > 0;
    }

    private static BigInteger elements(Shape shape) {
        return shape.dims().stream()
                .map(BigInteger::valueOf)
                .reduce(BigInteger.ONE, BigInteger::multiply);
    }

    /** Where the layer at {@code path} is written. */
    String at(String path) {
        return requireNonNull(places.get(path));
    }

    private static String source(LayerSpec spec, String path) {
        return source(spec.type(), path);
    }

    static String source(String type, String path) {
        return path.isEmpty() ? "the model outputs" : "layer " + path + " (" + type + ") outputs";
    }
}
