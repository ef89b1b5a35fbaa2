package dev.hearth.spec;

import dev.hearth.spec.ModelPlan.Layer;
import dev.hearth.spec.ModelPlan.Value;
import dev.hearth.spec.ModelWalk.Step;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A walk through one {@link LayerSpec.Module}: its nodes in order, each layer where it is called
 * first. Layers are built in their order of registration, whatever the order of the calls.
 */
final class GraphWalk {

    /**
     * A layer as its first call left it.
     *
     * @param inputs empty where they were not known
     * @param elements of activations that a call makes
     */
    private record Called(String node, List<Flow> inputs, Step step, BigInteger elements) {}

    private final ModelWalk walk;
    private final Draft.Custom custom;
    private final String path;
    private final Map<String, Draft> modules = new LinkedHashMap<>();
    private final Map<String, Called> calls = new HashMap<>();
    private final Map<String, Flow> flows = new HashMap<>();
    private final List<Value> values = new ArrayList<>();

    /**
     * @param path PyTorch's module name, empty for the model itself
     */
    GraphWalk(ModelWalk walk, Draft.Custom custom, String path) {
        this.walk = walk;
        this.custom = custom;
        this.path = path;
        addModules("", walk.at(path), custom.parts());
    }

    private void addModules(String prefix, String pointer, List<Draft.Part> parts) {
        for (Draft.Part part : parts) {
            String name = prefix + part.name();
            modules.put(name, part.draft());
            walk.place(below(name), pointer + part.place());
            if (isList(part.draft())) {
                addModules(name + ".", pointer + part.place(), members(part.draft()));
            }
        }
    }

    private static boolean isList(Draft draft) {
        return draft instanceof Draft.Group(Draft.Group.Kind kind, _)
                && kind == Draft.Group.Kind.MODULE_LIST;
    }

    private static List<Draft.Part> members(Draft list) {
        return ((Draft.Group) list).parts();
    }

    private String below(String module) {
        return path.isEmpty() ? module : path + "." + module;
    }

    /**
     * @param inputs what the module's {@code forward} is given, in order
     */
    Step walk(List<Flow> inputs) {
        for (int i = 0; i < custom.inputs().size(); i++) {
            String name = custom.inputs().get(i).name();
            flows.put(name, inputs.get(i).from("input " + Wording.quoted(name) + " has"));
        }
        for (int i = 0; i < custom.nodes().size(); i++) {
            int index = i;
            custom.nodes().get(i).ifPresent(node -> node(node, index));
        }
        Flow output =
                Optional.ofNullable(flows.get(custom.output()))
                        .orElseGet(() -> Flow.unknown(ModelWalk.source("Module", path)))
                        .from(ModelWalk.source("Module", path));
        return new Step(output, layer(inputs, output));
    }

    private void node(Graph.Node node, int index) {
        String source = "node " + Wording.quoted(node.name()) + " has";
        String pointer = walk.at(path) + "/forward/" + index;
        List<Flow> inputs =
                node.inputs().stream()
                        .map(name -> flows.getOrDefault(name, Flow.unknown(name)))
                        .toList();
        Flow output =
                switch (node) {
                    case Graph.Call call -> call(call, call.module(), inputs, pointer).from(source);
                    case Graph.Apply apply -> apply(apply, inputs, pointer, source);
                };
        flows.put(node.name(), output);
        if (node instanceof Graph.Call) {
            output.shape().ifPresent(shape -> values.add(new Value(node, shape)));
        }
    }

    private Flow apply(Graph.Apply node, List<Flow> inputs, String pointer, String source) {
        if (inputs.stream().anyMatch(flow -> flow.shape().filter(walk.sizes()::fits).isEmpty())) {
            return Flow.unknown(source);
        }
        Optional<OpShapes.Result> result =
                new OpShapes(node.op(), inputs, walk.errors(), pointer).result();
        result.ifPresent(made -> {
            var resolved = new Graph.Apply(node.name(), node.inputs(), made.op());
            values.add(new Value(resolved, made.shape()));
            if (!made.op().isView()) {
                walk.sizes().countActivations(made.shape(), pointer);
            }
        });
        return result.map(made -> Flow.of(made.shape(), source))
                .orElseGet(() -> Flow.unknown(source));
    }

