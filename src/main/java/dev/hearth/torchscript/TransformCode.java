package dev.hearth.torchscript;

import dev.hearth.spec.Picture;
import dev.hearth.spec.TransformSpec;
import dev.hearth.spec.TransformSpec.Interpolation;
import dev.hearth.spec.TransformSpec.Padding;
import dev.hearth.spec.TransformSpec.PaddingMode;
import dev.hearth.spec.TransformSpec.Range;
import dev.hearth.spec.TransformSpec.Size;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Compiles transforms to what torchvision 0.22 does with tensors ({@code
 * torchvision/transforms/transforms.py} and {@code _functional_tensor.py}), operation by operation
 * and draw by draw, so that the same generator gives the same pictures.
 *
 * <p>The lines turn the variable {@code x} into the next {@code x}. It is a picture {@code [C, H,
 * W]}; where no transform is random, a batch {@code [N, C, H, W]} does as well. Bytes stay UINT8
 * until {@code ToTensor}.
 */
final class TransformCode {

    private static final int UINT8 = 0;
    private static final int INT64 = 4;
    private static final int FLOAT32 = 6;
    private static final int TRIES = 10;

    private final String generator;
    private final List<String> lines = new ArrayList<>();

    private TransformCode(String generator) {
        this.generator = generator;
    }

    /**
     * The lines of a list of transforms.
     *
     * @param in what {@code x} is before the first
     * @param generator of the random draws, as an expression; not used where nothing is random
     */
    static List<String> lines(Picture in, List<TransformSpec> transforms, String generator) {
        var code = new TransformCode(generator);
        long channels = in.channels();
        boolean isFloat = in.isFloat();
        for (TransformSpec transform : transforms) {
            code.add(transform, channels, isFloat);
            if (transform instanceof TransformSpec.Grayscale(long grey)) {
                channels = grey;
            }
            isFloat |= transform instanceof TransformSpec.ToTensor;
        }
        return List.copyOf(code.lines);
    }

    private void add(TransformSpec transform, long channels, boolean isFloat) {
        switch (transform) {
            case TransformSpec.Resize resize -> {
                line("rh = %d".formatted(resize.size().height()));
                line("rw = %d".formatted(resize.size().width()));
                resize(resize.interpolation(), resize.antialias(), isFloat);
            }
            case TransformSpec.ResizeShorter resize -> {
                shorterSide(resize);
                resize(resize.interpolation(), resize.antialias(), isFloat);
            }
            case TransformSpec.CenterCrop(Size size) -> centerCrop(size);
            case TransformSpec.RandomCrop crop -> randomCrop(crop, isFloat);
            case TransformSpec.RandomResizedCrop crop -> {
                randomPart(crop);
                line("x = %s".formatted(cropped("x", "i", "ch", "j", "cw")));
                line("rh = %d".formatted(crop.size().height()));
                line("rw = %d".formatted(crop.size().width()));
                resize(crop.interpolation(), crop.antialias(), isFloat);
            }
            case TransformSpec.RandomHorizontalFlip(double p) -> flip(p, -1);
            case TransformSpec.RandomVerticalFlip(double p) -> flip(p, -2);
            case TransformSpec.RandomRotation rotation -> rotate(rotation, isFloat);
            case TransformSpec.ColorJitter jitter -> jitter(jitter, channels, isFloat);
            case TransformSpec.RandomErasing erasing -> erase(erasing, channels, isFloat);
            case TransformSpec.Pad pad -> pad(pad.padding(), pad.mode(), pad.fill(), isFloat);
            case TransformSpec.Grayscale(long grey) -> {
                if (channels == 3) {
                    line("x = %s".formatted(grey("x", isFloat)));
                    if (grey == 3) {
                        line("x = torch.cat([x, x, x], -3)");
                    }
                }
            }
            case TransformSpec.ToTensor _ -> {
                if (!isFloat) {
                    line("x = torch.div(torch.to(x, %d), 255)".formatted(FLOAT32));
                }
            }
            case TransformSpec.Normalize(List<Double> mean, List<Double> std) ->
                    line(
                            "x = torch.div(torch.sub(x, %s), %s)"
                                    .formatted(perChannel(mean), perChannel(std)));
        }
    }

    private void line(String line) {
        lines.add(line);
    }

