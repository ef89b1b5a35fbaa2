package dev.hearth.spec;

import dev.hearth.spec.ModelPlan.Parameter;
import dev.hearth.spec.Site.Fit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** What small layers make of their input; families that need more have a file of their own. */
final class LeafShapes {

    private LeafShapes() {}

    /** Input {@code [*]}, output {@code [*, embedding_dim]}. */
    static Optional<Fit> embedding(Projection.Embedding embedding, Site site) {
        var dims = new ArrayList<>(site.in().dims());
        dims.add(embedding.embeddingDim());
        var weight =
                new Parameter(
                        "weight", Shape.of(embedding.numEmbeddings(), embedding.embeddingDim()));
        return Optional.of(new Fit(embedding, new Shape(dims), List.of(weight), "num_embeddings"));
    }

    /** Inputs {@code [*, in1]} and {@code [*, in2]}, output {@code [*, out]}. */
    static Optional<Fit> bilinear(Projection.Bilinear bilinear, List<Flow> others, Site site) {
        if (others.size() != 1) {
            site.reject(
                    "",
                    "Bilinear takes two inputs, got one",
                    "call it in the forward of a Module, or use a Linear");
            return Optional.empty();
        }
        Optional<Shape> other = others.getFirst().shape();
        if (other.isEmpty()) {
            return Optional.empty();
        }
        Shape in = site.in();
        if (in.rank() < 1 || other.get().rank() != in.rank() || !sameButLast(in, other.get())) {
            site.reject(
                    "",
                    "expected two inputs that differ in their last extent at most, got %s and %s"
                            .formatted(in, other.get()),
                    "rearrange one of them");
            return Optional.empty();
        }
        long in1 = in.last();
        long in2 = other.get().last();
        if (!site.agrees("in1_features", bilinear.in1Features(), in1)
                || !site.agrees("in2_features", bilinear.in2Features(), in2)) {
            return Optional.empty();
        }
        long out = bilinear.outFeatures();
        var weight = new Parameter("weight", Shape.of(out, in1, in2));
        var bias = new Parameter("bias", Shape.of(out));
        return Optional.of(
                new Fit(
                        new Projection.Bilinear(
                                OptionalLong.of(in1), OptionalLong.of(in2), out, bilinear.bias()),
                        in.withLast(out),
                        bilinear.bias() ? List.of(weight, bias) : List.of(weight),
                        "out_features"));
    }

    private static boolean sameButLast(Shape a, Shape b) {
        return a.dims().subList(0, a.rank() - 1).equals(b.dims().subList(0, b.rank() - 1));
    }

    /** One slope for all, or one for each channel. */
    static Optional<Fit> prelu(Activation.PReLU prelu, Site site) {
        if (prelu.numParameters() != 1
                && (site.in().rank() < 1 || prelu.numParameters() != site.channels())) {
            site.reject(
                    "num_parameters",
                    "expected 1, or one for each channel, got " + prelu.numParameters(),
                    "leave it out for one slope");
            return Optional.empty();
        }
        var weight = new Parameter("weight", Shape.of(prelu.numParameters()));
        return Optional.of(new Fit(prelu, site.in(), List.of(weight), "num_parameters"));
    }

    /** Channels are the first dimension of a sample. */
    static Optional<Fit> dropout2d(Noise.Dropout2d dropout, Site site) {
        return site.hasDimensions(Site.spatial(2))
                ? Site.fit(dropout, site.in())
                : Optional.empty();
    }
}
