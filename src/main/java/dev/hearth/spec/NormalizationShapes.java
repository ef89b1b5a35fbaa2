package dev.hearth.spec;

import dev.hearth.spec.ModelPlan.Parameter;
import dev.hearth.spec.Site.Fit;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Whether normalisations fit their input, whose shape they keep. */
final class NormalizationShapes {

    private NormalizationShapes() {}

    static Optional<Fit> infer(Normalization normalization, Site site) {
        return switch (normalization) {
            case Normalization.BatchNorm norm -> batch(norm, site);
            case Normalization.InstanceNorm2d norm -> instance(norm, site);
            case Normalization.LayerNorm norm -> layer(norm, site);
            case Normalization.GroupNorm norm -> group(norm, site);
        };
    }

    private static Optional<Fit> batch(Normalization.BatchNorm norm, Site site) {
        boolean isVector = norm.dims() == 1 && site.in().rank() == 1;
        if (!(isVector || site.hasDimensions(Site.spatial(norm.dims())))
                || !site.agrees("num_features", norm.numFeatures(), site.channels())) {
            return Optional.empty();
        }
        var resolved =
                new Normalization.BatchNorm(
                        norm.dims(),
                        OptionalLong.of(site.channels()),
                        norm.eps(),
                        norm.momentum(),
                        norm.affine(),
                        norm.trackRunningStats());
        return fit(resolved, site, eachChannel(norm.affine(), site.channels()));
    }

    private static Optional<Fit> instance(Normalization.InstanceNorm2d norm, Site site) {
        if (!site.hasDimensions(Site.spatial(2))
                || !site.agrees("num_features", norm.numFeatures(), site.channels())) {
            return Optional.empty();
        }
        if (site.in().elements() == site.channels()) {
            site.reject(
                    "",
                    "expected more than one element for each channel, got one",
                    "there is nothing to normalise; leave the layer out");
            return Optional.empty();
        }
        var resolved =
                new Normalization.InstanceNorm2d(
                        OptionalLong.of(site.channels()),
                        norm.eps(),
                        norm.momentum(),
                        norm.affine(),
                        norm.trackRunningStats());
        return fit(resolved, site, eachChannel(norm.affine(), site.channels()));
    }

    private static Optional<Fit> layer(Normalization.LayerNorm norm, Site site) {
        List<Long> dims = site.in().dims();
        if (dims.isEmpty()) {
            site.reject(
                    "",
                    "expected at least one dimension per sample, got none",
                    "leave the layer out");
            return Optional.empty();
        }
        List<Long> shape =
                norm.normalizedShape().isEmpty() ? List.of(dims.getLast()) : norm.normalizedShape();
        if (shape.size() > dims.size()
                || !dims.subList(dims.size() - shape.size(), dims.size()).equals(shape)) {
            site.reject(
                    "normalized_shape",
                    "expected the last extents of the input, got " + shape,
                    "write such as [%d] or leave normalized_shape out".formatted(dims.getLast()));
            return Optional.empty();
        }
        var weight = new Parameter("weight", new Shape(shape));
        var bias = new Parameter("bias", new Shape(shape));
        return fit(
                new Normalization.LayerNorm(
                        shape, norm.eps(), norm.elementwiseAffine(), norm.bias()),
                site,
                !norm.elementwiseAffine()
                        ? List.of()
                        : norm.bias() ? List.of(weight, bias) : List.of(weight));
    }

    private static Optional<Fit> group(Normalization.GroupNorm norm, Site site) {
        if (site.in().rank() < 1) {
            site.reject(
                    "",
                    "expected at least one dimension per sample, got none",
                    "leave the layer out");
            return Optional.empty();
        }
        if (!site.agrees("num_channels", norm.numChannels(), site.channels())
                || !site.divides("num_groups", norm.numGroups(), site.channels())) {
            return Optional.empty();
        }
        if (site.in().elements() == norm.numGroups()) {
            site.reject(
                    "num_groups",
                    "expected more than one element for each group, got one",
                    "write fewer groups");
            return Optional.empty();
        }
        var resolved =
                new Normalization.GroupNorm(
                        norm.numGroups(),
                        OptionalLong.of(site.channels()),
                        norm.eps(),
                        norm.affine());
        return fit(resolved, site, eachChannel(norm.affine(), site.channels()));
    }

    private static Optional<Fit> fit(LayerSpec resolved, Site site, List<Parameter> parameters) {
        return Optional.of(new Fit(resolved, site.in(), parameters, ""));
    }

    private static List<Parameter> eachChannel(boolean affine, long channels) {
        Shape each = Shape.of(channels);
        return affine
                ? List.of(new Parameter("weight", each), new Parameter("bias", each))
                : List.of();
    }
}
