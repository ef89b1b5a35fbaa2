package dev.hearth.torchscript;

import dev.hearth.spec.TransformSpec.Range;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The lines of a list of transforms so far, and what several of them draw and write alike. */
final class TransformLines {

    static final int UINT8 = 0;
    static final int INT64 = 4;
    static final int FLOAT32 = 6;

    /** How often torchvision draws a rectangle before it gives up. */
    static final int TRIES = 10;

    private final String generator;
    private final List<String> lines = new ArrayList<>();

    TransformLines(String generator) {
        this.generator = generator;
    }

    /** Of the random draws, as an expression. */
    String generator() {
        return generator;
    }

    List<String> lines() {
        return List.copyOf(lines);
    }

    void line(String line) {
        lines.add(line);
    }

    /** FLOAT32 {@code [channels, 1, 1]}. */
    static String perChannel(List<Double> values) {
        return "torch.reshape(torch.tensor([%s], dtype=%d, device=ops.prim.device(x)), [-1, 1, 1])"
                .formatted(
                        values.stream().map(String::valueOf).collect(Collectors.joining(", ")),
                        FLOAT32);
    }

    /** A number of FLOAT32 precision from {@code low} to {@code high}, as a tensor [1]. */
    String uniform(String low, String high) {
        return "torch.uniform_(torch.empty([1], dtype=%d), %s, %s, generator=%s)"
                .formatted(FLOAT32, low, high, generator);
    }

    String uniform(Range range) {
        return uniform(String.valueOf(range.low()), String.valueOf(range.high()));
    }

    /** A whole number from 0 to {@code end − 1}: {@code torch.randint(0, end, (1,)).item()}. */
    String below(String end) {
        return "int(torch.random_(torch.empty([1], dtype=%d), 0, %s, generator=%s))"
                .formatted(INT64, end, generator);
    }

    String logUniform() {
        return uniform("float(torch.select(ratio, 0, 0))", "float(torch.select(ratio, 0, 1))");
    }

    static String cropped(String x, String top, String height, String left, String width) {
        return "torch.slice(torch.slice(%s, -2, %s, torch.add(%s, %s)), -1, %s, torch.add(%s, %s))"
                .formatted(x, top, top, height, left, left, width);
    }
}
