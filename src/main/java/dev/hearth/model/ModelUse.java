package dev.hearth.model;

import java.util.Optional;

/** Knows who still needs a version. */
public interface ModelUse {

    /** What needs it, such as {@code prediction … is queued}; empty if nothing does. */
    Optional<String> user(ModelName name, int number);
}
