package dev.hearth.dataset;

import java.util.Optional;

/** Knows who still needs a data set. */
public interface DatasetUse {

    /** What needs it, such as {@code run … is queued}; empty if nothing does. */
    Optional<String> user(DatasetId dataset);
}
