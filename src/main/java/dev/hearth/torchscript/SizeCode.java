package dev.hearth.torchscript;

import dev.hearth.spec.TransformSpec;
import dev.hearth.spec.TransformSpec.Interpolation;
import dev.hearth.spec.TransformSpec.Padding;
import dev.hearth.spec.TransformSpec.PaddingMode;
import dev.hearth.spec.TransformSpec.Size;

/** Compiles what makes pictures larger and smaller: resizing, cropping and padding. */
record SizeCode(TransformLines out) {

    /** {@code _compute_resized_output_size} with one number. */
    void shorterSide(TransformSpec.ResizeShorter resize) {
        out.line("short = ops.prim.min(torch.size(x, -2), torch.size(x, -1))");
        out.line("long = ops.prim.max(torch.size(x, -2), torch.size(x, -1))");
        out.line("ns = %d".formatted(resize.size()));
        out.line("nl = int(torch.div(torch.mul(%d, long), short))".formatted(resize.size()));
        if (resize.maxSize().isPresent()) {
            long most = resize.maxSize().getAsLong();
            out.line("if torch.gt(nl, %d):".formatted(most));
            out.line("  ns = int(torch.div(torch.mul(%d, ns), nl))".formatted(most));
            out.line("  nl = %d".formatted(most));
        }
        out.line("if torch.le(torch.size(x, -1), torch.size(x, -2)):");
        out.line("  rh = nl");
        out.line("  rw = ns");
        out.line("else:");
        out.line("  rh = ns");
        out.line("  rw = nl");
    }

    /** To {@code rh × rw}; a picture of that size stays as it is. */
    void resize(Interpolation interpolation, boolean antialias, boolean isFloat) {
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
        out.line(
                "if torch.__not__(torch.__and__(torch.eq(torch.size(x, -2), rh),"
                        + " torch.eq(torch.size(x, -1), rw))):");
        out.line(
                "  f = torch.reshape(torch.to(x, %d), [-1, torch.size(x, -3), torch.size(x, -2), torch.size(x, -1)])"
                        .formatted(TransformLines.FLOAT32));
        out.line("  f = torch.%s".formatted(operator));
        out.line("  f = torch.reshape(f, torch.add(torch.slice(torch.size(x), 0, -2), [rh, rw]))");
        if (isFloat) {
            out.line("  x = f");
            return;
        }
        if (interpolation == Interpolation.BICUBIC) {
            out.line("  f = torch.clamp(f, 0, 255)");
        }
        out.line("  x = torch.to(torch.round(f), %d)".formatted(TransformLines.UINT8));
    }

    void centerCrop(Size size) {
        out.line("ph = ops.prim.max(torch.sub(%d, torch.size(x, -2)), 0)".formatted(size.height()));
        out.line("pw = ops.prim.max(torch.sub(%d, torch.size(x, -1)), 0)".formatted(size.width()));
        out.line(
                "x = torch.constant_pad_nd(x, [torch.floordiv(pw, 2), torch.floordiv(torch.add(pw, 1), 2),"
                        + " torch.floordiv(ph, 2), torch.floordiv(torch.add(ph, 1), 2)], 0)");
        out.line(
                "i = int(torch.round(torch.div(torch.sub(torch.size(x, -2), %d), 2)))"
                        .formatted(size.height()));
        out.line(
                "j = int(torch.round(torch.div(torch.sub(torch.size(x, -1), %d), 2)))"
                        .formatted(size.width()));
        out.line(
                "x = %s"
                        .formatted(
                                TransformLines.cropped(
                                        "x",
                                        "i",
                                        String.valueOf(size.height()),
                                        "j",
                                        String.valueOf(size.width()))));
    }

    void pad(Padding padding, PaddingMode mode, double fill, boolean isFloat) {
        if (!padding.isNone()) {
            pad(Sides.of(padding), mode, fill, isFloat);
        }
    }

    /** How much to add at each side, as expressions. */
    private record Sides(String left, String right, String top, String bottom) {

        static Sides of(Padding padding) {
            return new Sides(
                    String.valueOf(padding.left()),
                    String.valueOf(padding.right()),
                    String.valueOf(padding.top()),
                    String.valueOf(padding.bottom()));
        }

        @Override
        public String toString() {
            return "[%s, %s, %s, %s]".formatted(left, right, top, bottom);
        }
    }

    private void pad(Sides sides, PaddingMode mode, double fill, boolean isFloat) {
        switch (mode) {
            case CONSTANT ->
                    out.line("x = torch.constant_pad_nd(x, %s, %s)".formatted(sides, fill));
            case EDGE -> padAsFloats(sides, "replicate", isFloat);
            case REFLECT -> padAsFloats(sides, "reflect", isFloat);
            case SYMMETRIC -> {
                mirror(-1, sides.left(), sides.right());
                mirror(-2, sides.top(), sides.bottom());
            }
        }
    }

