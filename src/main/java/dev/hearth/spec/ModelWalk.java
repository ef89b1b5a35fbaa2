package dev.hearth.spec;

import static java.util.Objects.requireNonNull;

import dev.hearth.spec.ModelPlan.Layer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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

    private final Sizes sizes;

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
        this.sizes = new Sizes(limits, errors);
    }

    /** A walk of the same model that counts for itself. */
    ModelWalk apart(SpecErrors otherErrors) {
        return new ModelWalk(limits, otherErrors, places);
    }

    /** The whole model; empty where its input is not known, or anything does not fit. */
    Step walk(Draft model, GraphInputs given) {
        String source = "the model's input is";
        given.whole().ifPresent(shape -> sizes.countActivations(shape, "/input_shape"));
        if (model instanceof Draft.Custom custom) {
            List<Flow> inputs =
                    given.whole()
                            .filter(sizes::fits)
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
            case Draft.Leaf leaf -> new LeafWalk(this, path, inputs, leaf.init()).step(leaf.spec());
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

    Sizes sizes() {
        return sizes;
    }

    SpecErrors errors() {
        return errors;
    }

    /** Notes where the layer at {@code path} is written. */
    void place(String path, String pointer) {
        places.put(path, pointer);
    }

    /** Where the layer at {@code path} is written. */
    String at(String path) {
        return requireNonNull(places.get(path));
    }

    static String source(String type, String path) {
        return path.isEmpty() ? "the model outputs" : "layer " + path + " (" + type + ") outputs";
    }
}
