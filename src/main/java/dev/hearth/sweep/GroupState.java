package dev.hearth.sweep;

import java.util.Locale;

/** {@code running → succeeded | failed | cancelled}. */
enum GroupState {
    RUNNING,
    SUCCEEDED,
    FAILED,
    CANCELLED;

    /** As it stands in the database and in JSON. */
    String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    static GroupState of(String text) {
        return valueOf(text.toUpperCase(Locale.ROOT));
    }
}
