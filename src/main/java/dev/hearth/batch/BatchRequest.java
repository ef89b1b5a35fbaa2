package dev.hearth.batch;

import dev.hearth.dataset.DatasetId;
import dev.hearth.http.Owner;
import dev.hearth.job.JobRank;
import dev.hearth.model.AliasName;
import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import dev.hearth.problem.Violation;
import dev.hearth.serving.ModelReference;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * What a client sends for a prediction over a data set.
 *
 * @param model its name, or {@code name@alias} for the version that the alias stands for; of
 *     several that share its requests, the one that gets most of them
 * @param version of the model; the latest where it is left out. None beside an alias.
 * @param datasetId the data set whose rows are predicted
 * @param name for its owner's use
 * @param columns of the data set, to be copied into the result
 * @param priority in the queue, from -100 to 100; higher ones go first, 0 is usual
 */
@Schema(
        name = "DatasetPredictionRequest",
        requiredProperties = {"model", "dataset_id"})
record BatchRequest(
        @Nullable String model,
        @Nullable Integer version,
        @Nullable String datasetId,
        @Nullable String name,
        @Nullable List<@Nullable String> columns,
        @Nullable Integer priority) {

    private static final int MOST_PRIORITY = 100;
    private static final int MOST_NAME = 200;
    private static final int MOST_VIOLATIONS = 100;

    /**
     * What is asked for.
     *
     * @param resolve the number of the version that is meant
     * @throws ProblemException INVALID_REQUEST with all that is wrong in itself
     */
    NewBatch read(Owner owner, ToIntFunction<ModelReference> resolve) {
        var violations = new ArrayList<Violation>();
        Optional<ModelReference> reference =
                required(model, "/model", "the name of a model", this::reference, violations);
        Optional<DatasetId> dataset =
                required(
                        datasetId,
                        "/dataset_id",
                        "the ID of a data set",
                        DatasetId::parse,
                        violations);
        if (version != null && version < 1) {
            violations.add(
                    new Violation("/version", "expected 1 or more, got %d".formatted(version)));
        }
        if (name != null && (name.isBlank() || name.length() > MOST_NAME)) {
            violations.add(
                    new Violation(
                            "/name",
                            "expected 1 to %d characters, got %d"
                                    .formatted(MOST_NAME, name.length())));
        }
        if (priority != null && Math.abs((long) priority) > MOST_PRIORITY) {
            violations.add(
                    new Violation(
                            "/priority",
                            "expected -%d to %d, got %d"
                                    .formatted(MOST_PRIORITY, MOST_PRIORITY, priority)));
        }
        List<String> names = names(violations);
        require(violations);
        ModelReference meant = reference.orElseThrow();
        return new NewBatch(
                Optional.ofNullable(name),
                meant.model(),
                resolve.applyAsInt(meant),
                alias(meant),
                dataset.orElseThrow(),
                names,
                new JobRank(owner.name(), priority == null ? 0 : priority));
    }

    /** A version below 1 has its own violation. */
    private ModelReference reference(String name) {
        return ModelReference.of(
                name, version == null || version < 1 ? null : Integer.toString(version));
    }

    private static Optional<AliasName> alias(ModelReference reference) {
        return switch (reference) {
            case ModelReference.Aliased(_, var alias) -> Optional.of(alias);
            case ModelReference.Latest _, ModelReference.Numbered _ -> Optional.empty();
        };
    }

    private static <T> Optional<T> required(
            @Nullable String text,
            String pointer,
            String what,
            Function<String, T> read,
            List<Violation> violations) {
        if (text == null) {
            violations.add(new Violation(pointer, "missing; expected " + what));
            return Optional.empty();
        }
        try {
            return Optional.of(read.apply(text));
        } catch (ProblemException e) {
            violations.add(new Violation(pointer, e.detail()));
            return Optional.empty();
        }
    }

    private List<String> names(List<Violation> violations) {
        var names = new ArrayList<String>();
        var seen = new HashSet<String>();
        if (columns == null) {
            return names;
        }
        for (int i = 0; i < columns.size(); i++) {
            String column = columns.get(i);
            if (column == null) {
                violations.add(
                        new Violation("/columns/" + i, "expected a column's name, got null"));
            } else if (!seen.add(column)) {
                violations.add(
                        new Violation("/columns/" + i, "'%s' is named twice".formatted(column)));
            } else {
                names.add(column);
            }
        }
        return names;
    }

    /**
     * @throws ProblemException INVALID_REQUEST where there are any
     */
    static void require(List<Violation> violations) {
        if (!violations.isEmpty()) {
            throw new ProblemException(
                    ProblemCode.INVALID_REQUEST,
                    violations.getFirst().pointer() + ": " + violations.getFirst().message(),
                    violations.subList(0, Math.min(violations.size(), MOST_VIOLATIONS)));
        }
    }
}