    /** FLOAT32 {@code [channels, 1, 1]}. */
    private static String perChannel(List<Double> values) {
        return "torch.reshape(torch.tensor([%s], dtype=%d, device=ops.prim.device(x)), [-1, 1, 1])"
                .formatted(
                        values.stream().map(String::valueOf).collect(Collectors.joining(", ")),
                        FLOAT32);
    }

    /** A number of FLOAT32 precision from {@code low} to {@code high}, as a tensor [1]. */
    private String uniform(String low, String high) {
        return "torch.uniform_(torch.empty([1], dtype=%d), %s, %s, generator=%s)"
                .formatted(FLOAT32, low, high, generator);
    }

    private String uniform(Range range) {
        return uniform(String.valueOf(range.low()), String.valueOf(range.high()));
    }

    /** A whole number from 0 to {@code end − 1}: {@code torch.randint(0, end, (1,)).item()}. */
    private String below(String end) {
        return "int(torch.random_(torch.empty([1], dtype=%d), 0, %s, generator=%s))"
                .formatted(INT64, end, generator);
    }

    private static String cropped(String x, String top, String height, String left, String width) {
        return "torch.slice(torch.slice(%s, -2, %s, torch.add(%s, %s)), -1, %s, torch.add(%s, %s))"
                .formatted(x, top, top, height, left, left, width);
    }

    private void flip(double p, int dim) {
        line("if bool(torch.lt(%s, %s)):".formatted(uniform("0.", "1."), p));
        line("  x = torch.flip(x, [%d])".formatted(dim));
    }

    /** {@code _compute_resized_output_size} with one number. */
    private void shorterSide(TransformSpec.ResizeShorter resize) {
        line("short = ops.prim.min(torch.size(x, -2), torch.size(x, -1))");
        line("long = ops.prim.max(torch.size(x, -2), torch.size(x, -1))");
        line("ns = %d".formatted(resize.size()));
        line("nl = int(torch.div(torch.mul(%d, long), short))".formatted(resize.size()));
        if (resize.maxSize().isPresent()) {
            long most = resize.maxSize().getAsLong();
            line("if torch.gt(nl, %d):".formatted(most));
            line("  ns = int(torch.div(torch.mul(%d, ns), nl))".formatted(most));
            line("  nl = %d".formatted(most));
        }
        line("if torch.le(torch.size(x, -1), torch.size(x, -2)):");
        line("  rh = nl");
        line("  rw = ns");
        line("else:");
        line("  rh = ns");
        line("  rw = nl");
    }

    /** To {@code rh × rw}; a picture of that size stays as it is. */
    private void resize(Interpolation interpolation, boolean antialias, boolean isFloat) {
        String operator =
                switch (interpolation) {
                    case NEAREST -> "upsample_nearest2d(f, [rh, rw], None)";
                    case BILINEAR ->
                            (antialias ? "_upsample_bilinear2d_aa" : "upsample_bilinear2d")
                                    + "(f, [rh, rw], False, None)";
                    case BICUBIC ->
                            (antialias ? "_upsample_bicubic2d_aa" : "upsample_bicubic2d")
                                    + "(f, [rh, rw], False, None)";
                };
        line(
                "if torch.__not__(torch.__and__(torch.eq(torch.size(x, -2), rh),"
                        + " torch.eq(torch.size(x, -1), rw))):");
        line(
                "  f = torch.reshape(torch.to(x, %d), [-1, torch.size(x, -3), torch.size(x, -2), torch.size(x, -1)])"
                        .formatted(FLOAT32));
        line("  f = torch.%s".formatted(operator));
        line("  f = torch.reshape(f, torch.add(torch.slice(torch.size(x), 0, -2), [rh, rw]))");
        if (isFloat) {
            line("  x = f");
            return;
        }
        if (interpolation == Interpolation.BICUBIC) {
            line("  f = torch.clamp(f, 0, 255)");
        }
        line("  x = torch.to(torch.round(f), %d)".formatted(UINT8));
    }

