package dev.hearth.problem;

import java.util.Objects;
import java.util.stream.Stream;

/** What an exception comes from. */
final class Causes {

    private Causes() {}

    /** The exception itself, its cause, the cause's cause, and so on. */
    static Stream<Throwable> of(Throwable e) {
        return Stream.iterate(e, Objects::nonNull, Throwable::getCause);
    }
}
