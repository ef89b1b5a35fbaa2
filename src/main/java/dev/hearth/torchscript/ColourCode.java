package dev.hearth.torchscript;

import dev.hearth.spec.TransformSpec;
import java.util.ArrayList;
import java.util.List;

/** Compiles what changes colours and leaves every pixel where it is. */
record ColourCode(TransformLines out) {

    void jitter(TransformSpec.ColorJitter jitter, long channels, boolean isFloat) {
        out.line("turn = torch.randperm(4, generator=%s)".formatted(out.generator()));
        jitter.brightness()
                .ifPresent(range -> out.line("b = float(%s)".formatted(out.uniform(range))));
        jitter.contrast()
                .ifPresent(range -> out.line("c = float(%s)".formatted(out.uniform(range))));
        jitter.saturation()
                .ifPresent(range -> out.line("s = float(%s)".formatted(out.uniform(range))));
        jitter.hue().ifPresent(range -> out.line("hue = float(%s)".formatted(out.uniform(range))));
        out.line("for k in range(4):");
        out.line("  which = int(torch.select(turn, 0, k))");
        if (jitter.brightness().isPresent()) {
            out.line("  if torch.eq(which, 0):");
            out.line("    x = %s".formatted(blend("torch.zeros_like(x)", "b", isFloat)));
        }
        if (jitter.contrast().isPresent()) {
            String light = channels == 3 ? grey("x", isFloat) : "x";
            out.line("  if torch.eq(which, 1):");
            out.line(
                    "    mean = torch.mean(torch.to(%s, %d), [-3, -2, -1], True)"
                            .formatted(light, TransformLines.FLOAT32));
            out.line("    x = %s".formatted(blend("mean", "c", isFloat)));
        }
        if (jitter.saturation().isPresent() && channels == 3) {
            out.line("  if torch.eq(which, 2):");
            out.line("    x = %s".formatted(blend(grey("x", isFloat), "s", isFloat)));
        }
        if (jitter.hue().isPresent() && channels == 3) {
            out.line("  if torch.eq(which, 3):");
            hue(isFloat).forEach(each -> out.line("    %s".formatted(each)));
        }
        if (channels != 3) {
            // A factor that is drawn and not used must be drawn all the same.
            jitter.saturation().ifPresent(_ -> out.line("x = torch.add(x, int(torch.mul(s, 0.)))"));
            jitter.hue().ifPresent(_ -> out.line("x = torch.add(x, int(torch.mul(hue, 0.)))"));
        }
    }

    /** {@code _blend(x, other, ratio)}. */
    private static String blend(String other, String ratio, boolean isFloat) {
        String sum =
                "torch.clamp(torch.add(torch.mul(x, %1$s), torch.mul(%2$s, torch.sub(1., %1$s))), 0, %3$s)"
                        .formatted(ratio, other, isFloat ? "1." : "255");
        return isFloat ? sum : "torch.to(%s, %d)".formatted(sum, TransformLines.UINT8);
    }

    /** {@code rgb_to_grayscale}, {@code [1, H, W]}. */
    static String grey(String x, boolean isFloat) {
        String sum =
                ("torch.add(torch.add(torch.mul(torch.slice(%1$s, -3, 0, 1), 0.2989), torch.mul(torch.slice(%1$s, -3, 1, 2), 0.587)),"
                                + " torch.mul(torch.slice(%1$s, -3, 2, 3), 0.114))")
                        .formatted(x);
        return isFloat ? sum : "torch.to(%s, %d)".formatted(sum, TransformLines.UINT8);
    }

    /** {@code adjust_hue}: to HSV, turned, and back. */
    private static List<String> hue(boolean isFloat) {
        var code = new ArrayList<String>();
        code.add(
                isFloat
                        ? "f = x"
                        : "f = torch.div(torch.to(x, " + TransformLines.FLOAT32 + "), 255)");
        code.addAll(
                List.of(
                        "red = torch.select(f, -3, 0)",
                        "green = torch.select(f, -3, 1)",
                        "blue = torch.select(f, -3, 2)",
                        "high = torch.amax(f, [-3])",
                        "low = torch.amin(f, [-3])",
                        "flat = torch.eq(high, low)",
                        "span = torch.sub(high, low)",
                        "ones = torch.ones_like(high)",
                        "sat = torch.div(span, torch.where(flat, ones, high))",
                        "by = torch.where(flat, ones, span)",
                        "rc = torch.div(torch.sub(high, red), by)",
                        "gc = torch.div(torch.sub(high, green), by)",
                        "bc = torch.div(torch.sub(high, blue), by)",
                        "is_r = torch.eq(high, red)",
                        "is_g = torch.__and__(torch.eq(high, green), torch.ne(high, red))",
                        "is_b = torch.__and__(torch.ne(high, green), torch.ne(high, red))",
                        "hr = torch.mul(is_r, torch.sub(bc, gc))",
                        "hg = torch.mul(is_g, torch.sub(torch.add(rc, 2.), bc))",
                        "hb = torch.mul(is_b, torch.sub(torch.add(gc, 4.), rc))",
                        "tone = torch.add(torch.add(hr, hg), hb)",
                        "tone = torch.fmod(torch.add(torch.div(tone, 6.), 1.), 1.)",
                        "tone = torch.remainder(torch.add(tone, hue), 1.)",
                        "six = torch.mul(tone, 6.)",
                        "whole = torch.floor(six)",
                        "part = torch.sub(six, whole)",
                        "sector = torch.remainder(torch.to(whole, 3), 6)",
                        "p = torch.clamp(torch.mul(high, torch.rsub(sat, 1.)), 0., 1.)",
                        "q = torch.clamp(torch.mul(high, torch.rsub(torch.mul(sat, part), 1.)), 0., 1.)",
                        "t = torch.clamp(torch.mul(high, torch.rsub(torch.mul(sat, torch.rsub(part, 1.)), 1.)), 0., 1.)",
                        "index = torch.unsqueeze(torch.to(sector, "
                                + TransformLines.INT64
                                + "), 0)",
                        "red = torch.gather(torch.stack([high, q, p, p, t, high]), 0, index)",
                        "green = torch.gather(torch.stack([t, high, high, q, p, p]), 0, index)",
                        "blue = torch.gather(torch.stack([p, p, t, high, high, q]), 0, index)",
                        "f = torch.cat([red, green, blue], 0)",
                        isFloat
                                ? "x = f"
                                : "x = torch.to(torch.mul(f, 255.999), "
                                        + TransformLines.UINT8
                                        + ")"));
        return code;
    }
}