    private void centerCrop(Size size) {
        line("ph = ops.prim.max(torch.sub(%d, torch.size(x, -2)), 0)".formatted(size.height()));
        line("pw = ops.prim.max(torch.sub(%d, torch.size(x, -1)), 0)".formatted(size.width()));
        line(
                "x = torch.constant_pad_nd(x, [torch.floordiv(pw, 2), torch.floordiv(torch.add(pw, 1), 2),"
                        + " torch.floordiv(ph, 2), torch.floordiv(torch.add(ph, 1), 2)], 0)");
        line(
                "i = int(torch.round(torch.div(torch.sub(torch.size(x, -2), %d), 2)))"
                        .formatted(size.height()));
        line(
                "j = int(torch.round(torch.div(torch.sub(torch.size(x, -1), %d), 2)))"
                        .formatted(size.width()));
        line(
                "x = %s"
                        .formatted(
                                cropped(
                                        "x",
                                        "i",
                                        String.valueOf(size.height()),
                                        "j",
                                        String.valueOf(size.width()))));
    }

    private void pad(Padding padding, PaddingMode mode, double fill, boolean isFloat) {
        if (padding.isNone()) {
            return;
        }
        String sides =
                "[%d, %d, %d, %d]"
                        .formatted(
                                padding.left(), padding.right(), padding.top(), padding.bottom());
        switch (mode) {
            case CONSTANT -> line("x = torch.constant_pad_nd(x, %s, %s)".formatted(sides, fill));
            case EDGE -> padAsFloats(sides, "replicate", isFloat);
            case REFLECT -> padAsFloats(sides, "reflect", isFloat);
            case SYMMETRIC -> {
                mirror(-1, padding.left(), padding.right());
                mirror(-2, padding.top(), padding.bottom());
            }
        }
    }

    private void padAsFloats(String sides, String mode, boolean isFloat) {
        line(
                "x = %s"
                        .formatted(
                                isFloat
                                        ? "torch.pad(x, %s, \"%s\", None)".formatted(sides, mode)
                                        : "torch.to(torch.pad(torch.to(x, %d), %s, \"%s\", None), %d)"
                                                .formatted(FLOAT32, sides, mode, UINT8)));
    }

    private void mirror(int dim, long before, long after) {
        line("n = torch.size(x, %d)".formatted(dim));
        line(
                ("x = torch.cat([torch.flip(torch.slice(x, %1$d, 0, %2$d), [%1$d]), x,"
                                + " torch.flip(torch.slice(x, %1$d, torch.sub(n, %3$d), n), [%1$d])], %1$d)")
                        .formatted(dim, before, after));
    }

    private void randomCrop(TransformSpec.RandomCrop crop, boolean isFloat) {
        long height = crop.size().height();
        long width = crop.size().width();
        pad(crop.padding(), crop.mode(), crop.fill(), isFloat);
        if (crop.padIfNeeded()) {
            line("ph = ops.prim.max(torch.sub(%d, torch.size(x, -2)), 0)".formatted(height));
            line("pw = ops.prim.max(torch.sub(%d, torch.size(x, -1)), 0)".formatted(width));
            padIfNeeded("[pw, pw, 0, 0]", crop, isFloat);
            padIfNeeded("[0, 0, ph, ph]", crop, isFloat);
        }
        line(
                ("if torch.__not__(torch.__and__(torch.eq(torch.size(x, -2), %d),"
                                + " torch.eq(torch.size(x, -1), %d))):")
                        .formatted(height, width));
        line(
                "  i = %s"
                        .formatted(
                                below(
                                        "torch.add(torch.sub(torch.size(x, -2), "
                                                + height
                                                + "), 1)")));
        line(
                "  j = %s"
                        .formatted(
                                below(
                                        "torch.add(torch.sub(torch.size(x, -1), "
                                                + width
                                                + "), 1)")));
        line(
                "  x = %s"
                        .formatted(
                                cropped(
                                        "x",
                                        "i",
                                        String.valueOf(height),
                                        "j",
                                        String.valueOf(width))));
    }

