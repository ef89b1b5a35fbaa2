package dev.hearth.python;

import dev.hearth.python.Expression.Call;
import dev.hearth.python.Expression.Text;
import dev.hearth.spec.TransformSpec;
import dev.hearth.spec.TransformSpec.Interpolation;
import dev.hearth.spec.TransformSpec.Padding;
import dev.hearth.spec.TransformSpec.PaddingMode;
import dev.hearth.spec.TransformSpec.Range;
import dev.hearth.spec.TransformSpec.Size;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Writes transforms with torchvision's classes. They are applied to tensors of bytes and not to
 * Pillow's images, of which torchvision makes other pixels.
 */
final class VisionCode {

    private VisionCode() {}

    /** From an image of Pillow's to what the model takes. */
    static Expression compose(List<TransformSpec> transforms) {
        var parts = new ArrayList<Expression>();
        parts.add(Call.of("transforms.PILToTensor"));
        transforms.forEach(transform -> parts.add(expression(transform)));
        return compose(parts);
    }

    /** From a tensor of bytes {@code [channels, height, width]} to what the model takes. */
    static Expression ofTensors(List<TransformSpec> transforms) {
        return compose(transforms.stream().map(VisionCode::expression).toList());
    }

    private static Expression compose(Collection<Expression> parts) {
        return Call.of("transforms.Compose", new Expression.Listing(List.copyOf(parts)));
    }

    private static Expression expression(TransformSpec transform) {
        return switch (transform) {
            case TransformSpec.Resize resize ->
                    sampled(
                            Call.of("transforms.Resize", size(resize.size())),
                            resize.interpolation(),
                            Interpolation.BILINEAR,
                            resize.antialias());
            case TransformSpec.ResizeShorter resize -> {
                Call call = Call.of("transforms.Resize", resize.size());
                if (resize.maxSize().isPresent()) {
                    call = call.with("max_size", resize.maxSize().getAsLong());
                }
                yield sampled(
                        call, resize.interpolation(), Interpolation.BILINEAR, resize.antialias());
            }
            case TransformSpec.CenterCrop(Size size) ->
                    Call.of("transforms.CenterCrop", size(size));
            case TransformSpec.RandomCrop crop -> {
                Call call = Call.of("transforms.RandomCrop", size(crop.size()));
                if (!crop.padding().isNone()) {
                    call = call.with("padding", padding(crop.padding()));
                }
                yield edges(
                        call.unless(false, "pad_if_needed", crop.padIfNeeded()),
                        crop.fill(),
                        crop.mode());
            }
            case TransformSpec.RandomResizedCrop crop ->
                    sampled(
                            Call.of("transforms.RandomResizedCrop", size(crop.size()))
                                    .with("scale", range(crop.scale()))
                                    .with("ratio", range(crop.ratio())),
                            crop.interpolation(),
                            Interpolation.BILINEAR,
                            crop.antialias());
            case TransformSpec.RandomHorizontalFlip(double p) ->
                    Call.of("transforms.RandomHorizontalFlip", p);
            case TransformSpec.RandomVerticalFlip(double p) ->
                    Call.of("transforms.RandomVerticalFlip", p);
            case TransformSpec.RandomRotation rotation ->
                    interpolated(
                                    Call.of("transforms.RandomRotation", range(rotation.degrees())),
                                    rotation.interpolation(),
                                    Interpolation.NEAREST)
                            .unless(false, "expand", rotation.expand())
                            .unless(0.0, "fill", rotation.fill());
            case TransformSpec.ColorJitter jitter ->
                    factor(
                            factor(
                                    factor(
                                            factor(
                                                    Call.of("transforms.ColorJitter"),
                                                    "brightness",
                                                    jitter.brightness()),
                                            "contrast",
                                            jitter.contrast()),
                                    "saturation",
                                    jitter.saturation()),
                            "hue",
                            jitter.hue());
            case TransformSpec.RandomErasing erasing ->
                    Call.of("transforms.RandomErasing", erasing.p())
                            .with("scale", range(erasing.scale()))
                            .with("ratio", range(erasing.ratio()))
                            .with("value", value(erasing.values()));
            case TransformSpec.Pad pad ->
                    edges(
                            Call.of("transforms.Pad", padding(pad.padding())),
                            pad.fill(),
                            pad.mode());
            case TransformSpec.Grayscale(long channels) ->
                    Call.of("transforms.Grayscale", channels);
            case TransformSpec.ToTensor _ ->
                    Call.of("transforms.ConvertImageDtype", "torch.float32");
            case TransformSpec.Normalize(List<Double> mean, List<Double> std) ->
                    Call.of("transforms.Normalize", numbers(mean), numbers(std));
        };
    }

    private static Call sampled(
            Call call, Interpolation interpolation, Interpolation usual, boolean antialias) {
        return interpolated(call, interpolation, usual).unless(true, "antialias", antialias);
    }

    private static Call interpolated(Call call, Interpolation interpolation, Interpolation usual) {
        return interpolation == usual
                ? call
                : call.with(
                        "interpolation",
                        new Text("transforms.InterpolationMode." + interpolation.name()));
    }

    private static Call edges(Call call, double fill, PaddingMode mode) {
        Call filled = call.unless(0.0, "fill", fill);
        return mode == PaddingMode.CONSTANT
                ? filled
                : filled.with(
                        "padding_mode", new Text(Literal.of(mode.name().toLowerCase(Locale.ROOT))));
    }

    private static Call factor(Call call, String name, Optional<Range> range) {
        return range.map(given -> call.with(name, range(given))).orElse(call);
    }

    private static Expression size(Size size) {
        return Expression.tuple(List.of(size.height(), size.width()));
    }

    private static Expression padding(Padding padding) {
        return Expression.tuple(
                List.of(padding.left(), padding.top(), padding.right(), padding.bottom()));
    }

    private static Expression range(Range range) {
        return Expression.tuple(range.low(), range.high());
    }

    private static Expression numbers(List<Double> values) {
        return Expression.tuple(values.stream().mapToDouble(Double::doubleValue).toArray());
    }

    private static Expression value(List<Double> values) {
        return switch (values.size()) {
            case 0 -> new Text(Literal.of("random"));
            case 1 -> new Text(Literal.of(values.getFirst()));
            default -> numbers(values);
        };
    }
}
