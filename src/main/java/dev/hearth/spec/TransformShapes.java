package dev.hearth.spec;

import java.util.List;
import java.util.OptionalLong;

/** What each transform makes of a picture's shape and type, and what it cannot be applied to. */
final class TransformShapes {

    private final SpecErrors errors;

    TransformShapes(SpecErrors errors) {
        this.errors = errors;
    }

    /** What comes out of all of them; errors are noted where they are written. */
    Picture after(Picture in, List<Transforms.Placed> transforms) {
        Picture picture = in;
        for (Transforms.Placed placed : transforms) {
            picture = after(picture, placed.transform(), placed.pointer());
        }
        return picture;
    }

    private Picture after(Picture in, TransformSpec transform, String pointer) {
        return switch (transform) {
            case TransformSpec.Resize resize -> in.sized(resize.size());
            case TransformSpec.ResizeShorter resize -> shorter(in, resize);
            case TransformSpec.CenterCrop crop -> in.sized(crop.size());
            case TransformSpec.RandomCrop crop -> crop(in, crop, pointer);
            case TransformSpec.RandomResizedCrop crop -> in.sized(crop.size());
            case TransformSpec.RandomHorizontalFlip _, TransformSpec.RandomVerticalFlip _ -> in;
            case TransformSpec.RandomRotation rotation ->
                    rotation.expand() ? in.sized(OptionalLong.empty(), OptionalLong.empty()) : in;
            case TransformSpec.ColorJitter _ -> {
                requireColours(in, pointer);
                yield in;
            }
            case TransformSpec.RandomErasing erasing -> {
                requireChannels(in, erasing.values().size(), true, "value", pointer);
                if (erasing.values().isEmpty() && !in.isFloat()) {
                    errors.add(
                            pointer,
                            "random values are numbers around 0, and the picture still is bytes;"
                                    + " put ToTensor before it");
                }
                yield in;
            }
            case TransformSpec.Pad pad -> padded(in, pad.padding(), pad.mode(), pointer);
            case TransformSpec.Grayscale gray -> {
                requireColours(in, pointer);
                if (gray.channels() == 3 && in.channels() == 1) {
                    errors.add(
                            pointer,
                            "the picture has 1 channel, which torchvision does not turn into 3;"
                                    + " upload it with the mode RGB, or set num_output_channels"
                                    + " to 1");
                }
                yield new Picture(gray.channels(), in.height(), in.width(), in.isFloat());
            }
            case TransformSpec.ToTensor _ ->
                    new Picture(in.channels(), in.height(), in.width(), true);
            case TransformSpec.Normalize normalize -> {
                if (!in.isFloat()) {
                    errors.add(
                            pointer,
                            "the picture still is bytes from 0 to 255; put ToTensor before"
                                    + " Normalize");
                }
                requireChannels(in, normalize.mean().size(), false, "mean", pointer);
                requireChannels(in, normalize.std().size(), false, "std", pointer);
                yield in;
            }
        };
    }

    private static Picture shorter(Picture in, TransformSpec.ResizeShorter resize) {
        if (!in.isSized()) {
            return in.sized(OptionalLong.empty(), OptionalLong.empty());
        }
        long height = in.height().getAsLong();
        long width = in.width().getAsLong();
        long shorter = resize.size();
        long longer = longer(shorter, Math.max(height, width), Math.min(height, width));
        if (resize.maxSize().isPresent() && longer > resize.maxSize().getAsLong()) {
            shorter = longer(resize.maxSize().getAsLong(), shorter, longer);
            longer = resize.maxSize().getAsLong();
        }
        return width <= height
                ? in.sized(new TransformSpec.Size(longer, shorter))
                : in.sized(new TransformSpec.Size(shorter, longer));
    }

    /** {@code int(size * numerator / denominator)} as Python computes it. */
    private static long longer(long size, long numerator, long denominator) {
        return (long) ((double) (size * numerator) / denominator);
    }

    private Picture crop(Picture in, TransformSpec.RandomCrop crop, String pointer) {
        Picture padded = padded(in, crop.padding(), crop.mode(), pointer);
        boolean fits =
                padded.isSized()
                        && padded.height().getAsLong() >= crop.size().height()
                        && padded.width().getAsLong() >= crop.size().width();
        if (!crop.padIfNeeded() && !fits) {
            errors.add(
                    pointer,
                    padded.isSized()
                            ? "the crop of %d×%d is larger than the picture of %s×%s; make it smaller, or set pad_if_needed to true"
                                    .formatted(
                                            crop.size().height(),
                                            crop.size().width(),
                                            padded.height().getAsLong(),
                                            padded.width().getAsLong())
                            : "pictures differ in size here, and some may be smaller than the crop;"
                                    + " put Resize before it, or set pad_if_needed to true");
        }
        return in.sized(crop.size());
    }

    private Picture padded(
            Picture in, TransformSpec.Padding padding, TransformSpec.PaddingMode mode, String at) {
        if (padding.isNone()) {
            return in;
        }
        requireRoom(in.height(), Math.max(padding.top(), padding.bottom()), mode, "height", at);
        requireRoom(in.width(), Math.max(padding.left(), padding.right()), mode, "width", at);
        return in.sized(
                plus(in.height(), padding.top() + padding.bottom()),
                plus(in.width(), padding.left() + padding.right()));
    }

    private void requireRoom(
            OptionalLong extent,
            long padding,
            TransformSpec.PaddingMode mode,
            String name,
            String pointer) {
        long spare =
                switch (mode) {
                    case CONSTANT, EDGE -> 0;
                    case REFLECT -> 1;
                    case SYMMETRIC -> 0;
                };
        boolean mirrors =
                mode == TransformSpec.PaddingMode.REFLECT
                        || mode == TransformSpec.PaddingMode.SYMMETRIC;
        if (!mirrors || padding == 0) {
            return;
        }
        if (extent.isEmpty()) {
            errors.add(
                    pointer,
                    "pictures differ in size here, and some may be too small to be mirrored; put"
                            + " Resize before it, or use the padding_mode constant or edge");
        } else if (padding + spare > extent.getAsLong()) {
            errors.add(
                    pointer,
                    "a padding of %d cannot mirror a %s of %d; make it at most %d"
                            .formatted(
                                    padding, name, extent.getAsLong(), extent.getAsLong() - spare));
        }
    }

    private static OptionalLong plus(OptionalLong extent, long more) {
        return extent.isPresent() ? OptionalLong.of(extent.getAsLong() + more) : extent;
    }

    private void requireColours(Picture in, String pointer) {
        if (in.channels() != 1 && in.channels() != 3) {
            errors.add(
                    pointer,
                    "expected a picture of 1 or 3 channels, got %d".formatted(in.channels()));
        }
    }

    private void requireChannels(
            Picture in, int values, boolean mayBeNone, String name, String pointer) {
        if (values == 1 || values == in.channels() || (mayBeNone && values == 0)) {
            return;
        }
        errors.add(
                Pointers.field(pointer, name),
                "expected one value or one for each of %d channels, got %d"
                        .formatted(in.channels(), values));
    }
}
