package dev.hearth.torchscript;

import dev.hearth.spec.Convolution;
import dev.hearth.spec.Convolution.PaddingMode;
import dev.hearth.spec.Convolution.Window;
import dev.hearth.spec.Pooling;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Compiles what slides a window over its input. */
final class ConvolutionCode {

    private ConvolutionCode() {}

    static List<String> forward(Convolution convolution) {
        return switch (convolution) {
            case Convolution.Conv conv -> conv(conv);
            case Convolution.ConvTranspose transpose ->
                    List.of(
                            "return torch.conv_transpose%dd(x, self.weight, %s, %s, %s, %s, %d, %s)"
                                    .formatted(
                                            transpose.dims(),
                                            bias(transpose),
                                            transpose.window().stride(),
                                            transpose.window().padding(),
                                            transpose.outputPadding(),
                                            transpose.groups(),
                                            transpose.window().dilation()));
        };
    }

    private static List<String> conv(Convolution.Conv conv) {
        var lines = new ArrayList<String>();
        String padding =
                switch (conv.padding()) {
                    case GIVEN -> conv.window().padding().toString();
                    case SAME -> "\"same\"";
                };
        if (conv.paddingMode() != PaddingMode.ZEROS) {
            lines.add(
                    "x = torch.pad(x, %s, \"%s\")".formatted(sides(conv), conv.paddingMode().word));
            padding = Collections.nCopies(conv.dims(), 0).toString();
        }
        lines.add(
                "return torch.conv%dd(x, self.weight, %s, %s, %s, %s, %d)"
                        .formatted(
                                conv.dims(),
                                bias(conv),
                                conv.window().stride(),
                                padding,
                                conv.window().dilation(),
                                conv.groups()));
        return lines;
    }

    /** The last dimension first, each with its beginning and end, as {@code torch.pad} wants it. */
    private static List<Long> sides(Convolution.Conv conv) {
        var sides = new ArrayList<Long>();
        for (int i = conv.dims() - 1; i >= 0; i--) {
            switch (conv.padding()) {
                case GIVEN -> {
                    sides.add(conv.window().padding().get(i));
                    sides.add(conv.window().padding().get(i));
                }
                case SAME -> {
                    long total = conv.window().reach(i) - 1;
                    sides.add(total / 2);
                    sides.add(total - total / 2);
                }
            }
        }
        return sides;
    }

    private static String bias(Convolution convolution) {
        return convolution.bias() ? "self.bias" : "None";
    }

    static List<String> forward(Pooling pooling) {
        return switch (pooling) {
            case Pooling.MaxPool(Window window, boolean ceil) ->
                    List.of(
                            "return torch.max_pool%dd(x, %s, %s, %s, %s, %s)"
                                    .formatted(
                                            pooling.dims(),
                                            window.kernelSize(),
                                            window.stride(),
                                            window.padding(),
                                            window.dilation(),
                                            literal(ceil)));
            case Pooling.AvgPool avg -> List.of("return " + average(avg));
            case Pooling.AdaptiveAvgPool(List<Long> size) ->
                    List.of(
                            "return torch.adaptive_avg_pool%dd(x, %s)"
                                    .formatted(pooling.dims(), size));
            case Pooling.AdaptiveMaxPool(List<Long> size) ->
                    List.of(
                            "y, _ = torch.adaptive_max_pool%dd(x, %s)"
                                    .formatted(pooling.dims(), size),
                            "return y");
        };
    }

    private static String average(Pooling.AvgPool avg) {
        String arguments =
                "x, %s, %s, %s, %s, %s"
                        .formatted(
                                avg.window().kernelSize(),
                                avg.window().stride(),
                                avg.window().padding(),
                                literal(avg.ceilMode()),
                                literal(avg.countIncludePad()));
        return switch (avg.dims()) {
            case 1 -> "torch.avg_pool1d(" + arguments + ")";
            default ->
                    "torch.avg_pool2d(%s, %s)"
                            .formatted(
                                    arguments,
                                    avg.divisorOverride().isPresent()
                                            ? avg.divisorOverride().getAsLong()
                                            : "None");
        };
    }

    static String literal(boolean value) {
        return value ? "True" : "False";
    }
}