    private Flow call(Graph.Call node, String module, List<Flow> inputs, String pointer) {
        Draft draft = modules.get(module);
        if (draft == null) {
            return Flow.unknown(module);
        }
        if (isList(draft)) {
            List<Flow> flow = inputs;
            for (Draft.Part member : members(draft)) {
                flow = List.of(call(node, module + "." + member.name(), flow, pointer));
            }
            return flow.getFirst();
        }
        Called first = calls.get(module);
        if (first != null) {
            return callAgain(module, first, inputs, pointer);
        }
        BigInteger before = walk.sizes().activations();
        Step step = walk.step(draft, below(module), inputs);
        BigInteger elements = walk.sizes().activations().subtract(before);
        calls.put(module, new Called(node.name(), inputs, step, elements));
        return step.output();
    }

    /** The layer is what its first call made it; another call has to fit that. */
    private Flow callAgain(String module, Called first, List<Flow> inputs, String pointer) {
        if (shapes(inputs).equals(shapes(first.inputs()))) {
            walk.sizes().countActivations(first.elements(), pointer);
            return first.step().output();
        }
        if (inputs.size() != first.inputs().size()) {
            walk.errors()
                    .add(
                            pointer,
                            "%s: expected as many inputs as in its first call, by node %s, got %d"
                                    .formatted(
                                            module, Wording.quoted(first.node()), inputs.size()));
            return first.step().output();
        }
        Optional<Layer> layer = first.step().layer();
        if (layer.isEmpty() || shapes(inputs).stream().anyMatch(Optional::isEmpty)) {
            return Flow.unknown(module);
        }
        var errors = new SpecErrors();
        ModelWalk again = walk.apart(errors);
        Step step = again.step(Draft.of(layer.get().spec()), below(module), inputs);
        if (!errors.isEmpty()) {
            walk.errors()
                    .add(
                            pointer,
                            "%s: expected %s, as in its first call, by node %s, got %s; %s"
                                    .formatted(
                                            module,
                                            known(first.inputs()),
                                            Wording.quoted(first.node()),
                                            known(inputs),
                                            errors.listed().getFirst().message()));
        }
        walk.sizes().countActivations(again.sizes().activations(), pointer);
        return step.output();
    }

    private static List<Optional<Shape>> shapes(List<Flow> flows) {
        return flows.stream().map(Flow::shape).toList();
    }

    private static String known(List<Flow> flows) {
        String all = flows.stream().flatMap(flow -> flow.shape().stream()).toList().toString();
        return flows.size() == 1 ? all.substring(1, all.length() - 1) : all;
    }

    private Optional<Layer> layer(List<Flow> inputs, Flow output) {
        var children = new ArrayList<Layer>();
        for (Draft.Part part : custom.parts()) {
            built(part.name(), part).ifPresent(children::add);
        }
        boolean whole =
                children.size() == custom.parts().size()
                        && values.size() == custom.nodes().size()
                        && inputs.stream().allMatch(flow -> flow.shape().isPresent());
        if (!whole || output.shape().isEmpty()) {
            return Optional.empty();
        }
        var graph =
                new Graph(
                        custom.inputs(),
                        values.stream().map(Value::node).toList(),
                        custom.output());
        return Optional.of(
                new Layer(
                        path,
                        new LayerSpec.Module(children(custom.parts(), children), graph),
                        inputs.stream().flatMap(flow -> flow.shape().stream()).toList(),
                        output.shape().get(),
                        List.of(),
                        children,
                        values));
    }

    private Optional<Layer> built(String module, Draft.Part part) {
        if (!isList(part.draft())) {
            return Optional.ofNullable(calls.get(module)).flatMap(called -> called.step().layer());
        }
        var children = new ArrayList<Layer>();
        List<Draft.Part> members = members(part.draft());
        for (Draft.Part member : members) {
            built(module + "." + member.name(), member).ifPresent(children::add);
        }
        return children.size() < members.size()
                ? Optional.empty()
                : Optional.of(
                        new Layer(
                                below(module),
                                new LayerSpec.ModuleList(children(members, children)),
                                children.getFirst().inputs(),
                                children.getLast().output(),
                                List.of(),
                                children,
                                List.of()));
    }

    /** The same parts with what is known of them now. */
    static List<LayerSpec.Child> children(List<Draft.Part> parts, List<Layer> layers) {
        var children = new ArrayList<LayerSpec.Child>();
        for (int i = 0; i < parts.size(); i++) {
            Draft.Part part = parts.get(i);
            Layer layer = layers.get(i);
            children.add(
                    new LayerSpec.Child(part.name(), part.place(), layer.spec(), layer.init()));
        }
        return children;
    }
}
