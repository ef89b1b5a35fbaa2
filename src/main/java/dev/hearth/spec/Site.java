package dev.hearth.spec;

import dev.hearth.spec.ModelPlan.Parameter;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A layer in its place, while it is found out what it makes of its input.
 *
 * @param type the layer's
 * @param pointer to the layer
 * @param flow the layer's input, for messages
 * @param in the same, of one sample
 */
record Site(String type, String pointer, Flow flow, Shape in, SpecErrors errors) {

    /**
     * A layer that fits its input.
     *
     * @param spec with every inferred extent filled in
     * @param output of one sample
     * @param sizeField the field to make smaller where there are too many parameters
     */
    record Fit(LayerSpec spec, Shape output, List<Parameter> parameters, String sizeField) {
        Fit {
            parameters = List.copyOf(parameters);
        }
    }

    /** Something without parameters. */
    static Optional<Fit> fit(LayerSpec spec, Shape output) {
        return Optional.of(new Fit(spec, output, List.of(), ""));
    }

    /** Records what is wrong, and with which input. */
    void reject(String field, String found, String mend) {
        errors.add(
                field.isEmpty() ? pointer : Pointers.field(pointer, field),
                "%s; %s; %s".formatted(found, flow, mend));
    }

    /** False, and an error, unless a sample has as many dimensions as {@code names}. */
    boolean hasDimensions(List<String> names) {
        if (in.rank() == names.size()) {
            return true;
        }
        reject(
                "",
                "%s takes %d dimensions per sample, %s, got %d"
                        .formatted(type, names.size(), names, in.rank()),
                "add a Flatten or an Unflatten before it, or choose another layer");
        return false;
    }

    /** The names of the dimensions of an image, a line or a volume. */
    static List<String> spatial(int dims) {
        return List.of("channels", "depth", "height", "width").stream()
                .filter(name ->
                        switch (dims) {
                            case 1 -> name.equals("channels") || name.equals("width");
                            case 2 -> !name.equals("depth");
                            default -> true;
                        })
                .toList();
    }

    /**
     * False, and an error, if {@code declared} is there and is not the extent that the input has.
     */
    boolean agrees(String field, OptionalLong declared, long extent) {
        if (declared.isEmpty() || declared.getAsLong() == extent) {
            return true;
        }
        reject(
                field,
                "expected %d, got %d".formatted(extent, declared.getAsLong()),
                "write %d or leave %s out".formatted(extent, field));
        return false;
    }

    /** False, and an error, unless {@code divisor} divides {@code extent}. */
    boolean divides(String field, long divisor, long extent) {
        if (extent % divisor == 0) {
            return true;
        }
        reject(
                field,
                "expected a divisor of %d, got %d".formatted(extent, divisor),
                "write one that leaves no rest");
        return false;
    }

    /** The extent that stands first: a sample's channels. */
    long channels() {
        return in.dims().getFirst();
    }
}
