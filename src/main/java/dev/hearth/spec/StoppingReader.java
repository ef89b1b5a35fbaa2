package dev.hearth.spec;

import dev.hearth.spec.Stopping.Early;
import dev.hearth.spec.Stopping.Mode;
import java.util.List;
import java.util.Optional;

/** Reads what ends a run before its last epoch. */
final class StoppingReader {

    static final String EARLY = "early_stopping";
    static final String MAX_STEPS = "max_steps";
    static final String MAX_MINUTES = "max_minutes";
    static final List<String> FIELDS =
            List.of("metric", "mode", "patience", "min_delta", "restore_best");

    private StoppingReader() {}

    static Stopping read(Fields request, SpecErrors errors) {
        return new Stopping(
                early(request, errors),
                request.integer(MAX_STEPS, 1, Long.MAX_VALUE),
                CheckpointReader.minutes(request, MAX_MINUTES));
    }

    private static Optional<Early> early(Fields request, SpecErrors errors) {
        return request.node(EARLY)
                .flatMap(node -> Fields.open(node, request.pointer(EARLY), EARLY, FIELDS, errors))
                .map(fields -> {
                    String metric = fields.string("metric").orElse("validation_loss");
                    return new Early(
                            metric,
                            fields.choice("mode", Mode.values(), Mode.of(metric)),
                            (int) fields.integer("patience", 1, SpecReader.MAX_EPOCHS).orElse(10),
                            fields.number("min_delta", Values.Range.NOT_NEGATIVE, 0),
                            fields.bool("restore_best", true));
                });
    }
}
