package dev.hearth.torchscript;

import dev.hearth.spec.LayerSpec;
import dev.hearth.spec.ModelPlan;
import dev.hearth.torchscript.ScriptModule.Attribute;
import dev.hearth.torchscript.ScriptModule.BooleanValue;
import dev.hearth.torchscript.ScriptModule.Method;
import dev.hearth.torchscript.ScriptModule.ModuleValue;
import dev.hearth.torchscript.ScriptModule.NoneValue;
import dev.hearth.torchscript.ScriptModule.ParameterValue;
import java.util.ArrayList;
import java.util.List;

/** Compiles the layers of a model to modules whose {@code forward} computes what PyTorch's do. */
final class Layers {

    /** Where a random layer's numbers come from. */
    enum Randomness {
        /** PyTorch's own process-wide generator: what an exported model uses, as in PyTorch. */
        PROCESS,
        /** A generator of the run's own, so that runs in one process do not disturb one another. */
        RUN
    }

    static final String GENERATOR = "generator";

    private final StateDict state;
    private final Randomness randomness;
    private final boolean training;

    Layers(StateDict state, Randomness randomness, boolean training) {
        this.state = state;
        this.randomness = randomness;
        this.training = training;
    }

    /** The module of {@code layer}, and those of its children within it. */
    ScriptModule compile(ModelPlan.Layer layer) {
        return new ScriptModule(className(layer), attributes(layer), methods(layer));
    }

    /** The whole model: its {@code forward} takes one tensor and cuts it into the named inputs. */
    ScriptModule compile(ModelPlan plan) {
        if (!(plan.root().spec() instanceof LayerSpec.Module module)) {
            return compile(plan.root());
        }
        var lines = new ArrayList<>(GraphForward.cut(plan.inputs()));
        lines.addAll(new GraphForward(module, plan.root().values()).lines());
        return new ScriptModule(
                className(plan.root()),
                attributes(plan.root()),
                List.of(new Method("forward", List.of("x"), "Tensor", lines)));
    }

    private List<Method> methods(ModelPlan.Layer layer) {
        return switch (layer.spec()) {
            // As in PyTorch, where its members are called one by one.
            case LayerSpec.ModuleList _ -> List.of();
            case LayerSpec.Module module -> {
                var graph = new GraphForward(module, layer.values());
                yield List.of(new Method("forward", graph.parameters(), "Tensor", graph.lines()));
            }
            case LayerSpec _ ->
                    List.of(new Method("forward", List.of("x"), "Tensor", forward(layer)));
        };
    }

    /** Whether the layer draws random numbers in training. */
    static boolean isRandom(ModelPlan.Layer layer) {
        return switch (layer.spec()) {
            case LayerSpec.Dropout dropout -> dropout.p() > 0;
            case LayerSpec.Linear _,
                    LayerSpec.ReLU _,
                    LayerSpec.Sigmoid _,
                    LayerSpec.Tanh _,
                    LayerSpec.Softmax _,
                    LayerSpec.LogSoftmax _,
                    LayerSpec.Flatten _,
                    LayerSpec.Container _ ->
                    false;
        };
    }

    /** The expression for the module at {@code path} below the expression {@code root}. */
    static String module(String root, String path) {
        String expression = root;
        if (!path.isEmpty()) {
            for (String name : path.split("\\.")) {
                expression = "getattr(%s, \"%s\")".formatted(expression, name);
            }
        }
        return expression;
    }

    List<Attribute> attributes(ModelPlan.Layer layer) {
        var attributes = new ArrayList<Attribute>();
        String prefix = layer.path().isEmpty() ? "" : layer.path() + ".";
        for (ModelPlan.Parameter parameter : layer.parameters()) {
            TensorData value = state.tensor(prefix + parameter.name());
            attributes.add(new Attribute(parameter.name(), new ParameterValue(value)));
        }
        attributes.add(new Attribute("training", new BooleanValue(training)));
        if (isRandom(layer) && randomness == Randomness.RUN) {
            attributes.add(new Attribute(GENERATOR, new NoneValue("Optional[Generator]")));
        }
        for (ModelPlan.Layer child : layer.children()) {
            attributes.add(new Attribute(childName(child), new ModuleValue(compile(child))));
        }
        return attributes;
    }

    private List<String> forward(ModelPlan.Layer layer) {
        return switch (layer.spec()) {
            case LayerSpec.Linear linear ->
                    List.of(
                            "return torch.linear(x, self.weight, %s)"
                                    .formatted(linear.bias() ? "self.bias" : "None"));
            case LayerSpec.ReLU _ -> List.of("return torch.relu(x)");
            case LayerSpec.Sigmoid _ -> List.of("return torch.sigmoid(x)");
            case LayerSpec.Tanh _ -> List.of("return torch.tanh(x)");
            case LayerSpec.Softmax(int dim) -> List.of("return torch.softmax(x, " + dim + ")");
            case LayerSpec.LogSoftmax(int dim) ->
                    List.of("return torch.log_softmax(x, " + dim + ")");
            case LayerSpec.Dropout(double p) -> dropout(p);
            case LayerSpec.Flatten(int startDim, int endDim) ->
                    List.of("return torch.flatten(x, %d, %d)".formatted(startDim, endDim));
            case LayerSpec.Container _ -> sequential(layer);
        };
    }

    /**
     * In training, what {@code at::native::dropout} does, step by step, but with a generator given:
     * the same draws then make the same bits.
     */
    private List<String> dropout(double p) {
        if (p == 0) {
            return List.of("return x");
        }
        return switch (randomness) {
            case PROCESS -> List.of("return torch.dropout(x, " + p + ", self.training)");
            case RUN ->
                    List.of(
                            "if self.training:",
                            "  noise = torch.bernoulli_(torch.empty_like(x), %s, generator=self.%s)"
                                    .formatted(1 - p, GENERATOR),
                            "  y = torch.mul(x, torch.div_(noise, " + (1 - p) + "))",
                            "else:",
                            "  y = x",
                            "return y");
        };
    }

    private static List<String> sequential(ModelPlan.Layer layer) {
        var lines = new ArrayList<String>();
        for (ModelPlan.Layer child : layer.children()) {
            lines.add("x = (%s).forward(x, )".formatted(module("self", childName(child))));
        }
        lines.add("return x");
        return lines;
    }

    private static String childName(ModelPlan.Layer child) {
        return child.path().substring(child.path().lastIndexOf('.') + 1);
    }

    /** Different for different paths, since no name within a path begins with an underscore. */
    private static String className(ModelPlan.Layer layer) {
        return layer.path().isEmpty()
                ? "Model"
                : layer.spec().type() + "_" + layer.path().replace("_", "__").replace('.', '_');
    }
}
