package dev.hearth.torchscript;

import dev.hearth.spec.Noise;
import dev.hearth.torchscript.Layers.Randomness;
import java.util.ArrayList;
import java.util.List;

/**
 * Compiles what draws random numbers in training: step by step what {@code at::native::dropout} and
 * its kin do, but with a generator given. The same draws then make the same bits.
 */
record NoiseCode(Randomness randomness) {

    /** The constant of {@code at::native::alpha_dropout}. */
    private static final double ALPHA = 1.7580993408473766;

    List<String> forward(Noise noise) {
        if (noise.p() == 0) {
            return List.of("return x");
        }
        return switch (randomness) {
            case PROCESS ->
                    List.of(
                            "return torch.%s(x, %s, self.training)"
                                    .formatted(operator(noise), noise.p()));
            case RUN ->
                    switch (noise) {
                        case Noise.Dropout(double p) -> inTraining(elementwise("y", "x", p));
                        case Noise.Dropout2d(double p) -> inTraining(channelwise(p));
                        case Noise.AlphaDropout(double p) -> inTraining(alpha(p));
                    };
        };
    }

    private static String operator(Noise noise) {
        return switch (noise) {
            case Noise.Dropout _ -> "dropout";
            case Noise.Dropout2d _ -> "feature_dropout";
            case Noise.AlphaDropout _ -> "alpha_dropout";
        };
    }

    private static List<String> inTraining(List<String> lines) {
        var body = new ArrayList<String>();
        body.add("if self.training:");
        lines.forEach(line -> body.add("  " + line));
        body.add("else:");
        body.add("  y = x");
        body.add("return y");
        return body;
    }

    /** {@code result = dropout(value)}, for the layers that have one within them. */
    List<String> dropout(String result, String value, double p) {
        if (p == 0) {
            return List.of("%s = %s".formatted(result, value));
        }
        return switch (randomness) {
            case PROCESS ->
                    List.of(
                            "%s = torch.dropout(%s, %s, self.training)"
                                    .formatted(result, value, p));
            case RUN -> {
                var lines = new ArrayList<String>();
                lines.add("if self.training:");
                elementwise(result, value, p).forEach(line -> lines.add("  " + line));
                lines.add("else:");
                lines.add("  %s = %s".formatted(result, value));
                yield lines;
            }
        };
    }

    private static List<String> elementwise(String result, String value, double p) {
        return List.of(
                drawn("torch.empty_like(" + value + ")", p),
                "%s = torch.mul(%s, torch.div_(noise, %s))".formatted(result, value, 1 - p));
    }

    private static List<String> channelwise(double p) {
        return List.of(
                drawn("torch.new_empty(x, [torch.size(x, 0), torch.size(x, 1), 1, 1])", p),
                "y = torch.mul(x, torch.div_(noise, " + (1 - p) + "))");
    }

    private static List<String> alpha(double p) {
        double a = 1 / Math.sqrt((ALPHA * ALPHA * p + 1) * (1 - p));
        return List.of(
                drawn("torch.empty_like(x)", p),
                "b = torch.add_(torch.mul_(torch.add(noise, -1), %s), %s)"
                        .formatted(ALPHA * a, ALPHA * a * p),
                "y = torch.add_(torch.mul(x, torch.mul_(noise, %s)), b)".formatted(a));
    }

    private static String drawn(String empty, double p) {
        return "noise = torch.bernoulli_(%s, %s, generator=self.%s)"
                .formatted(empty, 1 - p, Layers.GENERATOR);
    }
}
