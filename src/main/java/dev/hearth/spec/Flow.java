package dev.hearth.spec;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * What is known of the values between two layers. After an error, or where a layer could not be
 * read, that may be the last extent alone or nothing.
 *
 * @param shape of one sample
 * @param last the last extent
 * @param source whose output it is, to begin a clause with: {@code layer 1 (ReLU) outputs}
 */
record Flow(Optional<Shape> shape, OptionalLong last, String source) {

    static Flow of(Shape shape, String source) {
        OptionalLong last =
                shape.rank() == 0 ? OptionalLong.empty() : OptionalLong.of(shape.last());
        return new Flow(Optional.of(shape), last, source);
    }

    static Flow unknown(String source) {
        return new Flow(Optional.empty(), OptionalLong.empty(), source);
    }

    Flow from(String newSource) {
        return new Flow(shape, last, newSource);
    }

    Flow withLast(long extent, String newSource) {
        return new Flow(
                shape.filter(known -> known.rank() > 0).map(known -> known.withLast(extent)),
                OptionalLong.of(extent),
                newSource);
    }

    /** How many dimensions a batch has, where that is known. */
    OptionalLong batchRank() {
        return shape.isPresent() ? OptionalLong.of(shape.get().rank() + 1L) : OptionalLong.empty();
    }

    @Override
    public String toString() {
        return source
                + " "
                + shape.map(Shape::toString)
                        .orElseGet(() ->
                                last.isPresent()
                                        ? "[*, " + last.getAsLong() + "]"
                                        : "an unknown shape");
    }
}
