package dev.hearth.spec;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Reads the nodes of one graph and looks at what they name. */
final class NodeReader {

    private final SpecErrors errors;
    private final String pointer;
    private final Map<String, Draft> modules = new LinkedHashMap<>();

    /** The inputs and the nodes so far. */
    private final Set<String> names = new LinkedHashSet<>();

    private final Set<String> nodeNames = new LinkedHashSet<>();
    private final Map<String, Integer> firstPlace = new HashMap<>();
    private final Set<String> used = new HashSet<>();
    private final Set<String> called = new HashSet<>();
    private final List<String> inputs;
    private String last = "";

    /**
     * @param pointer to the array of nodes
     */
    NodeReader(
            SpecErrors errors, String pointer, List<Graph.Input> inputs, List<Draft.Part> parts) {
        this.errors = errors;
        this.pointer = pointer;
        this.inputs = inputs.stream().map(Graph.Input::name).toList();
        names.addAll(this.inputs);
        addModules("", parts);
    }

    private void addModules(String prefix, List<Draft.Part> parts) {
        for (Draft.Part part : parts) {
            modules.put(prefix + part.name(), part.draft());
            if (part.draft() instanceof Draft.Group(Draft.Group.Kind kind, var members)
                    && kind == Draft.Group.Kind.MODULE_LIST) {
                addModules(prefix + part.name() + ".", members);
            }
        }
    }

    /** All names that have a value, inputs first. */
    Set<String> names() {
        return names;
    }

    /** The name of the last node. */
    String last() {
        return last;
    }

    /** Each node; empty where one could not be read. */
    List<Optional<Graph.Node>> read(JsonNode nodes) {
        for (int i = nodes.size() - 1; i >= 0; i--) {
            JsonNode name = nodes.get(i).get(GraphReader.NAME);
            if (name != null && name.isString()) {
                firstPlace.put(name.stringValue(), i);
            }
        }
        var read = new ArrayList<Optional<Graph.Node>>();
        for (int i = 0; i < nodes.size(); i++) {
            read.add(node(nodes.get(i), Pointers.element(pointer, i), i));
        }
        return read;
    }

    private Optional<Graph.Node> node(JsonNode node, String place, int index) {
        if (!node.isObject()) {
            new Values(errors).wrongType("an object with a name", node, place);
            return Optional.empty();
        }
        Optional<Types.Named<OpReader.Kind>> kind =
                Optional.ofNullable(node.get(OpReader.OP))
                        .flatMap(op ->
                                OpReader.kind(op, Pointers.field(place, OpReader.OP), errors));
        Optional<Fields> fields =
                node.has(OpReader.OP) && kind.isEmpty()
                        ? Fields.unchecked(node, place, errors)
                        : Fields.open(
                                node,
                                place,
                                kind.map(Types.Named::name).orElse("a call"),
                                fields(kind),
                                errors);
        return fields.flatMap(open -> node(open, kind, place, index));
    }

    private static List<String> fields(Optional<Types.Named<OpReader.Kind>> kind) {
        var fields = new ArrayList<>(GraphReader.NODE);
        kind.ifPresent(known -> fields.addAll(known.form().fields()));
        return fields;
    }

    private Optional<Graph.Node> node(
            Fields fields, Optional<Types.Named<OpReader.Kind>> kind, String place, int index) {
        fields.required(GraphReader.NAME, "name what the node makes, such as \"y\"");
        Optional<String> name = fields.string(GraphReader.NAME);
        Optional<List<String>> from = inputs(fields, index);
        if (fields.has(GraphReader.CALL) == fields.has(OpReader.OP)) {
            errors.add(
                    place,
                    "expected either call, the name of a module, or op, the name of an operation, got"
                            + (fields.has(OpReader.OP) ? " both" : " neither"));
        }
        Optional<String> module = fields.string(GraphReader.CALL).flatMap(m -> known(m, fields));
        Optional<OpSpec> op = kind.flatMap(known -> OpReader.read(known.form(), fields));
        from.ifPresent(given -> requireCount(given, module, op, fields));
        name.ifPresent(given -> define(given, fields, index));
        if (name.isEmpty() || from.isEmpty() || fields.failed()) {
            return Optional.empty();
        }
        return module.<Graph.Node>map(known -> new Graph.Call(name.get(), from.get(), known))
                .or(() -> op.map(known -> new Graph.Apply(name.get(), from.get(), known)));
    }

    private void define(String name, Fields fields, int index) {
        Names.ofValue(name).ifPresent(message -> fields.reject(GraphReader.NAME, message));
        if (names.contains(name)) {
            fields.reject(
                    GraphReader.NAME,
                    "%s is %s already; choose another name"
                            .formatted(
                                    Wording.quoted(name),
                                    inputs.contains(name)
                                            ? "an input"
                                            : "made by " + firstPlace(name)));
        }
        names.add(name);
        nodeNames.add(name);
        last = name;
        firstPlace.putIfAbsent(name, index);
    }

    private String firstPlace(String name) {
        return pointer + "/" + firstPlace.getOrDefault(name, 0);
    }

