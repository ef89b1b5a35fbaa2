package dev.hearth.spec;

import dev.hearth.spec.Site.Fit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** What the layers that rearrange make of their input. */
final class ReshapingShapes {

    private ReshapingShapes() {}

    /**
     * @param dimension that {@code unflatten} divides, counting the batch dimension; empty where an
     *     error has been recorded
     */
    static Optional<Fit> unflatten(
            Reshaping.Unflatten unflatten, OptionalInt dimension, Site site) {
        if (dimension.isEmpty()) {
            return Optional.empty();
        }
        int index = dimension.getAsInt() - 1;
        long extent = site.in().dims().get(index);
        long known = 1;
        boolean open = false;
        for (long size : unflatten.unflattenedSize()) {
            if (size == -1) {
                open = true;
            } else if (known > extent / size) {
                return mismatch(unflatten, extent, site);
            } else {
                known *= size;
            }
        }
        if (open ? extent % known != 0 : extent != known) {
            return mismatch(unflatten, extent, site);
        }
        long rest = extent / known;
        var dims = new ArrayList<>(site.in().dims().subList(0, index));
        unflatten.unflattenedSize().forEach(size -> dims.add(size == -1 ? rest : size));
        dims.addAll(site.in().dims().subList(index + 1, site.in().rank()));
        List<Long> sizes =
                unflatten.unflattenedSize().stream().map(size -> size == -1 ? rest : size).toList();
        return Site.fit(new Reshaping.Unflatten(unflatten.dim(), sizes), new Shape(dims));
    }

    private static Optional<Fit> mismatch(Reshaping.Unflatten unflatten, long extent, Site site) {
        site.reject(
                "unflattened_size",
                "expected extents whose product is %d, got %s"
                        .formatted(extent, unflatten.unflattenedSize()),
                "change one of them, or write -1 in its place");
        return Optional.empty();
    }

    static Optional<Fit> upsample(Reshaping.Upsample upsample, Site site) {
        boolean bilinear = upsample.mode() == Reshaping.Upsample.Mode.BILINEAR;
        int dims = site.in().rank() - 1;
        if (bilinear ? !site.hasDimensions(Site.spatial(2)) : !hasSpace(site, dims)) {
            return Optional.empty();
        }
        String field = upsample.size().isEmpty() ? "scale_factor" : "size";
        int given = Math.max(upsample.size().size(), upsample.scaleFactor().size());
        if (given != 1 && given != dims) {
            site.reject(
                    field,
                    "expected one value for each of the %d spatial dimensions, got %d"
                            .formatted(dims, given),
                    "write one for all, or as many");
            return Optional.empty();
        }
        var size = new ArrayList<Long>();
        var scale = new ArrayList<Double>();
        var out = new ArrayList<Long>();
        out.add(site.channels());
        for (int i = 0; i < dims; i++) {
            if (upsample.size().isEmpty()) {
                double factor = upsample.scaleFactor().get(given == 1 ? 0 : i);
                scale.add(factor);
                out.add((long) Math.floor((double) site.in().dims().get(i + 1) * factor));
            } else {
                size.add(upsample.size().get(given == 1 ? 0 : i));
                out.add(size.getLast());
            }
        }
        if (out.stream().anyMatch(extent -> extent < 1)) {
            site.reject(
                    field,
                    "expected a factor that leaves something, got " + upsample.scaleFactor(),
                    "make it larger");
            return Optional.empty();
        }
        return Site.fit(
                new Reshaping.Upsample(size, scale, upsample.mode(), upsample.alignCorners()),
                new Shape(out));
    }

    private static boolean hasSpace(Site site, int dims) {
        if (dims >= 1 && dims <= 3) {
            return true;
        }
        site.reject(
                "",
                "expected channels and 1 to 3 spatial dimensions per sample, got %d dimensions"
                        .formatted(site.in().rank()),
                "add an Unflatten before it");
        return false;
    }

    static Optional<Fit> pad(Reshaping.ZeroPad2d pad, Site site) {
        if (!hasImage(site)) {
            return Optional.empty();
        }
        var dims = new ArrayList<>(site.in().dims());
        int last = dims.size() - 1;
        dims.set(last - 1, dims.get(last - 1) + pad.top() + pad.bottom());
        dims.set(last, dims.get(last) + pad.left() + pad.right());
        if (dims.get(last - 1) < 1 || dims.get(last) < 1) {
            site.reject("padding", "nothing is left of the image", "cut off less");
            return Optional.empty();
        }
        return Site.fit(pad, new Shape(dims));
    }

    static Optional<Fit> shuffle(Reshaping.PixelShuffle shuffle, Site site) {
        long factor = shuffle.upscaleFactor();
        if (site.in().rank() < 3) {
            return hasImage(site) ? rejectChannels(site) : Optional.empty();
        }
        var dims = new ArrayList<>(site.in().dims());
        int channels = dims.size() - 3;
        if (dims.get(channels) % (factor * factor) != 0) {
            site.reject(
                    "upscale_factor",
                    "expected one whose square, %d, divides the %d channels"
                            .formatted(factor * factor, dims.get(channels)),
                    "write another, or change the channels before it");
            return Optional.empty();
        }
        dims.set(channels, dims.get(channels) / (factor * factor));
        dims.set(channels + 1, dims.get(channels + 1) * factor);
        dims.set(channels + 2, dims.get(channels + 2) * factor);
        return Site.fit(shuffle, new Shape(dims));
    }

    private static Optional<Fit> rejectChannels(Site site) {
        site.hasDimensions(Site.spatial(2));
        return Optional.empty();
    }

    private static boolean hasImage(Site site) {
        return site.in().rank() >= 2 || site.hasDimensions(Site.spatial(2));
    }
}
