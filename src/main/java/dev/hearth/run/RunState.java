package dev.hearth.run;

import java.util.Locale;

/**
 * {@code queued → preparing → running → succeeded | failed | cancelled}, and {@code pausing →
 * paused → queued}.
 */
public enum RunState {
    QUEUED,
    PREPARING,
    RUNNING,
    PAUSING,
    PAUSED,
    SUCCEEDED,
    FAILED,
    CANCELLED;

    /** As it stands in the database and in JSON. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    static RunState of(String text) {
        return valueOf(text.toUpperCase(Locale.ROOT));
    }

    /** Whether it has ended. */
    public boolean isFinal() {
        return switch (this) {
            case SUCCEEDED, FAILED, CANCELLED -> true;
            case QUEUED, PREPARING, RUNNING, PAUSING, PAUSED -> false;
        };
    }
}
