package dev.hearth.spec;

import java.util.ArrayList;
import java.util.List;

/**
 * What is done to the pictures of a run.
 *
 * @param train in training
 * @param eval in evaluation and prediction
 */
public record Transforms(List<Placed> train, List<Placed> eval) {

    /** A transform, and where it is written. */
    public record Placed(TransformSpec transform, String pointer) {}

    public static final Transforms NONE = new Transforms(List.of(), List.of());

    public Transforms {
        train = List.copyOf(train);
        eval = List.copyOf(eval);
    }

    /** The same list for both, without chance in evaluation. */
    static Transforms of(List<Placed> train) {
        return new Transforms(
                train,
                train.stream()
                        .flatMap(placed ->
                                placed.transform().deterministic().stream()
                                        .map(each -> new Placed(each, placed.pointer())))
                        .toList());
    }

    /**
     * A list that ends in numbers from 0 to 1: where none of them makes numbers of bytes, {@code
     * ToTensor} comes last.
     */
    public static List<TransformSpec> toFloats(List<Placed> list, boolean isFloat) {
        var transforms = new ArrayList<TransformSpec>();
        list.forEach(placed -> transforms.add(placed.transform()));
        if (!isFloat
                && transforms.stream()
                        .noneMatch(transform -> transform instanceof TransformSpec.ToTensor)) {
            transforms.add(new TransformSpec.ToTensor());
        }
        return List.copyOf(transforms);
    }
}
