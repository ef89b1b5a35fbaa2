package dev.hearth.torchscript;

import static dev.hearth.torchscript.ConvolutionCode.literal;

import dev.hearth.spec.Normalization;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/** Compiles normalisations, as {@code torch/nn/modules/batchnorm.py} has them. */
final class NormalizationCode {

    private NormalizationCode() {}

    static List<String> forward(Normalization normalization) {
        return switch (normalization) {
            case Normalization.BatchNorm norm -> batch(norm);
            case Normalization.InstanceNorm2d norm ->
                    List.of(
                            "return torch.instance_norm(x, %s, %s, %s, %s, True)"
                                    .formatted(
                                            tensors(norm),
                                            norm.trackRunningStats() ? "self.training" : "True",
                                            norm.momentum().orElseThrow(),
                                            norm.eps()));
            case Normalization.LayerNorm norm ->
                    List.of(
                            "return torch.layer_norm(x, %s, %s, %s, %s, True)"
                                    .formatted(
                                            norm.normalizedShape(),
                                            norm.elementwiseAffine() ? "self.weight" : "None",
                                            norm.elementwiseAffine() && norm.bias()
                                                    ? "self.bias"
                                                    : "None",
                                            norm.eps()));
            case Normalization.GroupNorm norm ->
                    List.of(
                            "return torch.group_norm(x, %d, %s, %s, True)"
                                    .formatted(
                                            norm.numGroups(), affine(norm.affine()), norm.eps()));
        };
    }

    private static List<String> batch(Normalization.BatchNorm norm) {
        var lines = new ArrayList<String>();
        OptionalDouble momentum = norm.momentum();
        String factor = String.valueOf(momentum.orElse(0));
        if (norm.trackRunningStats()) {
            lines.add("if self.training:");
            lines.add("  _ = torch.add_(self.num_batches_tracked, 1)");
            lines.add("else:");
            lines.add("  pass");
            if (momentum.isEmpty()) {
                // The mean over all batches so far; not looked at in evaluation.
                factor = "factor";
                lines.add("if self.training:");
                lines.add("  factor = torch.div(1., float(self.num_batches_tracked))");
                lines.add("else:");
                lines.add("  factor = 0.");
            }
        }
        lines.add(
                "return torch.batch_norm(x, %s, %s, %s, %s, True)"
                        .formatted(
                                tensors(norm),
                                norm.trackRunningStats() ? "self.training" : literal(true),
                                factor,
                                norm.eps()));
        return lines;
    }

    private static String tensors(Normalization.Tracking norm) {
        return affine(norm.affine())
                + (norm.trackRunningStats()
                        ? ", self.running_mean, self.running_var"
                        : ", None, None");
    }

    private static String affine(boolean affine) {
        return affine ? "self.weight, self.bias" : "None, None";
    }
}
