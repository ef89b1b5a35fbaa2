package dev.hearth.spec;

/** What a run's transforms make of its images, in training and in evaluation. */
public final class BlockShapes {

    static final String POINTER = "/transforms";

    private BlockShapes() {}

    /** The shape of one sample as the model gets it. */
    public static Shape of(InputForm input, Transforms transforms, SpecErrors errors) {
        return switch (input) {
            case Encoding encoding -> {
                refuseTransforms(transforms, "columns of numbers and categories", errors);
                yield Shape.of(encoding.width());
            }
            case BlockInput block ->
                    switch (block.kind()) {
                        case TENSOR -> {
                            refuseTransforms(transforms, "a column of tensors", errors);
                            yield block.modelShape(errors);
                        }
                        case IMAGE -> image(block, transforms, errors);
                    };
        };
    }

    private static Shape image(BlockInput block, Transforms transforms, SpecErrors errors) {
        Shape training = block.modelShape(transforms.train(), errors);
        if (!errors.isEmpty()) {
            return training;
        }
        Shape evaluation = block.modelShape(transforms.eval(), errors);
        if (errors.isEmpty() && !evaluation.equals(training)) {
            errors.add(
                    POINTER + "/eval",
                    "an image becomes %s here and %s in training; a model takes one shape, so let both end in the same size"
                            .formatted(evaluation, training));
        }
        return evaluation;
    }

    private static void refuseTransforms(Transforms transforms, String found, SpecErrors errors) {
        if (!transforms.equals(Transforms.NONE)) {
            errors.add(
                    POINTER,
                    "transforms are for images, and the input of this model is %s; leave them out"
                            .formatted(found));
        }
    }

    /** One size for all; an error where there is none. */
    static Shape sized(Picture picture, String column, SpecErrors errors) {
        if (!picture.isSized()) {
            errors.add(
                    POINTER,
                    ("the images of column %s differ in size, and a model takes one; end in one size,"
                                    + " such as {\"type\": \"Resize\", \"size\": [224, 224]}")
                            .formatted(Wording.quoted(column)));
        }
        return Shape.of(
                picture.channels(), picture.height().orElse(1), picture.width().orElse(1));
    }
}
