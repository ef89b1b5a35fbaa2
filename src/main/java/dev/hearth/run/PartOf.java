package dev.hearth.run;

import java.util.Locale;
import java.util.UUID;

/**
 * What a run is a part of. Such a run makes no version of its model by itself.
 *
 * @param id of the whole
 * @param number of the part, from 0
 */
public record PartOf(Kind kind, UUID id, int number) {

    /** What has runs for its parts. */
    public enum Kind {
        SWEEP("/v1/sweeps", "trial"),
        CROSS_VALIDATION("/v1/cross_validations", "fold");

        private final String path;
        private final String part;

        Kind(String path, String part) {
            this.path = path;
            this.part = part;
        }

        /** Where all of this kind are. */
        public String path() {
            return path;
        }

        /** As in "trial 3". */
        public String part() {
            return part;
        }

        /** As it stands in the database and in JSON. */
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** The kind that says {@code text} of itself. */
        public static Kind of(String text) {
            return valueOf(text.toUpperCase(Locale.ROOT));
        }

        /** As in "there is no cross-validation". */
        public String words() {
            return text().replace('_', '-');
        }
    }

    /** The whole's own address. */
    String url() {
        return kind.path() + "/" + id;
    }

    /** Such as {@code trial 3 of sweep …}. */
    @Override
    public String toString() {
        return "%s %d of %s %s".formatted(kind.part(), number, kind.words(), id);
    }
}