    private void padIfNeeded(String sides, TransformSpec.RandomCrop crop, boolean isFloat) {
        switch (crop.mode()) {
            case CONSTANT ->
                    line("x = torch.constant_pad_nd(x, %s, %s)".formatted(sides, crop.fill()));
            case EDGE -> padAsFloats(sides, "replicate", isFloat);
            case REFLECT -> padAsFloats(sides, "reflect", isFloat);
            case SYMMETRIC -> {
                String amount = sides.startsWith("[pw") ? "pw" : "ph";
                int dim = amount.equals("pw") ? -1 : -2;
                line("n = torch.size(x, %d)".formatted(dim));
                line(
                        ("x = torch.cat([torch.flip(torch.slice(x, %1$d, 0, %2$s), [%1$d]), x,"
                                        + " torch.flip(torch.slice(x, %1$d, torch.sub(n, %2$s), n), [%1$d])], %1$d)")
                                .formatted(dim, amount));
            }
        }
    }

    /** {@code RandomResizedCrop.get_params}: the part from {@code i, j} of {@code ch × cw}. */
    private void randomPart(TransformSpec.RandomResizedCrop crop) {
        line("ih = torch.size(x, -2)");
        line("iw = torch.size(x, -1)");
        line(
                "ratio = torch.log(torch.tensor([%s, %s], dtype=%d))"
                        .formatted(crop.ratio().low(), crop.ratio().high(), FLOAT32));
        line("i = 0");
        line("j = 0");
        line("ch = ih");
        line("cw = iw");
        line("found = False");
        line("for attempt in range(%d):".formatted(TRIES));
        line("  if torch.__not__(found):");
        line("    area = torch.mul(torch.mul(ih, iw), float(%s))".formatted(uniform(crop.scale())));
        line("    aspect = float(torch.exp(%s))".formatted(logUniform()));
        line("    tw = int(torch.round(torch.sqrt(torch.mul(area, aspect))))");
        line("    th = int(torch.round(torch.sqrt(torch.div(area, aspect))))");
        line(
                "    if torch.__and__(torch.__and__(torch.gt(tw, 0), torch.le(tw, iw)),"
                        + " torch.__and__(torch.gt(th, 0), torch.le(th, ih))):");
        line("      i = %s".formatted(below("torch.add(torch.sub(ih, th), 1)")));
        line("      j = %s".formatted(below("torch.add(torch.sub(iw, tw), 1)")));
        line("      ch = th");
        line("      cw = tw");
        line("      found = True");
        line("if torch.__not__(found):");
        line("  whole = torch.div(iw, ih)");
        line("  if torch.lt(whole, %s):".formatted(crop.ratio().low()));
        line("    ch = int(torch.round(torch.div(iw, %s)))".formatted(crop.ratio().low()));
        line("  if torch.gt(whole, %s):".formatted(crop.ratio().high()));
        line("    cw = int(torch.round(torch.mul(ih, %s)))".formatted(crop.ratio().high()));
        line("  i = torch.floordiv(torch.sub(ih, ch), 2)");
        line("  j = torch.floordiv(torch.sub(iw, cw), 2)");
    }

    private String logUniform() {
        return uniform("float(torch.select(ratio, 0, 0))", "float(torch.select(ratio, 0, 1))");
    }

    /** {@code F.rotate} around the middle: the inverse map, a grid of places, and their values. */
    private void rotate(TransformSpec.RandomRotation rotation, boolean isFloat) {
        line("angle = torch.radians(torch.neg(float(%s)))".formatted(uniform(rotation.degrees())));
        line("c = torch.cos(angle)");
        line("s = torch.sin(angle)");
        line("h = torch.size(x, -2)");
        line("w = torch.size(x, -1)");
        line(
                "theta = torch.reshape(torch.tensor([c, s, 0., torch.neg(s), c, 0.], dtype=%d), [1, 2, 3])"
                        .formatted(FLOAT32));
        if (rotation.expand()) {
            expandedSize();
        } else {
            line("oh = h");
            line("ow = w");
        }
        line("base = torch.empty([1, oh, ow, 3], dtype=%d)".formatted(FLOAT32));
        line("_ = torch.copy_(torch.select(base, -1, 0), %s)".formatted(places("ow")));
        line(
                "_ = torch.copy_(torch.select(base, -1, 1), torch.unsqueeze(%s, -1))"
                        .formatted(places("oh")));
        line("_ = torch.fill_(torch.select(base, -1, 2), 1)");
        line(
                "scaled = torch.div(torch.transpose(theta, 1, 2), torch.tensor([torch.mul(0.5, w), torch.mul(0.5, h)], dtype=%d))"
                        .formatted(FLOAT32));
        line(
                "grid = torch.to(torch.reshape(torch.bmm(torch.reshape(base, [1, torch.mul(oh, ow), 3]), scaled), [1, oh, ow, 2]), ops.prim.device(x))");
        line("f = torch.unsqueeze(torch.to(x, %d), 0)".formatted(FLOAT32));
        line("f = torch.cat([f, torch.ones_like(torch.slice(f, 1, 0, 1))], 1)");
        line(
                "f = torch.squeeze(torch.grid_sampler(f, grid, %d, 0, False), 0)"
                        .formatted(rotation.interpolation() == Interpolation.NEAREST ? 1 : 0));
        line("mask = torch.slice(f, 0, -1)");
        line("f = torch.slice(f, 0, 0, -1)");
        String filled =
                rotation.interpolation() == Interpolation.NEAREST
                        ? "f = torch.where(torch.lt(mask, 0.5), torch.full_like(f, %s), f)"
                        : "f = torch.add(torch.mul(f, mask), torch.mul(torch.rsub(mask, 1.), %s))";
        line(filled.formatted(rotation.fill()));
        line(isFloat ? "x = f" : "x = torch.to(torch.round(f), " + UINT8 + ")");
    }

