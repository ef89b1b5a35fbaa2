package dev.hearth.spec;

import dev.hearth.spec.Convolution.Padding;
import dev.hearth.spec.Convolution.Window;
import dev.hearth.spec.ModelPlan.Parameter;
import dev.hearth.spec.Site.Fit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** What convolutions make of their input; the formulas are those of PyTorch's documentation. */
final class ConvolutionShapes {

    private ConvolutionShapes() {}

    static Optional<Fit> infer(Convolution convolution, Site site) {
        if (!site.hasDimensions(Site.spatial(convolution.dims()))) {
            return Optional.empty();
        }
        long in = site.channels();
        boolean fits = site.agrees("in_channels", convolution.inChannels(), in);
        fits = fits && site.divides("groups", convolution.groups(), in);
        if (!fits) {
            return Optional.empty();
        }
        return switch (convolution) {
            case Convolution.Conv conv -> conv(conv, in, site);
            case Convolution.ConvTranspose transpose -> transpose(transpose, in, site);
        };
    }

    private static Optional<Fit> conv(Convolution.Conv conv, long in, Site site) {
        var extents = new ArrayList<Long>();
        extents.add(conv.outChannels());
        for (int i = 0; i < conv.dims(); i++) {
            long extent = site.in().dims().get(i + 1);
            if (!isPaddable(conv, extent, i, site)) {
                return Optional.empty();
            }
            OptionalLong out =
                    conv.padding() == Padding.SAME
                            ? OptionalLong.of(extent)
                            : slide(conv.window(), i, extent, false, site);
            if (out.isEmpty()) {
                return Optional.empty();
            }
            extents.add(out.getAsLong());
        }
        var resolved =
                new Convolution.Conv(
                        OptionalLong.of(in),
                        conv.outChannels(),
                        conv.window(),
                        conv.padding(),
                        conv.groups(),
                        conv.bias(),
                        conv.paddingMode());
        return Optional.of(
                new Fit(
                        resolved,
                        new Shape(extents),
                        parameters(conv, conv.outChannels(), in / conv.groups()),
                        "out_channels"));
    }

    /** What is reflected or goes round is the input, so there must be enough of it. */
    private static boolean isPaddable(Convolution.Conv conv, long extent, int i, Site site) {
        long padding =
                conv.padding() == Padding.SAME
                        ? Math.ceilDiv(conv.window().reach(i) - 1, 2)
                        : conv.window().padding().get(i);
        long most =
                switch (conv.paddingMode()) {
                    case ZEROS, REPLICATE -> Long.MAX_VALUE;
                    case REFLECT -> extent - 1;
                    case CIRCULAR -> extent;
                };
        if (padding > most) {
            site.reject(
                    "padding",
                    "expected at most %d for padding_mode %s, got %d"
                            .formatted(most, conv.paddingMode().word, padding),
                    "make padding smaller, or leave padding_mode out for zeros");
        }
        return padding <= most;
    }

    private static Optional<Fit> transpose(
            Convolution.ConvTranspose transpose, long in, Site site) {
        Window window = transpose.window();
        var extents = new ArrayList<Long>();
        extents.add(transpose.outChannels());
        for (int i = 0; i < transpose.dims(); i++) {
            long extra = transpose.outputPadding().get(i);
            if (extra >= Math.max(window.stride().get(i), window.dilation().get(i))) {
                site.reject(
                        "output_padding",
                        "expected less than stride or dilation, got " + extra,
                        "make it smaller");
                return Optional.empty();
            }
            long out =
                    (site.in().dims().get(i + 1) - 1) * window.stride().get(i)
                            - 2 * window.padding().get(i)
                            + window.reach(i)
                            + extra;
            if (out < 1) {
                site.reject(
                        "padding",
                        "expected less, got %d: nothing is left of the output"
                                .formatted(window.padding().get(i)),
                        "make padding smaller or kernel_size larger");
                return Optional.empty();
            }
            extents.add(out);
        }
        var resolved =
                new Convolution.ConvTranspose(
                        OptionalLong.of(in),
                        transpose.outChannels(),
                        window,
                        transpose.outputPadding(),
                        transpose.groups(),
                        transpose.bias());
        return Optional.of(
                new Fit(
                        resolved,
                        new Shape(extents),
                        parameters(transpose, in, transpose.outChannels() / transpose.groups()),
                        "out_channels"));
    }

    private static List<Parameter> parameters(Convolution convolution, long rows, long columns) {
        var extents = new ArrayList<>(List.of(rows, columns));
        extents.addAll(convolution.window().kernelSize());
        var weight = new Parameter("weight", new Shape(extents));
        return convolution.bias()
                ? List.of(weight, new Parameter("bias", Shape.of(convolution.outChannels())))
                : List.of(weight);
    }

    /** How often the window fits into spatial dimension {@code i}; an error if it does not. */
    static OptionalLong slide(Window window, int i, long extent, boolean ceil, Site site) {
        long padding = window.padding().get(i);
        long stride = window.stride().get(i);
        long room = extent + 2 * padding - window.reach(i);
        long out = Math.floorDiv(room + (ceil ? stride - 1 : 0), stride) + 1;
        // A window that would begin in the padding after the input is left out.
        if (ceil && (out - 1) * stride >= extent + padding) {
            out--;
        }
        if (out < 1) {
            long most = (extent + 2 * padding - 1) / window.dilation().get(i) + 1;
            site.reject(
                    "kernel_size",
                    "expected at most %d, got %d".formatted(most, window.kernelSize().get(i)),
                    window.dilation().get(i) > 1
                            ? "make kernel_size or dilation smaller, or padding larger"
                            : "make kernel_size smaller or padding larger");
            return OptionalLong.empty();
        }
        return OptionalLong.of(out);
    }
}
