package dev.hearth.torchscript;

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
import dev.hearth.torchscript.ScriptModule.Attribute;
import dev.hearth.torchscript.ScriptModule.BooleanValue;
import dev.hearth.torchscript.ScriptModule.BufferValue;
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
                    List.of(new Method("forward", parameters(layer), "Tensor", forward(layer)));
        };
    }

    private static List<String> parameters(ModelPlan.Layer layer) {
        return switch (layer.inputs().size()) {
            case 1 -> List.of("x");
            case 2 -> List.of("x", "x2");
            default -> List.of("query", "key", "value");
        };
    }

    /** Whether the layer draws random numbers in training. */
    static boolean isRandom(ModelPlan.Layer layer) {
        return switch (layer.spec()) {
            case Noise noise -> noise.p() > 0;
            case Attention attention -> attention.dropout() > 0;
            case Recurrent recurrent -> recurrent.dropout() > 0 && recurrent.numLayers() > 1;
            case Projection _,
                    Activation _,
                    Convolution _,
                    Pooling _,
                    Normalization _,
                    Reshaping _,
                    LayerSpec.Container _ ->
                    false;
        };
    }

    /** Whether the layer is one thing in training and another in evaluation. */
    static boolean hasModes(ModelPlan.Layer layer) {
        return isRandom(layer)
                || layer.spec() instanceof Normalization.Tracking
                || layer.spec() instanceof Recurrent;
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
        var attributes = new ArrayList<>(tensors(layer));
        attributes.add(new Attribute("training", new BooleanValue(training)));
        if (isRandom(layer) && randomness == Randomness.RUN) {
            attributes.add(new Attribute(GENERATOR, new NoneValue("Optional[Generator]")));
        }
        for (ModelPlan.Layer child : layer.children()) {
            attributes.add(new Attribute(childName(child), new ModuleValue(compile(child))));
        }
        return attributes;
    }

    /**
     * The layer's parameters and buffers. One such as {@code out_proj.weight} is in a module of its
     * own below, so that a {@code state_dict} has PyTorch's names.
     */
    private List<Attribute> tensors(ModelPlan.Layer layer) {
        var tree = new TensorTree();
        StateTensor.of(layer)
                .forEach(tensor -> {
                    TensorData value = state.tensor(tensor.name());
                    tree.put(
                            tensor.local(),
                            tensor.buffer().isPresent()
                                    ? new BufferValue(value)
                                    : new ParameterValue(value));
                });
        return tree.attributes(className(layer), training);
    }

    private List<String> forward(ModelPlan.Layer layer) {
        var noise = new NoiseCode(randomness);
        return switch (layer.spec()) {
            case Projection projection -> projection(layer, projection);
            case Activation activation ->
                    List.of("return " + ActivationCode.expression(activation));
            case Convolution convolution -> ConvolutionCode.forward(convolution);
            case Pooling pooling -> ConvolutionCode.forward(pooling);
            case Normalization normalization -> NormalizationCode.forward(normalization);
            case Noise drawn -> noise.forward(drawn);
            case Recurrent recurrent -> new RecurrentCode(recurrent, noise).forward();
            case Attention attention ->
                    new AttentionCode(noise).forward(attention, layer.inputs().size() > 1);
            case Reshaping reshaping -> List.of("return " + ReshapingCode.expression(reshaping));
            case LayerSpec.Container _ -> sequential(layer);
        };
    }

    private static List<String> projection(ModelPlan.Layer layer, Projection projection) {
        return switch (projection) {
            case Projection.Linear linear ->
                    List.of(
                            "return torch.linear(x, self.weight, %s)"
                                    .formatted(linear.bias() ? "self.bias" : "None"));
            case Projection.Bilinear bilinear ->
                    List.of(
                            "return torch.bilinear(x, x2, self.weight, %s)"
                                    .formatted(bilinear.bias() ? "self.bias" : "None"));
            case Projection.Embedding embedding -> embedding(layer, embedding);
        };
    }

    /**
     * The input is whole numbers written as reals. One without a row is refused here and not by
     * {@code torch.embedding}, which on CUDA takes the whole process's device down with it.
     */
    private static List<String> embedding(ModelPlan.Layer layer, Projection.Embedding embedding) {
        return List.of(
                "rows = torch.to(x, 4)",
                "outside = torch.logical_or(torch.lt(rows, 0), torch.ge(rows, %d))"
                        .formatted(embedding.numEmbeddings()),
                "if bool(torch.any(outside)):",
                "  ops.prim.RaiseException(\"%slayer %s (Embedding) takes whole numbers from 0 to %d and"
                                .formatted(
                                        UnfitValuesException.REFUSAL,
                                        layer.path(),
                                        embedding.numEmbeddings() - 1)
                        + " got another; raise num_embeddings, or look at the values of its columns,"
                        + " which are standardised unless preprocessing says otherwise\")",
                "else:",
                "  pass",
                "return torch.embedding(self.weight, rows, %d)"
                        .formatted(embedding.paddingIdx().orElse(-1)));
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