    private static String places(String extent) {
        return "torch.linspace(torch.add(torch.mul(torch.neg(%1$s), 0.5), 0.5), torch.sub(torch.add(torch.mul(%1$s, 0.5), 0.5), 1), %1$s)"
                .formatted(extent);
    }

    /** {@code _compute_affine_output_size}. */
    private void expandedSize() {
        line("hh = torch.mul(0.5, h)");
        line("hw = torch.mul(0.5, w)");
        line(
                "points = torch.tensor([torch.neg(hw), torch.neg(hh), 1., torch.neg(hw), hh, 1., hw, hh, 1., hw, torch.neg(hh), 1.], dtype=%d)"
                        .formatted(FLOAT32));
        line(
                "points = torch.matmul(torch.reshape(points, [4, 3]), torch.t(torch.squeeze(theta, 0)))");
        line("shift = torch.tensor([hw, hh], dtype=%d)".formatted(FLOAT32));
        line("least = torch.add(torch.amin(points, [0]), shift)");
        line("most = torch.add(torch.amax(points, [0]), shift)");
        line(
                "extent = torch.sub(torch.ceil(torch.mul(torch.trunc(torch.div(most, 0.0001)), 0.0001)), torch.floor(torch.mul(torch.trunc(torch.div(least, 0.0001)), 0.0001)))");
        line("ow = int(torch.select(extent, 0, 0))");
        line("oh = int(torch.select(extent, 0, 1))");
    }

    private void jitter(TransformSpec.ColorJitter jitter, long channels, boolean isFloat) {
        line("turn = torch.randperm(4, generator=%s)".formatted(generator));
        jitter.brightness().ifPresent(range -> line("b = float(%s)".formatted(uniform(range))));
        jitter.contrast().ifPresent(range -> line("c = float(%s)".formatted(uniform(range))));
        jitter.saturation().ifPresent(range -> line("s = float(%s)".formatted(uniform(range))));
        jitter.hue().ifPresent(range -> line("hue = float(%s)".formatted(uniform(range))));
        line("for k in range(4):");
        line("  which = int(torch.select(turn, 0, k))");
        if (jitter.brightness().isPresent()) {
            line("  if torch.eq(which, 0):");
            line("    x = %s".formatted(blend("torch.zeros_like(x)", "b", isFloat)));
        }
        if (jitter.contrast().isPresent()) {
            String light = channels == 3 ? grey("x", isFloat) : "x";
            line("  if torch.eq(which, 1):");
            line(
                    "    mean = torch.mean(torch.to(%s, %d), [-3, -2, -1], True)"
                            .formatted(light, FLOAT32));
            line("    x = %s".formatted(blend("mean", "c", isFloat)));
        }
        if (jitter.saturation().isPresent() && channels == 3) {
            line("  if torch.eq(which, 2):");
            line("    x = %s".formatted(blend(grey("x", isFloat), "s", isFloat)));
        }
        if (jitter.hue().isPresent() && channels == 3) {
            line("  if torch.eq(which, 3):");
            hue(isFloat).forEach(each -> line("    %s".formatted(each)));
        }
        if (channels != 3) {
            // A factor that is drawn and not used must be drawn all the same.
            jitter.saturation().ifPresent(_ -> line("x = torch.add(x, int(torch.mul(s, 0.)))"));
            jitter.hue().ifPresent(_ -> line("x = torch.add(x, int(torch.mul(hue, 0.)))"));
        }
    }

