package dev.hearth.torchscript;

import dev.hearth.spec.Picture;
import dev.hearth.spec.TransformSpec;
import dev.hearth.spec.TransformSpec.Size;
import java.util.List;

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

    private final TransformLines out;
    private final SizeCode sizes;
    private final RotationCode rotations;
    private final ColourCode colours;

    private TransformCode(String generator) {
        this.out = new TransformLines(generator);
        this.sizes = new SizeCode(out);
        this.rotations = new RotationCode(out);
        this.colours = new ColourCode(out);
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
        return code.out.lines();
    }

    private void add(TransformSpec transform, long channels, boolean isFloat) {
        switch (transform) {
            case TransformSpec.Resize resize -> {
                out.line("rh = %d".formatted(resize.size().height()));
                out.line("rw = %d".formatted(resize.size().width()));
                sizes.resize(resize.interpolation(), resize.antialias(), isFloat);
            }
            case TransformSpec.ResizeShorter resize -> {
                sizes.shorterSide(resize);
                sizes.resize(resize.interpolation(), resize.antialias(), isFloat);
            }
            case TransformSpec.CenterCrop(Size size) -> sizes.centerCrop(size);
            case TransformSpec.RandomCrop crop -> sizes.randomCrop(crop, isFloat);
            case TransformSpec.RandomResizedCrop crop -> {
                sizes.randomPart(crop);
                out.line("x = %s".formatted(TransformLines.cropped("x", "i", "ch", "j", "cw")));
                out.line("rh = %d".formatted(crop.size().height()));
                out.line("rw = %d".formatted(crop.size().width()));
                sizes.resize(crop.interpolation(), crop.antialias(), isFloat);
            }
            case TransformSpec.RandomHorizontalFlip(double p) -> flip(p, -1);
            case TransformSpec.RandomVerticalFlip(double p) -> flip(p, -2);
            case TransformSpec.RandomRotation rotation -> rotations.rotate(rotation, isFloat);
            case TransformSpec.ColorJitter jitter -> colours.jitter(jitter, channels, isFloat);
            case TransformSpec.RandomErasing erasing -> erase(erasing, channels, isFloat);
            case TransformSpec.Pad pad -> sizes.pad(pad.padding(), pad.mode(), pad.fill(), isFloat);
            case TransformSpec.Grayscale(long grey) -> {
                if (channels == 3) {
                    out.line("x = %s".formatted(ColourCode.grey("x", isFloat)));
                    if (grey == 3) {
                        out.line("x = torch.cat([x, x, x], -3)");
                    }
                }
            }
            case TransformSpec.ToTensor _ -> {
                if (!isFloat) {
                    out.line(
                            "x = torch.div(torch.to(x, %d), 255)"
                                    .formatted(TransformLines.FLOAT32));
                }
            }
            case TransformSpec.Normalize(List<Double> mean, List<Double> std) ->
                    out.line(
                            "x = torch.div(torch.sub(x, %s), %s)"
                                    .formatted(
                                            TransformLines.perChannel(mean),
                                            TransformLines.perChannel(std)));
        }
    }

    private void flip(double p, int dim) {
        out.line("if bool(torch.lt(%s, %s)):".formatted(out.uniform("0.", "1."), p));
        out.line("  x = torch.flip(x, [%d])".formatted(dim));
    }

    /** {@code RandomErasing.forward}. */
    private void erase(TransformSpec.RandomErasing erasing, long channels, boolean isFloat) {
        out.line("if bool(torch.lt(%s, %s)):".formatted(out.uniform("0.", "1."), erasing.p()));
        out.line("  ih = torch.size(x, -2)");
        out.line("  iw = torch.size(x, -1)");
        out.line(
                "  ratio = torch.log(torch.tensor([%s, %s], dtype=%d))"
                        .formatted(
                                erasing.ratio().low(),
                                erasing.ratio().high(),
                                TransformLines.FLOAT32));
        out.line("  found = False");
        out.line("  for attempt in range(%d):".formatted(TransformLines.TRIES));
        out.line("    if torch.__not__(found):");
        out.line(
                "      area = torch.mul(torch.mul(ih, iw), float(%s))"
                        .formatted(out.uniform(erasing.scale())));
        out.line("      aspect = float(torch.exp(%s))".formatted(out.logUniform()));
        out.line("      th = int(torch.round(torch.sqrt(torch.mul(area, aspect))))");
        out.line("      tw = int(torch.round(torch.sqrt(torch.div(area, aspect))))");
        out.line("      if torch.__and__(torch.lt(th, ih), torch.lt(tw, iw)):");
        out.line(
                "        v = %s"
                        .formatted(
                                erasing.values().isEmpty()
                                        ? "torch.to(%s, ops.prim.device(x))"
                                                .formatted(
                                                        SpareNormal.drawn(
                                                                "[%d, th, tw]".formatted(channels),
                                                                out.generator()))
                                        : TransformLines.perChannel(erasing.values())));
        out.line("        i = %s".formatted(out.below("torch.add(torch.sub(ih, th), 1)")));
        out.line("        j = %s".formatted(out.below("torch.add(torch.sub(iw, tw), 1)")));
        out.line("        x = torch.clone(x)");
        out.line(
                "        _ = torch.copy_(%s, %s)"
                        .formatted(
                                TransformLines.cropped("x", "i", "th", "j", "tw"),
                                isFloat ? "v" : "torch.to(v, " + TransformLines.UINT8 + ")"));
        out.line("        found = True");
    }
}
