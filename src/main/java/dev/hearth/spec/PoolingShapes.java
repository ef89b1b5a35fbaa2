package dev.hearth.spec;

import dev.hearth.spec.Convolution.Window;
import dev.hearth.spec.Site.Fit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** What poolings make of their input. */
final class PoolingShapes {

    private PoolingShapes() {}

    static Optional<Fit> infer(Pooling pooling, Site site) {
        if (!site.hasDimensions(Site.spatial(pooling.dims()))) {
            return Optional.empty();
        }
        return switch (pooling) {
            case Pooling.MaxPool(Window window, boolean ceil) -> slide(pooling, window, ceil, site);
            case Pooling.AvgPool(Window window, boolean ceil, _, _) ->
                    slide(pooling, window, ceil, site);
            case Pooling.AdaptiveAvgPool(List<Long> size) -> adaptive(pooling, size, site);
            case Pooling.AdaptiveMaxPool(List<Long> size) -> adaptive(pooling, size, site);
        };
    }

    private static Optional<Fit> slide(Pooling pooling, Window window, boolean ceil, Site site) {
        var extents = new ArrayList<Long>();
        extents.add(site.channels());
        for (int i = 0; i < pooling.dims(); i++) {
            OptionalLong out =
                    ConvolutionShapes.slide(window, i, site.in().dims().get(i + 1), ceil, site);
            if (out.isEmpty()) {
                return Optional.empty();
            }
            extents.add(out.getAsLong());
        }
        return Site.fit(pooling, new Shape(extents));
    }

    private static Optional<Fit> adaptive(Pooling pooling, List<Long> size, Site site) {
        var extents = new ArrayList<Long>();
        extents.add(site.channels());
        extents.addAll(size);
        return Site.fit(pooling, new Shape(extents));
    }
}