    private Optional<List<String>> inputs(Fields fields, int index) {
        fields.required(GraphReader.INPUTS, "name what the node is made of, such as [\"x\"]");
        Optional<List<String>> read =
                fields.list(
                        GraphReader.INPUTS,
                        "an array of names",
                        (values, node, place) ->
                                values.string(node, place)
                                        .filter(name -> isDefined(name, place, index)));
        if (read.filter(List::isEmpty).isPresent() && !fields.failed()) {
            fields.reject(GraphReader.INPUTS, "expected at least one name, got an empty array");
            return Optional.empty();
        }
        return fields.failed() ? Optional.empty() : read;
    }

    private boolean isDefined(String name, String place, int index) {
        used.add(name);
        if (names.contains(name)) {
            return true;
        }
        Integer later = firstPlace.get(name);
        if (later == null) {
            errors.add(
                    place,
                    "unknown node %s; known here are %s%s"
                            .formatted(
                                    Wording.quoted(name),
                                    String.join(", ", names),
                                    Wording.didYouMean(name, List.copyOf(names))));
        } else {
            errors.add(
                    place,
                    later == index
                            ? "node %s is made of itself; a node is made of those before it"
                                    .formatted(Wording.quoted(name))
                            : "node %s is made later, by %s; a node is made of those before it"
                                    .formatted(Wording.quoted(name), firstPlace(name)));
        }
        return false;
    }

    private Optional<String> known(String module, Fields fields) {
        Draft draft = modules.get(module);
        if (draft == null) {
            fields.reject(
                    GraphReader.CALL,
                    "unknown module %s; %s%s"
                            .formatted(
                                    Wording.quoted(module),
                                    modules.isEmpty()
                                            ? "there are no modules"
                                            : "modules are " + String.join(", ", modules.keySet()),
                                    Wording.didYouMean(module, List.copyOf(modules.keySet()))));
            return Optional.empty();
        }
        call(module, draft);
        return Optional.of(module);
    }

    private void call(String module, Draft draft) {
        called.add(module);
        if (draft instanceof Draft.Group(Draft.Group.Kind kind, var members)
                && kind == Draft.Group.Kind.MODULE_LIST) {
            for (Draft.Part member : members) {
                call(module + "." + member.name(), member.draft());
            }
        }
    }

    private void requireCount(
            List<String> given, Optional<String> module, Optional<OpSpec> op, Fields fields) {
        op.filter(known -> given.size() < known.least() || given.size() > known.most())
                .ifPresent(known ->
                        fields.reject(
                                GraphReader.INPUTS,
                                "%s takes %s, got %d%s"
                                        .formatted(
                                                known.op(),
                                                inputs(known.least(), known.most()),
                                                given.size(),
                                                known instanceof OpSpec.Arithmetic
                                                        ? ", or one and a value"
                                                        : "")));
        module.map(modules::get)
                .filter(draft -> given.size() != count(draft, given.size()))
                .ifPresent(draft -> {
                    int expected = count(draft, given.size());
                    if (expected > 0) {
                        fields.reject(
                                GraphReader.INPUTS,
                                "%s takes %s, got %d"
                                        .formatted(
                                                module.orElseThrow(),
                                                inputs(expected, expected),
                                                given.size()));
                    }
                });
    }

    private static String inputs(int least, int most) {
        String number = least == 1 ? "one input" : least + " inputs";
        return most == least ? number : "at least " + number;
    }

    /** How many inputs a layer takes; 0 where that is not known. */
    private static int count(Draft draft, int given) {
        return switch (draft) {
            case Draft.Leaf(LayerSpec spec, _) -> spec.inputs(given);
            case Draft.Group _ -> 1;
            case Draft.Custom custom -> custom.inputs().size();
            case Draft.Gap _ -> 0;
        };
    }

    /**
     * What nothing is made of gets no gradient, so it is an error.
     *
     * @param end the node that is the output
     */
    void requireUse(String end, String inputsPointer, String modulesPointer) {
        for (String input : inputs) {
            if (!used.contains(input)) {
                errors.add(
                        Pointers.field(inputsPointer, input),
                        "no node uses input %s; leave it out, or name it among a node's inputs"
                                .formatted(Wording.quoted(input)));
            }
        }
        for (String node : nodeNames) {
            if (!used.contains(node) && !node.equals(end)) {
                errors.add(
                        firstPlace(node),
                        "nothing uses node %s; leave it out, or name it among another's inputs, or as"
                                        .formatted(Wording.quoted(node))
                                + " the output");
            }
        }
        modules.forEach((module, draft) -> {
            boolean isList =
                    draft instanceof Draft.Group(Draft.Group.Kind kind, _)
                            && kind == Draft.Group.Kind.MODULE_LIST;
            if (!called.contains(module) && !isList) {
                errors.add(
                        modulesPointer + "/" + module.replace(".", "/layers/"),
                        "no node calls module %s; leave it out, or call it"
                                .formatted(Wording.quoted(module)));
            }
        });
    }
}
