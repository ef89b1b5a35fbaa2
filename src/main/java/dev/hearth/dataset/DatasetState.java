package dev.hearth.dataset;

import java.util.Locale;

/** Where a data set is in its life. All but the first are final. */
enum DatasetState {
    /** It waits for a worker, or one makes it. */
    PREPARING,
    READY,
    /** Its files cannot be used; what is wrong with them is kept, and they are not. */
    REJECTED,
    CANCELLED;

    /** As in JSON and in the database. */
    String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    static DatasetState of(String text) {
        return valueOf(text.toUpperCase(Locale.ROOT));
    }
}
