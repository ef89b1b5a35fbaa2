package dev.hearth.serving;

import dev.hearth.http.Owner;
import dev.hearth.model.ModelName;
import dev.hearth.model.ModelVersion;
import dev.hearth.model.Models;
import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import dev.hearth.problem.Violation;
import dev.hearth.serving.Question.Patience;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Service;
import tools.jackson.databind.JsonNode;

/** Rows whose answers are known, by model, and whether versions answer them so. */
@Service
class GoldenRows {

    static final int MOST = 1_000;

    private static final int MOST_VIOLATIONS = 100;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final GoldenRowsTable table;
    private final Models models;
    private final Predictor predictor;
    private final ServingSettings.Request limits;
    private final InstantSource time;

    GoldenRows(
            GoldenRowsTable table,
            Models models,
            Predictor predictor,
            ServingSettings settings,
            InstantSource time) {
        this.table = table;
        this.models = models;
        this.predictor = predictor;
        this.limits = settings.request();
        this.time = time;
    }

    GoldenRowsTable.Stored require(ModelName model) {
        return table.find(model).orElseThrow(() -> missing(model));
    }

    void delete(ModelName model) {
        if (!table.delete(model)) {
            throw missing(model);
        }
    }

    private static ProblemException missing(ModelName model) {
        return new ProblemException(
                ProblemCode.NOT_FOUND, "model '%s' has no golden rows".formatted(model));
    }

    /**
     * Keeps golden rows in place of those that there are, if the latest version can take them and
     * answer what is expected.
     *
     * @param body {@code {"rows": […]}}
     * @throws ProblemException INVALID_REQUEST with all that is wrong; NOT_FOUND
     */
    GoldenRowsTable.Stored put(ModelName model, JsonNode body) {
        ModelVersion latest = models.requireLatest(model);
        if (!body.isObject() || !body.path("rows").isArray() || body.size() != 1) {
            throw ProblemException.at(
                    ProblemCode.INVALID_REQUEST,
                    "/rows",
                    "expected {\"rows\": [{\"row\": …, \"expect\": …}]} and nothing else");
        }
        JsonNode rows = body.get("rows");
        if (rows.isEmpty() || rows.size() > MOST) {
            throw ProblemException.at(
                    ProblemCode.INVALID_REQUEST,
                    "/rows",
                    "expected 1 to %d golden rows, got %d".formatted(MOST, rows.size()));
        }
        var violations = new ArrayList<Violation>();
        var reader = new GoldenRowReader(latest, limits.maxPixels());
        for (int i = 0; i < rows.size(); i++) {
            reader.read(rows.get(i), "/rows/" + i, violations);
        }
        if (!violations.isEmpty()) {
            throw problem(
                    ProblemCode.INVALID_REQUEST,
                    "the golden rows do not fit version %d of model '%s'"
                            .formatted(latest.number(), model),
                    violations);
        }
        var stored =
                new GoldenRowsTable.Stored(
                        rows, Owner.current(), time.instant().truncatedTo(ChronoUnit.MICROS));
        table.put(model, stored);
        return stored;
    }

    /**
     * Has versions answer the golden rows of their model, if it has any.
     *
     * @throws ProblemException GOLDEN_ROWS_FAILED with each row that is answered otherwise; as a
     *     prediction does where there is no room for it
     */
    void requirePassed(ModelName model, List<ModelVersion> versions) {
        Optional<GoldenRowsTable.Stored> stored = table.find(model);
        if (stored.isEmpty()) {
            return;
        }
        var failed = new ArrayList<Violation>();
        for (ModelVersion version : versions) {
            failed.addAll(failed(version, stored.get().rows()));
        }
        if (!failed.isEmpty()) {
            throw problem(
                    ProblemCode.GOLDEN_ROWS_FAILED,
                    "not all of the %d golden rows of model '%s' are answered as expected"
                            .formatted(stored.get().rows().size(), model),
                    failed);
        }
    }

    /** One violation for each row that the version does not answer as expected. */
    private List<Violation> failed(ModelVersion version, JsonNode rows) {
        var failed = new ArrayList<Violation>();
        var reader = new GoldenRowReader(version, limits.maxPixels());
        for (int i = 0; i < rows.size(); i++) {
            String pointer = "/golden-rows/rows/" + i;
            var unreadable = new ArrayList<Violation>();
            reader.read(rows.get(i), pointer, unreadable)
                    .flatMap(row -> difference(version, row))
                    .or(() ->
                            unreadable.stream()
                                    .map(each -> each.pointer() + ": " + each.message())
                                    .findFirst())
                    .ifPresent(why ->
                            failed.add(
                                    new Violation(
                                            pointer,
                                            "version %d: %s".formatted(version.number(), why))));
        }
        return failed;
    }

    /** One row at a time, so that requests hardly wait for them. */
    private Optional<String> difference(ModelVersion version, GoldenRow row) {
        float[] outputs;
        try {
            outputs =
                    predictor.uncounted(
                            version, row.rows(), new Patience(PATIENCE, 0, () -> false));
        } catch (ProblemException e) {
            if (e.code() == ProblemCode.INVALID_INPUT) {
                return Optional.of("has no answer: " + e.detail());
            }
            throw e;
        }
        return row.expected()
                .difference(Predictions.of(version.target(), outputs, 1).getFirst());
    }

    private static ProblemException problem(
            ProblemCode code, String what, List<Violation> violations) {
        return new ProblemException(
                code,
                "%s; %d %s, the first: %s: %s"
                        .formatted(
                                what,
                                violations.size(),
                                violations.size() == 1 ? "is wrong" : "are wrong",
                                violations.getFirst().pointer(),
                                violations.getFirst().message()),
                violations.subList(0, Math.min(MOST_VIOLATIONS, violations.size())));
    }
}
