package dev.hearth.torchscript;

import dev.hearth.spec.Initializer;
import dev.hearth.spec.Initializer.Nonlinearity;
import dev.hearth.spec.ModelPlan;
import dev.hearth.spec.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * The initialisers that a specification asks for, operation by operation as {@code
 * torch/nn/init.py} has them; the generator is {@code g}. They come after all {@link DefaultDraws}.
 */
final class InitialValues {

    private InitialValues() {}

    /** Lines that fill the layer's tensors. */
    static List<String> of(ModelPlan.Layer layer) {
        var lines = new ArrayList<String>();
        layer.initializers()
                .forEach((parameter, initializer) ->
                        fill(
                                Layers.module("self.model", layer.path()) + "." + parameter.name(),
                                parameter.shape(),
                                initializer,
                                lines));
        return lines;
    }

    private static void fill(
            String target, Shape shape, Initializer initializer, List<String> lines) {
        switch (initializer) {
            case Initializer.Default _ -> {}
            case Initializer.Xavier(boolean normal, double gain) -> {
                Fans fans = Fans.of(shape);
                lines.add(
                        normal
                                ? drawn(target, shape, "normal_", 0, fans.xavierStd(gain))
                                : uniform(target, shape, fans.xavierBound(gain)));
            }
            case Initializer.Kaiming kaiming -> {
                Fans fans = Fans.of(shape);
                double std =
                        gain(kaiming)
                                / Math.sqrt((double) (kaiming.fanOut() ? fans.out() : fans.in()));
                lines.add(
                        kaiming.normal()
                                ? drawn(target, shape, "normal_", 0, std)
                                : uniform(target, shape, Math.sqrt(3.0) * std));
            }
            case Initializer.Uniform(double a, double b) ->
                    lines.add(drawn(target, shape, "uniform_", a, b));
            case Initializer.Normal(double mean, double std) ->
                    lines.add(drawn(target, shape, "normal_", mean, std));
            case Initializer.TruncNormal normal -> truncated(target, shape, normal, lines);
            case Initializer.Zeros _ -> lines.add("_ = torch.zero_(" + target + ")");
            case Initializer.Ones _ -> lines.add("_ = torch.fill_(" + target + ", 1.)");
            case Initializer.Constant(double val) ->
                    lines.add("_ = torch.fill_(%s, %s)".formatted(target, val));
            case Initializer.Orthogonal(double gain) -> orthogonal(target, shape, gain, lines);
        }
    }

    private static String uniform(String target, Shape shape, double bound) {
        return drawn(target, shape, "uniform_", -bound, bound);
    }

    private static String drawn(
            String target, Shape shape, String distribution, double first, double second) {
        return "_ = torch.copy_(%s, torch.%s(torch.empty(%s, dtype=6), %s, %s, generator=g))"
                .formatted(target, distribution, shape, first, second);
    }

    /** {@code calculate_gain}. */
    private static double gain(Initializer.Kaiming kaiming) {
        Nonlinearity nonlinearity = kaiming.nonlinearity();
        return switch (nonlinearity) {
            case LINEAR, SIGMOID -> 1;
            case TANH -> 5.0 / 3;
            case RELU -> Math.sqrt(2.0);
            case LEAKY_RELU -> Fans.leakyGain(kaiming.a());
            case SELU -> 3.0 / 4;
        };
    }

    /** Uniform between the distribution's values at the ends, and back through its inverse. */
    private static void truncated(
            String target, Shape shape, Initializer.TruncNormal normal, List<String> lines) {
        lines.add("lower = " + bound(normal.a(), normal));
        lines.add("upper = " + bound(normal.b(), normal));
        lines.add(
                "t = torch.erfinv_(torch.uniform_(torch.empty(%s, dtype=6), lower, upper,"
                                .formatted(shape)
                        + " generator=g))");
        lines.add(
                "t = torch.add_(torch.mul_(t, %s), %s)"
                        .formatted(normal.std() * Math.sqrt(2.0), normal.mean()));
        lines.add(
                "_ = torch.copy_(%s, torch.clamp_(t, %s, %s))"
                        .formatted(target, normal.a(), normal.b()));
    }

    private static String bound(double end, Initializer.TruncNormal normal) {
        double x = (end - normal.mean()) / normal.std();
        return "torch.sub(torch.mul(2., torch.div(torch.add(1., torch.erf(%s)), 2.)), 1.)"
                .formatted(x / Math.sqrt(2.0));
    }

    private static void orthogonal(String target, Shape shape, double gain, List<String> lines) {
        long rows = shape.dims().getFirst();
        long columns = shape.elements() / rows;
        boolean wide = rows < columns;
        lines.add(
                "t = torch.normal_(torch.empty([%d, %d], dtype=6), 0., 1., generator=g)"
                        .formatted(rows, columns));
        if (wide) {
            lines.add("t = torch.t(t)");
        }
        lines.add("q, r = torch.linalg_qr(t)");
        lines.add("q = torch.mul_(q, torch.sign(torch.diag(r, 0)))");
        if (wide) {
            lines.add("q = torch.t(q)");
        }
        lines.add("_ = torch.copy_(torch.view(%s, [%d, %d]), q)".formatted(target, rows, columns));
        lines.add("_ = torch.mul_(%s, %s)".formatted(target, gain));
    }
}
