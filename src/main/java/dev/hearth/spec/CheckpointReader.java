package dev.hearth.spec;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Reads when a run's checkpoints are written, and which are kept. */
final class CheckpointReader {

    static final String FIELD = "checkpoint";
    static final List<String> FIELDS =
            List.of("every_epochs", "every_minutes", "keep_last", "keep_best", "metric");

    /** More checkpoints of one run are not kept. */
    static final int MAX_KEPT = 100;

    /** A week. */
    static final double MAX_MINUTES = 10_080;

    private CheckpointReader() {}

    static CheckpointPolicy read(Fields request, SpecErrors errors) {
        return request.node(FIELD)
                .flatMap(node -> Fields.open(node, request.pointer(FIELD), FIELD, FIELDS, errors))
                .map(CheckpointReader::policy)
                .orElse(CheckpointPolicy.DEFAULT);
    }

    private static CheckpointPolicy policy(Fields fields) {
        OptionalLong epochs = fields.integer("every_epochs", 1, SpecReader.MAX_EPOCHS);
        return new CheckpointPolicy(
                epochs.isPresent() ? OptionalInt.of((int) epochs.getAsLong()) : OptionalInt.empty(),
                minutes(fields, "every_minutes"),
                (int)
                        fields.integer("keep_last", 1, MAX_KEPT)
                                .orElse(CheckpointPolicy.DEFAULT.keepLast()),
                (int)
                        fields.integer("keep_best", 0, MAX_KEPT)
                                .orElse(CheckpointPolicy.DEFAULT.keepBest()),
                fields.string("metric"));
    }

    /** A time in minutes, of a second at least. */
    static Optional<Duration> minutes(Fields fields, String name) {
        if (!fields.has(name)) {
            return Optional.empty();
        }
        double minutes = fields.number(name, Values.Range.POSITIVE, 1);
        if (minutes > MAX_MINUTES) {
            fields.reject(
                    name,
                    "expected at most %s minutes, a week, got %s"
                            .formatted(Wording.number((long) MAX_MINUTES), minutes));
            return Optional.empty();
        }
        return Optional.of(Duration.ofMillis(Math.max(1000, Math.round(minutes * 60_000))));
    }
}