    /** {@code _blend(x, other, ratio)}. */
    private static String blend(String other, String ratio, boolean isFloat) {
        String sum =
                "torch.clamp(torch.add(torch.mul(x, %1$s), torch.mul(%2$s, torch.sub(1., %1$s))), 0, %3$s)"
                        .formatted(ratio, other, isFloat ? "1." : "255");
        return isFloat ? sum : "torch.to(%s, %d)".formatted(sum, UINT8);
    }

    /** {@code rgb_to_grayscale}, {@code [1, H, W]}. */
    private static String grey(String x, boolean isFloat) {
        String sum =
                ("torch.add(torch.add(torch.mul(torch.slice(%1$s, -3, 0, 1), 0.2989), torch.mul(torch.slice(%1$s, -3, 1, 2), 0.587)),"
                                + " torch.mul(torch.slice(%1$s, -3, 2, 3), 0.114))")
                        .formatted(x);
        return isFloat ? sum : "torch.to(%s, %d)".formatted(sum, UINT8);
    }

    /** {@code adjust_hue}: to HSV, turned, and back. */
    private static List<String> hue(boolean isFloat) {
        var code = new ArrayList<String>();
        code.add(isFloat ? "f = x" : "f = torch.div(torch.to(x, " + FLOAT32 + "), 255)");
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
                        "index = torch.unsqueeze(torch.to(sector, " + INT64 + "), 0)",
                        "red = torch.gather(torch.stack([high, q, p, p, t, high]), 0, index)",
                        "green = torch.gather(torch.stack([t, high, high, q, p, p]), 0, index)",
                        "blue = torch.gather(torch.stack([p, p, t, high, high, q]), 0, index)",
                        "f = torch.cat([red, green, blue], 0)",
                        isFloat ? "x = f" : "x = torch.to(torch.mul(f, 255.999), " + UINT8 + ")"));
        return code;
    }

    /** {@code RandomErasing.forward}. */
    private void erase(TransformSpec.RandomErasing erasing, long channels, boolean isFloat) {
        line("if bool(torch.lt(%s, %s)):".formatted(uniform("0.", "1."), erasing.p()));
        line("  ih = torch.size(x, -2)");
        line("  iw = torch.size(x, -1)");
        line(
                "  ratio = torch.log(torch.tensor([%s, %s], dtype=%d))"
                        .formatted(erasing.ratio().low(), erasing.ratio().high(), FLOAT32));
        line("  found = False");
        line("  for attempt in range(%d):".formatted(TRIES));
        line("    if torch.__not__(found):");
        line(
                "      area = torch.mul(torch.mul(ih, iw), float(%s))"
                        .formatted(uniform(erasing.scale())));
        line("      aspect = float(torch.exp(%s))".formatted(logUniform()));
        line("      th = int(torch.round(torch.sqrt(torch.mul(area, aspect))))");
        line("      tw = int(torch.round(torch.sqrt(torch.div(area, aspect))))");
        line("      if torch.__and__(torch.lt(th, ih), torch.lt(tw, iw)):");
        line(
                "        v = %s"
                        .formatted(
                                erasing.values().isEmpty()
                                        ? "torch.to(torch.normal_(torch.empty([%d, th, tw], dtype=%d), 0., 1., generator=%s), ops.prim.device(x))"
                                                .formatted(channels, FLOAT32, generator)
                                        : perChannel(erasing.values())));
        line("        i = %s".formatted(below("torch.add(torch.sub(ih, th), 1)")));
        line("        j = %s".formatted(below("torch.add(torch.sub(iw, tw), 1)")));
        line("        x = torch.clone(x)");
        line(
                "        _ = torch.copy_(%s, %s)"
                        .formatted(
                                cropped("x", "i", "th", "j", "tw"),
                                isFloat ? "v" : "torch.to(v, " + UINT8 + ")"));
        line("        found = True");
    }
}
