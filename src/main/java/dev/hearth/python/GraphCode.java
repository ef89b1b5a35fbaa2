package dev.hearth.python;

import static java.util.stream.Collectors.joining;

import dev.hearth.spec.Graph;
import dev.hearth.spec.LayerSpec;
import dev.hearth.spec.ModelPlan;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Writes the {@code forward} of a module of the user's own. Values keep their names, but for those
 * that Python's own names would hide behind.
 */
final class GraphCode {

    private static final Set<String> TAKEN =
            Set.of("self", "torch", "F", "nn", "math", "len", "layer", "inputs");

    private final LayerSpec.Module module;
    private final List<ModelPlan.Value> values;
    private final Map<String, String> variables = new HashMap<>();
    private final Set<String> used = new HashSet<>(TAKEN);
    private final PythonFile file;

    GraphCode(LayerSpec.Module module, List<ModelPlan.Value> values, PythonFile file) {
        this.module = module;
        this.values = values;
        this.file = file;
    }

    /** {@code forward} of a module that others call. */
    String forward() {
        String parameters =
                module.graph().inputs().stream()
                        .map(input -> variable(input.name()))
                        .collect(joining(", "));
        return method(parameters, List.of());
    }

    /** {@code forward} of the model, which cuts its one tensor into the named inputs. */
    String forward(List<ModelPlan.Input> inputs) {
        if (inputs.size() == 1 && inputs.getFirst().ranges().isEmpty()) {
            return method(variable(inputs.getFirst().name()), List.of());
        }
        return method(
                "inputs",
                inputs.stream()
                        .map(input -> "%s = %s".formatted(variable(input.name()), cut(input)))
                        .toList());
    }

    private static String cut(ModelPlan.Input input) {
        List<String> parts =
                input.ranges().stream()
                        .map(range -> "inputs[:, %d:%d]".formatted(range.begin(), range.end()))
                        .toList();
        String joined =
                switch (parts.size()) {
                    case 0 -> "inputs";
                    case 1 -> parts.getFirst();
                    default -> "torch.cat([" + String.join(", ", parts) + "], 1)";
                };
        return input.shape().rank() > 1 && !parts.isEmpty()
                ? OpCode.reshaped(joined, input.shape().dims())
                : joined;
    }

    private String method(String parameters, List<String> first) {
        var lines = new ArrayList<>(first);
        for (ModelPlan.Value value : values) {
            List<String> in = value.node().inputs().stream().map(this::variable).toList();
            String result = variable(value.node().name());
            switch (value.node()) {
                case Graph.Call call -> call(result, call.module(), in, lines);
                case Graph.Apply apply ->
                        lines.add("%s = %s".formatted(result, OpCode.of(apply.op(), in, file)));
            }
        }
        returnOutput(variable(module.graph().output()), lines);
        return "def forward(self, %s):\n".formatted(parameters)
                + String.join("\n", lines).indent(4);
    }

    /** Without a name for what is returned at once. */
    private static void returnOutput(String output, List<String> lines) {
        String last = lines.isEmpty() ? "" : lines.getLast();
        String assignment = output + " = ";
        if (last.startsWith(assignment)) {
            lines.set(lines.size() - 1, "return " + last.substring(assignment.length()));
        } else {
            lines.add("return " + output);
        }
    }

    private void call(String result, String name, List<String> in, List<String> lines) {
        if (!(named(name) instanceof LayerSpec.ModuleList list)) {
            lines.add(
                    "%s = %s(%s)"
                            .formatted(result, attribute("self", name), String.join(", ", in)));
            return;
        }
        boolean nested =
                list.children().stream()
                        .anyMatch(child -> child.spec() instanceof LayerSpec.ModuleList);
        if (in.size() == 1 && !nested) {
            if (!result.equals(in.getFirst())) {
                lines.add("%s = %s".formatted(result, in.getFirst()));
            }
            lines.add("for layer in %s:".formatted(attribute("self", name)));
            lines.add("    %s = layer(%s)".formatted(result, result));
            return;
        }
        List<String> arguments = in;
        for (LayerSpec.Child child : list.children()) {
            call(result, name + "." + child.name(), arguments, lines);
            arguments = List.of(result);
        }
    }

    private LayerSpec named(String name) {
        LayerSpec spec = module;
        for (String part : name.split("\\.")) {
            spec =
                    ((LayerSpec.Container) spec)
                            .children().stream()
                                    .filter(child -> child.name().equals(part))
                                    .map(LayerSpec.Child::spec)
                                    .findFirst()
                                    .orElseThrow();
        }
        return spec;
    }

    /** Members of a list by index, others by name. */
    static String attribute(String root, String path) {
        var expression = new StringBuilder(root);
        for (String part : path.split("\\.")) {
            boolean isIndex = Character.isDigit(part.charAt(0));
            expression.append(isIndex ? "[" + part + "]" : "." + part);
        }
        return expression.toString();
    }

    private String variable(String name) {
        return variables.computeIfAbsent(
                name,
                wanted -> {
                    String free = wanted;
                    while (!used.add(free)) {
                        free += "_";
                    }
                    return free;
                });
    }
}
