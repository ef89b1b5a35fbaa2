package dev.hearth.python;

import dev.hearth.python.Expression.Call;
import dev.hearth.spec.Graph;
import dev.hearth.spec.LayerSpec;
import dev.hearth.spec.ModelPlan;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/** Writes custom modules as classes; modules that are alike share one. */
final class ModuleCode {

    /** What the members of a list are called in a loop; no name of a user begins so. */
    private static final String MEMBER = "_member";

    /** The model's one input where it is cut into named ones. */
    private static final String ROWS = "_rows";

    private final PythonFile file;
    private final Function<ModelPlan.Layer, Expression> constructor;
    private final Map<String, String> classes = new HashMap<>();

    /**
     * @param constructor writes the call that constructs a layer
     */
    ModuleCode(PythonFile file, Function<ModelPlan.Layer, Expression> constructor) {
        this.file = file;
        this.constructor = constructor;
    }

    /** Defines the class, where there is none alike, and calls it. */
    Expression module(ModelPlan.Layer layer, LayerSpec.Module module, List<String> prelude) {
        var lines = new ArrayList<String>();
        lines.add("    def __init__(self):");
        lines.add("        super().__init__()");
        for (int i = 0; i < module.children().size(); i++) {
            lines.add(
                    constructor
                            .apply(layer.children().get(i))
                            .laidOut(
                                    "        self." + module.children().get(i).name() + " = ", ""));
        }
        lines.add("");
        lines.addAll(forward(layer, module, prelude));
        String body = String.join("\n", lines);
        return Call.of(classes.computeIfAbsent(body, source -> define(layer.path(), source)));
    }

    /** The whole model, which cuts its one input into the named ones. */
    Expression model(ModelPlan plan, LayerSpec.Module module) {
        var prelude = new ArrayList<String>();
        for (ModelPlan.Input input : plan.inputs()) {
            List<String> parts =
                    input.ranges().stream()
                            .map(range ->
                                    "%s[:, %d:%d]".formatted(ROWS, range.begin(), range.end()))
                            .toList();
            if (!parts.isEmpty()) {
                Expression joined =
                        parts.size() == 1
                                ? Expression.of(parts.getFirst())
                                : Call.of("torch.cat", "[" + String.join(", ", parts) + "]")
                                        .with("dim", 1);
                prelude.add(joined.laidOut(input.name() + " = ", ""));
                if (input.shape().rank() > 1) {
                    prelude.add(
                            OpCode.reshaped(input.name(), input.shape().dims())
                                    .laidOut(input.name() + " = ", ""));
                }
            }
        }
        return module(plan.root(), module, prelude);
    }

    private String define(String path, String body) {
        String name = className(path);
        file.define(name, "class " + name + "(nn.Module):\n" + body);
        return name;
    }

    /** By the last name in the path: {@code Blocks}, {@code Blocks2}. */
    private String className(String path) {
        String wanted = "Model";
        for (String name : path.split("\\.")) {
            if (!name.isEmpty() && Character.isLetter(name.charAt(0))) {
                wanted = name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
            }
        }
        String name = wanted + (path.isEmpty() ? "" : "Module");
        for (int i = 2; classes.containsValue(name); i++) {
            name = wanted + "Module" + i;
        }
        return name;
    }

    private List<String> forward(
            ModelPlan.Layer layer, LayerSpec.Module module, List<String> prelude) {
        var lines = new ArrayList<String>();
        List<String> inputs = module.graph().inputs().stream().map(Graph.Input::name).toList();
        lines.add(
                "    def forward(self, %s):"
                        .formatted(prelude.isEmpty() ? String.join(", ", inputs) : ROWS));
        prelude.forEach(line -> lines.add("        " + line));
        var operations = new OpCode(file);
        for (ModelPlan.Value value : layer.values()) {
            String result = "        " + value.node().name() + " = ";
            switch (value.node()) {
                case Graph.Call call -> lines.addAll(call(call, module));
                case Graph.Apply apply ->
                        lines.add(operations.of(apply.op(), apply.inputs()).laidOut(result, ""));
            }
        }
        lines.add("        return " + module.graph().output());
        return lines;
    }

    private static List<String> call(Graph.Call call, LayerSpec.Module module) {
        LayerSpec spec = module;
        var expression = new StringBuilder("self");
        for (String name : call.module().split("\\.")) {
            expression.append(spec instanceof LayerSpec.ModuleList ? "[" + name + "]" : "." + name);
            spec = child((LayerSpec.Container) spec, name);
        }
        if (!(spec instanceof LayerSpec.ModuleList list)) {
            Expression called = Call.of(expression.toString(), call.inputs().toArray());
            return List.of(called.laidOut("        " + call.name() + " = ", ""));
        }
        var lines = new ArrayList<String>();
        lines.add("        %s = %s".formatted(call.name(), call.inputs().getFirst()));
        loop(call.name(), expression.toString(), list, "        ", lines);
        return lines;
    }

    /** Through the members of a list, and of lists within it. */
    private static void loop(
            String result,
            String list,
            LayerSpec.ModuleList members,
            String indent,
            List<String> lines) {
        boolean nested = members.layers().stream().anyMatch(LayerSpec.ModuleList.class::isInstance);
        if (!nested) {
            lines.add("%sfor %s in %s:".formatted(indent, MEMBER, list));
            lines.add("%s    %s = %s(%s)".formatted(indent, result, MEMBER, result));
            return;
        }
        for (LayerSpec.Child member : members.children()) {
            String expression = "%s[%s]".formatted(list, member.name());
            if (member.spec() instanceof LayerSpec.ModuleList inner) {
                loop(result, expression, inner, indent, lines);
            } else {
                lines.add("%s%s = %s(%s)".formatted(indent, result, expression, result));
            }
        }
    }

    private static LayerSpec child(LayerSpec.Container container, String name) {
        return container.children().stream()
                .filter(child -> child.name().equals(name))
                .map(LayerSpec.Child::spec)
                .findFirst()
                .orElseThrow();
    }
}
