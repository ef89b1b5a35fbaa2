package dev.hearth.model;

import java.util.Optional;

/** Knows of versions that are still being made. */
public interface PendingVersions {

    /** What is going on for that name, such as {@code run … is queued}; empty if nothing is. */
    Optional<String> pending(ModelName name);
}
