package dev.hearth.torchscript;

import static dev.hearth.torchscript.ConvolutionCode.literal;

import dev.hearth.spec.Reshaping;
import java.util.List;

/** Compiles the layers that rearrange. */
final class ReshapingCode {

    private ReshapingCode() {}

    /** An expression over {@code x}. */
    static String expression(Reshaping reshaping) {
        return switch (reshaping) {
            case Reshaping.Identity _ -> "x";
            case Reshaping.Flatten(int startDim, int endDim) ->
                    "torch.flatten(x, %d, %d)".formatted(startDim, endDim);
            case Reshaping.Unflatten(int dim, List<Long> size) ->
                    "torch.unflatten(x, %d, %s)".formatted(dim, size);
            case Reshaping.Upsample upsample -> upsample(upsample);
            case Reshaping.ZeroPad2d(long left, long right, long top, long bottom) ->
                    "torch.pad(x, [%d, %d, %d, %d], \"constant\", 0.)"
                            .formatted(left, right, top, bottom);
            case Reshaping.PixelShuffle(long factor) -> "torch.pixel_shuffle(x, " + factor + ")";
        };
    }

    private static String upsample(Reshaping.Upsample upsample) {
        boolean bySize = upsample.scaleFactor().isEmpty();
        String size = bySize ? upsample.size().toString() : "None";
        String scale = bySize ? "None" : upsample.scaleFactor().toString();
        int dims = Math.max(upsample.size().size(), upsample.scaleFactor().size());
        return switch (upsample.mode()) {
            case NEAREST -> "torch.upsample_nearest%dd(x, %s, %s)".formatted(dims, size, scale);
            case BILINEAR ->
                    "torch.upsample_bilinear2d(x, %s, %s, %s)"
                            .formatted(size, literal(upsample.alignCorners()), scale);
        };
    }
}
