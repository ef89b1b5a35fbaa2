package dev.hearth.torchscript;

import dev.hearth.spec.BlockInput;
import dev.hearth.spec.Encoding;
import dev.hearth.spec.InputForm;
import dev.hearth.spec.LearnedStep;
import dev.hearth.spec.LossSpec;
import dev.hearth.spec.ModelPlan;
import dev.hearth.torchscript.ScriptModule.Attribute;
import dev.hearth.torchscript.ScriptModule.Method;
import dev.hearth.torchscript.ScriptModule.TensorValue;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * Compiles a trained model to a TorchScript archive, which Hearth serves from and {@code
 * torch.jit.load} reads.
 *
 * <ul>
 *   <li>{@code forward(x)}: {@code x} {@code [N, F]} as the layers expect it
 *   <li>{@code preprocess(raw)}: raw columns {@code [N, C]}, FLOAT64, where NaN is a missing value
 *       of a column that may have such, or images and tensors as they are stored, {@code [N,
 *       shape…]}, to {@code [N, F]}, FLOAT32
 *   <li>{@code predict(raw)}: both, and what the output says: see {@link Outputs#answer}
 * </ul>
 */
public record ModelCompiler(ModelPlan plan, InputForm input, LossSpec loss) {

    /**
     * PyTorch's {@code kProducedFileFormatVersion} since 1.13: with an older one, libtorch reads
     * operators as they were then.
     */
    private static final int FORMAT_VERSION = 10;

    /** Writes the archive, in evaluation mode. */
    public void compile(StateDict state, OutputStream out) throws IOException {
        var module = module(new Layers(state, Layers.Randomness.PROCESS, false));
        writeArchive(module, out);
    }

    /** The model with its methods, as a part of a larger program or on its own. */
    ScriptModule module(Layers layers) {
        ScriptModule network = layers.compile(plan);
        var attributes = new ArrayList<>(network.attributes());
        if (input instanceof Encoding encoding) {
            attributes.addAll(inputScaling(encoding));
        }
        var methods = new ArrayList<>(network.methods());
        methods.add(new Method("preprocess", List.of("raw"), "Tensor", preprocess()));
        methods.add(
                new Method(
                        "predict",
                        List.of("raw"),
                        "Tensor",
                        List.of(
                                "out = self.forward(self.preprocess(raw, ), )",
                                "return " + Outputs.answer(loss))));
        return new ScriptModule(network.className(), attributes, methods);
    }

    /** One scale for all columns at once: those that are not standardised have mean 0 and std 1. */
    private static List<Attribute> inputScaling(Encoding encoding) {
        double[] mean = new double[encoding.features().size()];
        double[] std = new double[encoding.features().size()];
        for (int i = 0; i < mean.length; i++) {
            std[i] = 1;
            if (encoding.features().get(i)
                    instanceof Encoding.Standardized(_, double learnedMean, double learnedStd)) {
                mean[i] = learnedMean;
                std[i] = learnedStd;
            }
        }
        var attributes = new ArrayList<Attribute>();
        attributes.add(new Attribute("input_mean", new TensorValue(TensorData.of(mean))));
        attributes.add(new Attribute("input_std", new TensorValue(TensorData.of(std))));
        if (!encoding.fills().isEmpty()) {
            attributes.add(new Attribute("input_fill", new TensorValue(fills(encoding))));
        }
        return attributes;
    }

    /** What stands for a missing value of each column; NaN where there must be none. */
    private static TensorData fills(Encoding encoding) {
        return TensorData.of(
                encoding.features().stream()
                        .mapToDouble(feature ->
                                encoding.fills().getOrDefault(feature.column(), Double.NaN))
                        .toArray());
    }

    private List<String> preprocess() {
        return switch (input) {
            case Encoding encoding -> preprocess(encoding);
            case BlockInput block -> BlockCode.preprocess(block);
        };
    }

    private List<String> preprocess(Encoding encoding) {
        var lines = new ArrayList<String>();
        if (!encoding.fills().isEmpty()) {
            lines.add("raw = torch.where(torch.isnan(raw), self.input_fill, raw)");
        }
        lines.add("scaled = torch.div(torch.sub(raw, self.input_mean), self.input_std)");
        lines.add("parts = annotate(List[Tensor], [])");
        List<Encoding.Feature> features = encoding.features();
        int first = 0;
        for (int i = 0; i < features.size(); i++) {
            switch (features.get(i)) {
                case Encoding.OneHot(_, List<String> categories) -> {
                    addScaled(first, i, lines);
                    first = i + 1;
                    lines.add(
                            ("_ = torch.append(parts, torch.to(torch.eq(torch.slice(raw, 1, %d,"
                                            + " %d), torch.arange(%d, dtype=7, layout=None,"
                                            + " device=ops.prim.device(raw))), 7))")
                                    .formatted(i, i + 1, categories.size()));
                }
                case Encoding.Scaled(_, List<LearnedStep> steps) -> {
                    addScaled(first, i, lines);
                    first = i + 1;
                    lines.add("column = torch.slice(raw, 1, %d, %d)".formatted(i, i + 1));
                    steps.forEach(step -> lines.add("column = " + step(step)));
                    lines.add("_ = torch.append(parts, column)");
                }
                case Encoding.Standardized _,
                        Encoding.Numeric _,
                        Encoding.Flag _,
                        Encoding.Ordinal _ -> {}
            }
        }
        addScaled(first, features.size(), lines);
        lines.add(
                "return torch.reshape(torch.to(torch.cat(parts, 1), 6), [torch.size(raw, 0), %s])"
                        .formatted(plan.input().toString().replaceAll("[\\[\\]]", "")));
        return lines;
    }

    private static String step(LearnedStep step) {
        return switch (step) {
            case LearnedStep.Standard(double mean, double scale) -> shifted(mean, scale);
            case LearnedStep.Robust(double center, double scale) -> shifted(center, scale);
            case LearnedStep.MinMax(double scale, double min) ->
                    "torch.add(torch.mul(column, %s), %s)".formatted(scale, min);
            case LearnedStep.Log1p _ -> "torch.log1p(column)";
            case LearnedStep.Clip(double min, double max) ->
                    "torch.clamp(column, %s, %s)".formatted(min, max);
        };
    }

    private static String shifted(double center, double scale) {
        return "torch.div(torch.sub(column, %s), %s)".formatted(center, scale);
    }

    private static void addScaled(int first, int end, List<String> lines) {
        if (first < end) {
            lines.add(
                    "_ = torch.append(parts, torch.slice(scaled, 1, %d, %d))"
                            .formatted(first, end));
        }
    }

    static void writeArchive(ScriptModule module, OutputStream out) throws IOException {
        var pickle = new Pickle();
        module.pickle(pickle);
        try (var zip = new TorchZip(out, "archive")) {
            zip.addPickle("data", pickle)
                    .add("code/__torch__.py", module.source())
                    .addPickle("constants", new Pickle().emptyTuple())
                    .add("version", FORMAT_VERSION + "\n")
                    .add("byteorder", "little");
        }
    }
}
