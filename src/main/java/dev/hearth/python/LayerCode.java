package dev.hearth.python;

import dev.hearth.python.Expression.Call;
import dev.hearth.spec.Activation;
import dev.hearth.spec.Attention;
import dev.hearth.spec.Convolution;
import dev.hearth.spec.LayerSpec;
import dev.hearth.spec.ModelPlan;
import dev.hearth.spec.Noise;
import dev.hearth.spec.Normalization;
import dev.hearth.spec.Pooling;
import dev.hearth.spec.Projection;
import dev.hearth.spec.Recurrent;
import dev.hearth.spec.Reshaping;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Writes layers as the calls that construct them. */
final class LayerCode {

    private final PythonFile file;
    private final LeafCode leaves;

    /** Names of classes by what follows the name. */
    private final Map<String, String> classes = new HashMap<>();

    /**
     * @param file where layers that PyTorch does not have are defined
     */
    LayerCode(PythonFile file) {
        this.file = file;
        this.leaves = new LeafCode(file);
    }

    /** Defines the model; the expression that builds it. */
    String define(ModelPlan plan) {
        file.require(PythonFile.Import.NN);
        if (plan.root().spec() instanceof LayerSpec.Module module) {
            var graph = new GraphCode(module, plan.root().values(), file);
            file.define("Model", "class Model" + body(plan.root(), graph.forward(plan.inputs())));
            return "Model()";
        }
        Expression model = module(plan.root());
        file.define("build_model", "def build_model():\n" + model.laidOut("    return ", ""));
        return "build_model()";
    }

    /** The module as a constructor's call. */
    private Expression module(ModelPlan.Layer layer) {
        return switch (layer.spec()) {
            case Projection projection -> leaves.of(projection);
            case Convolution convolution -> LeafCode.of(convolution);
            case Pooling pooling -> LeafCode.of(pooling);
            case Activation activation -> ActivationCode.of(activation);
            case Noise noise -> ActivationCode.of(noise);
            case Normalization normalization -> LeafCode.of(normalization);
            case Recurrent recurrent -> leaves.of(recurrent);
            case Attention attention -> leaves.of(attention, layer.inputs().size());
            case Reshaping reshaping -> LeafCode.of(reshaping);
            case LayerSpec.Sequential _ -> new Call("nn.Sequential", modules(layer));
            case LayerSpec.ModuleList _ -> moduleList(modules(layer));
            case LayerSpec.Module module -> ownModule(module, layer);
        };
    }

    private List<Expression> modules(ModelPlan.Layer layer) {
        return layer.children().stream().map(this::module).toList();
    }

    /** Members that are all alike are made in a loop. */
    private static Expression moduleList(List<Expression> members) {
        boolean alike = members.stream().map(Expression::flat).distinct().count() == 1;
        return alike && members.size() > 2
                ? Call.of(
                        "nn.ModuleList",
                        "[%s for _ in range(%d)]"
                                .formatted(members.getFirst().flat(), members.size()))
                : Call.of("nn.ModuleList", new Expression.Rows(members));
    }

    /** A module of the user's own is a class; modules that are alike share one. */
    private Expression ownModule(LayerSpec.Module module, ModelPlan.Layer layer) {
        String body = body(layer, new GraphCode(module, layer.values(), file).forward());
        String name = classes.get(body);
        if (name == null) {
            name = className(layer.path());
            classes.put(body, name);
            file.define(name, "class " + name + body);
        }
        return Call.of(name);
    }

    /** What follows the name of a class. */
    private String body(ModelPlan.Layer layer, String forward) {
        var body = new StringBuilder();
        body.append("(nn.Module):\n    def __init__(self):\n        super().__init__()\n");
        for (ModelPlan.Layer child : layer.children()) {
            String attribute = child.path().substring(child.path().lastIndexOf('.') + 1);
            body.append(module(child).laidOut("        self." + attribute + " = ", "\n"));
        }
        return body + "\n" + forward.indent(4);
    }

    /**
     * After the attribute that holds it: {@code EncoderBlock} for {@code encoder}, {@code Block}
     * for {@code blocks.0}. The last syllable keeps it apart from all other names of the file.
     */
    private String className(String path) {
        String attribute = path.replaceAll("(\\.[0-9]+)+$", "").replaceAll(".*\\.", "");
        boolean isMember = path.matches(".*\\.[0-9]+") && attribute.matches(".*[a-z]s");
        String singular = isMember ? attribute.substring(0, attribute.length() - 1) : attribute;
        var camel = new StringBuilder();
        for (String word : singular.split("_")) {
            if (!word.isEmpty() && !Character.isDigit(attribute.charAt(0))) {
                camel.append(Character.toUpperCase(word.charAt(0))).append(word.substring(1));
            }
        }
        String name = camel.toString().endsWith("Block") ? camel.toString() : camel + "Block";
        String free = name;
        for (int i = 2; classes.containsValue(free); i++) {
            free = name + i;
        }
        return free;
    }
}
