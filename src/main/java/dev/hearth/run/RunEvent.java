package dev.hearth.run;

import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Instant;
import java.util.Locale;

/**
 * Something that happened to a run.
 *
 * @param number from 1, without gaps, in the order of happening
 */
record RunEvent(int number, Type type, String detail, Instant createdAt) {

    /** What can happen. */
    enum Type {
        /** It waits for a worker: at first, again, or handed back by a process that is stopping. */
        QUEUED,
        /** Its turn has come, but there is no memory free for it; it keeps its place. */
        WAITING,
        /** A worker has claimed it. */
        PREPARING,
        /** It trains. */
        RUNNING,
        /** Somebody asked for it to be paused. */
        PAUSING,
        /** It rests. */
        PAUSED,
        /** Somebody asked for it to be cancelled. */
        CANCEL_REQUESTED,
        /** A checkpoint could not be stored; it goes on. */
        CHECKPOINT_FAILED,
        /** It has ended before its last epoch, as it was told to. */
        STOPPED_EARLY,
        SUCCEEDED,
        FAILED,
        CANCELLED;

        /** As it stands in the database and in JSON. */
        @JsonValue
        String text() {
            return name().toLowerCase(Locale.ROOT);
        }

        static Type of(String text) {
            return valueOf(text.toUpperCase(Locale.ROOT));
        }
    }
}
