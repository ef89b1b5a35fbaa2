package dev.hearth.spec;

import tools.jackson.databind.JsonNode;

/** Lists of transforms as a request has them. */
public final class TransformLists {

    private TransformLists() {}

    /**
     * @throws dev.hearth.problem.ProblemException with all that is wrong
     */
    public static Transforms read(JsonNode node) {
        var errors = new SpecErrors();
        Transforms transforms = new TransformReader(errors).read(node, "/transforms");
        errors.throwIfAny();
        return transforms;
    }

    /**
     * What comes out.
     *
     * @throws dev.hearth.problem.ProblemException with all that does not fit
     */
    public static Picture after(Picture in, Transforms transforms) {
        var errors = new SpecErrors();
        Picture out = new TransformShapes(errors).after(in, transforms.train());
        errors.throwIfAny();
        return out;
    }
}
