package dev.hearth.spec;

import dev.hearth.spec.Convolution.Padding;
import dev.hearth.spec.Convolution.PaddingMode;
import dev.hearth.spec.Convolution.Window;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Reads convolutions. */
final class ConvolutionReader {

    private static final List<String> CONV =
            List.of(
                    "in_channels",
                    "out_channels",
                    "kernel_size",
                    "stride",
                    "padding",
                    "dilation",
                    "groups",
                    "bias",
                    "padding_mode");
    private static final List<String> TRANSPOSE =
            List.of(
                    "in_channels",
                    "out_channels",
                    "kernel_size",
                    "stride",
                    "padding",
                    "output_padding",
                    "groups",
                    "bias",
                    "dilation");

    private static final Map<String, PaddingMode> MODES = modes();

    private ConvolutionReader() {}

    private static Map<String, PaddingMode> modes() {
        var modes = new LinkedHashMap<String, PaddingMode>();
        for (PaddingMode mode : PaddingMode.values()) {
            modes.put(mode.word, mode);
        }
        return modes;
    }

    static Map<String, LayerKind> kinds() {
        var kinds = new LinkedHashMap<String, LayerKind>();
        for (int dims = 1; dims <= 3; dims++) {
            int each = dims;
            kinds.put("Conv" + each + "d", LayerKind.checked(CONV, f -> conv(f, each)));
        }
        for (int dims = 1; dims <= 2; dims++) {
            int each = dims;
            kinds.put(
                    "ConvTranspose" + each + "d",
                    LayerKind.checked(TRANSPOSE, f -> transpose(f, each)));
        }
        return kinds;
    }

    private static Optional<LayerSpec> conv(Fields fields, int dims) {
        long out = LayerKind.required(fields, "out_channels", "write how many channels come out");
        Padding padding = padding(fields);
        Window window = window(fields, dims, padding == Padding.GIVEN && !isWord(fields));
        long groups = groups(fields, out);
        PaddingMode mode = LayerKind.word(fields, "padding_mode", MODES, PaddingMode.ZEROS);
        boolean bias = fields.bool("bias", true);
        if (padding == Padding.SAME && window.stride().stream().anyMatch(stride -> stride != 1)) {
            fields.reject(
                    "padding",
                    "\"same\" needs a stride of 1; write how much is padded, or leave stride out");
        }
        return fields.failed()
                ? Optional.empty()
                : Optional.of(
                        new Convolution.Conv(
                                LayerKind.inferred(fields, "in_channels"),
                                out,
                                window,
                                padding,
                                groups,
                                bias,
                                mode));
    }

    private static boolean isWord(Fields fields) {
        return fields.node("padding").filter(JsonNode::isString).isPresent();
    }

    /** {@code "valid"} is no padding at all. */
    private static Padding padding(Fields fields) {
        return isWord(fields)
                ? LayerKind.word(
                        fields,
                        "padding",
                        Map.of("same", Padding.SAME, "valid", Padding.GIVEN),
                        Padding.GIVEN)
                : Padding.GIVEN;
    }

    private static Optional<LayerSpec> transpose(Fields fields, int dims) {
        long out = LayerKind.required(fields, "out_channels", "write how many channels come out");
        Window window = window(fields, dims, true);
        List<Long> none = Collections.nCopies(dims, 0L);
        List<Long> outputPadding = LayerKind.extents(fields, "output_padding", dims, 0, none);
        long groups = groups(fields, out);
        boolean bias = fields.bool("bias", true);
        return fields.failed()
                ? Optional.empty()
                : Optional.of(
                        new Convolution.ConvTranspose(
                                LayerKind.inferred(fields, "in_channels"),
                                out,
                                window,
                                outputPadding,
                                groups,
                                bias));
    }

    private static Window window(Fields fields, int dims, boolean padded) {
        List<Long> ones = Collections.nCopies(dims, 1L);
        List<Long> zeros = Collections.nCopies(dims, 0L);
        fields.required("kernel_size", "write how far the window reaches");
        return new Window(
                LayerKind.extents(fields, "kernel_size", dims, 1, ones),
                LayerKind.extents(fields, "stride", dims, 1, ones),
                padded ? LayerKind.extents(fields, "padding", dims, 0, zeros) : zeros,
                LayerKind.extents(fields, "dilation", dims, 1, ones));
    }

    private static long groups(Fields fields, long outChannels) {
        long groups = LayerKind.integer(fields, "groups", 1, 1);
        if (outChannels % groups != 0) {
            fields.reject(
                    "groups",
                    "expected a divisor of out_channels, %d, got %d".formatted(outChannels, groups)
                            + "; write one that leaves no rest");
        }
        return groups;
    }
}
