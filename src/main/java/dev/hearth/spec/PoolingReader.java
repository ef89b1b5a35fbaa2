package dev.hearth.spec;

import dev.hearth.spec.Convolution.Window;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads poolings. */
final class PoolingReader {

    private static final List<String> MAX =
            List.of("kernel_size", "stride", "padding", "dilation", "ceil_mode");
    private static final List<String> AVG =
            List.of("kernel_size", "stride", "padding", "ceil_mode", "count_include_pad");
    private static final List<String> ADAPTIVE = List.of("output_size");

    private PoolingReader() {}

    static Map<String, LayerKind> kinds() {
        var kinds = new LinkedHashMap<String, LayerKind>();
        for (int dims = 1; dims <= 2; dims++) {
            int each = dims;
            kinds.put("MaxPool" + each + "d", LayerKind.checked(MAX, f -> max(f, each)));
        }
        kinds.put("AvgPool1d", LayerKind.checked(AVG, f -> avg(f, 1)));
        var avg2d = new ArrayList<>(AVG);
        avg2d.add("divisor_override");
        kinds.put("AvgPool2d", LayerKind.checked(avg2d, f -> avg(f, 2)));
        for (int dims = 1; dims <= 2; dims++) {
            int each = dims;
            kinds.put(
                    "AdaptiveAvgPool" + each + "d",
                    LayerKind.leaf(ADAPTIVE, f -> new Pooling.AdaptiveAvgPool(size(f, each))));
        }
        kinds.put(
                "AdaptiveMaxPool2d",
                LayerKind.leaf(ADAPTIVE, f -> new Pooling.AdaptiveMaxPool(size(f, 2))));
        return kinds;
    }

    private static List<Long> size(Fields fields, int dims) {
        fields.required("output_size", "write how large the output is");
        return LayerKind.extents(fields, "output_size", dims, 1, Collections.nCopies(dims, 1L));
    }

    private static Optional<LayerSpec> max(Fields fields, int dims) {
        List<Long> ones = Collections.nCopies(dims, 1L);
        Optional<Window> window =
                window(fields, dims, LayerKind.extents(fields, "dilation", dims, 1, ones));
        boolean ceil = fields.bool("ceil_mode", false);
        return window.map(known -> new Pooling.MaxPool(known, ceil));
    }

    private static Optional<LayerSpec> avg(Fields fields, int dims) {
        Optional<Window> window = window(fields, dims, Collections.nCopies(dims, 1L));
        boolean ceil = fields.bool("ceil_mode", false);
        boolean include = fields.bool("count_include_pad", true);
        var divisor = fields.integer("divisor_override", 1, LayerKind.MAX_EXTENT);
        return window.map(known -> new Pooling.AvgPool(known, ceil, include, divisor));
    }

    private static Optional<Window> window(Fields fields, int dims, List<Long> dilation) {
        List<Long> ones = Collections.nCopies(dims, 1L);
        fields.required("kernel_size", "write how far the window reaches");
        List<Long> kernel = LayerKind.extents(fields, "kernel_size", dims, 1, ones);
        List<Long> zeros = Collections.nCopies(dims, 0L);
        var window =
                new Window(
                        kernel,
                        LayerKind.extents(fields, "stride", dims, 1, kernel),
                        LayerKind.extents(fields, "padding", dims, 0, zeros),
                        dilation);
        for (int i = 0; i < dims && !fields.failed(); i++) {
            if (window.padding().get(i) > window.reach(i) / 2) {
                fields.reject(
                        "padding",
                        "expected at most half of the window, %d, got %d"
                                        .formatted(window.reach(i) / 2, window.padding().get(i))
                                + "; make padding smaller or kernel_size larger");
            }
        }
        return fields.failed() ? Optional.empty() : Optional.of(window);
    }
}
