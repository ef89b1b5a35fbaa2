package dev.hearth.model;

import java.util.Optional;

/** Knows who still needs a version. */
public interface ModelUse {

    /**
     * What needs it, and how that is mended, such as {@code alias 'prod' names it; have that name
     * another version, or delete it}; empty if nothing does.
     */
    Optional<String> user(ModelName name, int number);
}