    private void padAsFloats(Sides sides, String mode, boolean isFloat) {
        out.line(
                "x = %s"
                        .formatted(
                                isFloat
                                        ? "torch.pad(x, %s, \"%s\", None)".formatted(sides, mode)
                                        : "torch.to(torch.pad(torch.to(x, %d), %s, \"%s\", None), %d)"
                                                .formatted(
                                                        TransformLines.FLOAT32,
                                                        sides,
                                                        mode,
                                                        TransformLines.UINT8)));
    }

    private void mirror(int dim, String before, String after) {
        out.line("n = torch.size(x, %d)".formatted(dim));
        out.line(
                ("x = torch.cat([torch.flip(torch.slice(x, %1$d, 0, %2$s), [%1$d]), x,"
                                + " torch.flip(torch.slice(x, %1$d, torch.sub(n, %3$s), n), [%1$d])], %1$d)")
                        .formatted(dim, before, after));
    }

    void randomCrop(TransformSpec.RandomCrop crop, boolean isFloat) {
        long height = crop.size().height();
        long width = crop.size().width();
        pad(crop.padding(), crop.mode(), crop.fill(), isFloat);
        if (crop.padIfNeeded()) {
            out.line("ph = ops.prim.max(torch.sub(%d, torch.size(x, -2)), 0)".formatted(height));
            out.line("pw = ops.prim.max(torch.sub(%d, torch.size(x, -1)), 0)".formatted(width));
            pad(new Sides("pw", "pw", "0", "0"), crop.mode(), crop.fill(), isFloat);
            pad(new Sides("0", "0", "ph", "ph"), crop.mode(), crop.fill(), isFloat);
        }
        out.line(
                ("if torch.__not__(torch.__and__(torch.eq(torch.size(x, -2), %d),"
                                + " torch.eq(torch.size(x, -1), %d))):")
                        .formatted(height, width));
        out.line(
                "  i = %s"
                        .formatted(
                                out.below(
                                        "torch.add(torch.sub(torch.size(x, -2), "
                                                + height
                                                + "), 1)")));
        out.line(
                "  j = %s"
                        .formatted(
                                out.below(
                                        "torch.add(torch.sub(torch.size(x, -1), "
                                                + width
                                                + "), 1)")));
        out.line(
                "  x = %s"
                        .formatted(
                                TransformLines.cropped(
                                        "x",
                                        "i",
                                        String.valueOf(height),
                                        "j",
                                        String.valueOf(width))));
    }

    /** {@code RandomResizedCrop.get_params}: the part from {@code i, j} of {@code ch × cw}. */
    void randomPart(TransformSpec.RandomResizedCrop crop) {
        out.line("ih = torch.size(x, -2)");
        out.line("iw = torch.size(x, -1)");
        out.line(
                "ratio = torch.log(torch.tensor([%s, %s], dtype=%d))"
                        .formatted(
                                crop.ratio().low(), crop.ratio().high(), TransformLines.FLOAT32));
        out.line("i = 0");
        out.line("j = 0");
        out.line("ch = ih");
        out.line("cw = iw");
        out.line("found = False");
        out.line("for attempt in range(%d):".formatted(TransformLines.TRIES));
        out.line("  if torch.__not__(found):");
        out.line(
                "    area = torch.mul(torch.mul(ih, iw), float(%s))"
                        .formatted(out.uniform(crop.scale())));
        out.line("    aspect = float(torch.exp(%s))".formatted(out.logUniform()));
        out.line("    tw = int(torch.round(torch.sqrt(torch.mul(area, aspect))))");
        out.line("    th = int(torch.round(torch.sqrt(torch.div(area, aspect))))");
        out.line(
                "    if torch.__and__(torch.__and__(torch.gt(tw, 0), torch.le(tw, iw)),"
                        + " torch.__and__(torch.gt(th, 0), torch.le(th, ih))):");
        out.line("      i = %s".formatted(out.below("torch.add(torch.sub(ih, th), 1)")));
        out.line("      j = %s".formatted(out.below("torch.add(torch.sub(iw, tw), 1)")));
        out.line("      ch = th");
        out.line("      cw = tw");
        out.line("      found = True");
        out.line("if torch.__not__(found):");
        out.line("  whole = torch.div(iw, ih)");
        out.line("  if torch.lt(whole, %s):".formatted(crop.ratio().low()));
        out.line("    ch = int(torch.round(torch.div(iw, %s)))".formatted(crop.ratio().low()));
        out.line("  if torch.gt(whole, %s):".formatted(crop.ratio().high()));
        out.line("    cw = int(torch.round(torch.mul(ih, %s)))".formatted(crop.ratio().high()));
        out.line("  i = torch.floordiv(torch.sub(ih, ch), 2)");
        out.line("  j = torch.floordiv(torch.sub(iw, cw), 2)");
    }
}
