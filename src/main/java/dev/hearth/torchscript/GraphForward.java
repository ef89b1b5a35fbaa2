package dev.hearth.torchscript;

import static java.util.stream.Collectors.joining;

import dev.hearth.spec.Graph;
import dev.hearth.spec.LayerSpec;
import dev.hearth.spec.ModelPlan;
import java.util.ArrayList;
import java.util.List;

/**
 * Compiles the {@code forward} of a {@link LayerSpec.Module}. Values keep the user's names, with a
 * letter before them, so that none is a word of TorchScript.
 */
final class GraphForward {

    private final LayerSpec.Module module;
    private final List<ModelPlan.Value> values;

    GraphForward(LayerSpec.Module module, List<ModelPlan.Value> values) {
        this.module = module;
        this.values = values;
    }

    /** The parameters of a module that others call. */
    List<String> parameters() {
        return module.graph().inputs().stream().map(input -> variable(input.name())).toList();
    }

    List<String> lines() {
        var lines = new ArrayList<String>();
        for (ModelPlan.Value value : values) {
            Graph.Node node = value.node();
            String result = variable(node.name());
            List<String> in = node.inputs().stream().map(GraphForward::variable).toList();
            switch (node) {
                case Graph.Call call -> call(result, call.module(), in, lines);
                case Graph.Apply apply -> lines.addAll(Ops.lines(result, apply.op(), in));
            }
        }
        lines.add("return " + variable(module.graph().output()));
        return lines;
    }

    private void call(String result, String name, List<String> in, List<String> lines) {
        List<String> arguments = in;
        for (String called : expand(name)) {
            lines.add(
                    "%s = (%s).forward(%s, )"
                            .formatted(
                                    result,
                                    Layers.module("self", called),
                                    arguments.stream().collect(joining(", "))));
            arguments = List.of(result);
        }
    }

    /** The members of a list in order, or the module itself. */
    private List<String> expand(String name) {
        LayerSpec spec = module;
        for (String part : name.split("\\.")) {
            spec = child((LayerSpec.Container) spec, part);
        }
        if (!(spec instanceof LayerSpec.ModuleList list)) {
            return List.of(name);
        }
        return list.children().stream()
                .flatMap(member -> expand(name + "." + member.name()).stream())
                .toList();
    }

    private static LayerSpec child(LayerSpec.Container container, String name) {
        return container.children().stream()
                .filter(child -> child.name().equals(name))
                .map(LayerSpec.Child::spec)
                .findFirst()
                .orElseThrow();
    }

    /** What cuts a model's one input into its named ones. */
    static List<String> cut(List<ModelPlan.Input> inputs) {
        var lines = new ArrayList<String>();
        for (ModelPlan.Input input : inputs) {
            List<String> parts =
                    input.ranges().stream()
                            .map(range ->
                                    "torch.slice(x, 1, %d, %d)"
                                            .formatted(range.begin(), range.end()))
                            .toList();
            String joined =
                    switch (parts.size()) {
                        case 0 -> "x";
                        case 1 -> parts.getFirst();
                        default -> "torch.cat([" + String.join(", ", parts) + "], 1)";
                    };
            lines.add("%s = %s".formatted(variable(input.name()), joined));
            if (input.shape().rank() > 1 && !parts.isEmpty()) {
                String name = variable(input.name());
                lines.add("%s = %s".formatted(name, Ops.reshaped(name, input.shape())));
            }
        }
        return lines;
    }

    static String variable(String name) {
        return "v_" + name;
    }
}
