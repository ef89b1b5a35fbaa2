package dev.hearth.run;

import dev.hearth.dataset.DatasetId;
import dev.hearth.http.Cursor;
import dev.hearth.job.JobRank;
import dev.hearth.model.ModelName;
import dev.hearth.problem.ProblemCode;
import dev.hearth.spec.Evaluation;
import dev.hearth.spec.Evaluations;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** What the interface reads and writes of runs; a worker's own writes are in {@link LeasedRun}. */
@Repository
class RunTable {

    private final JdbcClient jdbc;
    private final JsonMapper json;
    private final ApplicationEventPublisher listeners;

    RunTable(JdbcClient jdbc, JsonMapper json, ApplicationEventPublisher listeners) {
        this.jdbc = jdbc;
        this.json = json;
        this.listeners = listeners;
    }

    void insert(Run run) {
        jdbc.sql(
                        """
                        INSERT INTO run (id, model, dataset_id, owner, priority, request, state, epochs,
                            created_at)
                        VALUES (:id, :model, :dataset, :owner, :priority, :request::json, :state, :epochs,
                            :created)
                        """)
                .param("id", run.id().value())
                .param("model", run.model().value())
                .param("dataset", run.dataset().value())
                .param("owner", run.rank().owner())
                .param("priority", run.rank().priority())
                .param("request", run.request())
                .param("state", run.state().text())
                .param("epochs", run.progress().epochs())
                .param("created", Timestamp.from(run.times().created()))
                .update();
    }

    Optional<Run> find(RunId id) {
        return jdbc.sql("SELECT * FROM run WHERE id = :id")
                .param("id", id.value())
                .query(this::run)
                .optional();
    }

    /** Newest first. */
    List<Run> page(Optional<Cursor> after, Optional<RunState> state, int limit) {
        return jdbc.sql(
                        """
                        SELECT * FROM run
                        WHERE (:created::timestamptz IS NULL OR (created_at, id) < (:created, :id::uuid))
                          AND (:state::text IS NULL OR state = :state)
                        ORDER BY created_at DESC, id DESC LIMIT :limit
                        """)
                .param("created", after.map(c -> Timestamp.from(c.createdAt())).orElse(null))
                .param("id", after.map(Cursor::id).orElse(null))
                .param("state", state.map(RunState::text).orElse(null))
                .param("limit", limit)
                .query(this::run)
                .list();
    }

    /** Ends a run whose worker died too often; whoever still holds a lease on it loses it. */
    boolean abandon(RunJob job, Run.Failure failure, Instant now) {
        return jdbc.sql(
                                """
                                UPDATE run SET state = 'failed', fence = fence + 1, finished_at = :now,
                                    problem_code = :code, problem_detail = :detail
                                WHERE id = :id AND job = :job
                                    AND state IN ('queued', 'preparing', 'running', 'pausing')
                                """)
                        .param("id", job.run().value())
                        .param("job", job.number())
                        .param("now", Timestamp.from(now))
                        .param("code", failure.code().name())
                        .param("detail", failure.detail())
                        .update()
                > 0;
    }

    /** The oldest unfinished run on {@code dataset}. */
    Optional<Run> unfinished(DatasetId dataset) {
        return jdbc.sql(
                        """
                        SELECT * FROM run
                        WHERE dataset_id = :dataset AND state IN ('queued', 'preparing', 'running', 'pausing', 'paused')
                        ORDER BY created_at LIMIT 1
                        """)
                .param("dataset", dataset.value())
                .query(this::run)
                .optional();
    }

    /** The oldest unfinished run that will make a version of {@code model}. */
    Optional<Run> unfinished(ModelName model) {
        return jdbc.sql(
                        """
                        SELECT * FROM run
                        WHERE model = :model AND state IN ('queued', 'preparing', 'running', 'pausing', 'paused')
                        ORDER BY created_at LIMIT 1
                        """)
                .param("model", model.value())
                .query(this::run)
                .optional();
    }

    /** Epochs after {@code after}, in order. */
    List<EpochRow> epochs(RunId id, int after, int limit) {
        return jdbc.sql(
                        """
                        SELECT epoch, metrics, seconds FROM run_epoch
                        WHERE run_id = :id AND epoch > :after ORDER BY epoch LIMIT :limit
                        """)
                .param("id", id.value())
                .param("after", after)
                .param("limit", limit)
                .query(this::epoch)
                .list();
    }

    /** Every {@code step}th epoch in order, and the first and the last one. */
    List<EpochRow> everyEpoch(RunId id, int step) {
        return jdbc.sql(
                        """
                        SELECT epoch, metrics, seconds FROM run_epoch
                        WHERE run_id = :id AND (epoch % :step = 0 OR epoch = 1
                            OR epoch = (SELECT max(epoch) FROM run_epoch WHERE run_id = :id))
                        ORDER BY epoch
                        """)
                .param("id", id.value())
                .param("step", step)
                .query(this::epoch)
                .list();
    }

    /** How good the run's model is; empty where no rows were held out, or the run has not ended. */
    Evaluations evaluations(RunId id) {
        return jdbc.sql("SELECT evaluation, test_evaluation FROM run WHERE id = :id")
                .param("id", id.value())
                .query((row, _) ->
                        new Evaluations(
                                evaluation(row.getString("evaluation")),
                                evaluation(row.getString("test_evaluation"))))
                .single();
    }

    private Optional<Evaluation> evaluation(@Nullable String text) {
        return Optional.ofNullable(text).map(json -> this.json.readValue(json, Evaluation.class));
    }

    /**
     * Adds an event, in the caller's transaction, and tells whoever listens. It holds the run's row
     * from here to the commit, so that events are committed in the order of their numbers.
     */
    void addEvent(RunId id, RunEvent.Type type, String detail, Instant now) {
        jdbc.sql(
                        """
                        WITH next AS (
                            UPDATE run SET events = events + 1 WHERE id = :id
                            RETURNING events, model, owner),
                        added AS (
                            INSERT INTO run_event (run_id, number, type, detail, created_at)
                            SELECT :id, events, :type, :detail, :now FROM next)
                        SELECT events, model, owner FROM next
                        """)
                .param("id", id.value())
                .param("type", type.text())
                .param("detail", detail)
                .param("now", Timestamp.from(now))
                .query((row, _) ->
                        new RunHappened(
                                id.value(),
                                row.getString("model"),
                                row.getString("owner"),
                                row.getInt("events"),
                                type.text(),
                                detail,
                                now))
                .list()
                .forEach(listeners::publishEvent);
    }

    /** Events after {@code after}, in order. */
    List<RunEvent> events(RunId id, long after, int limit) {
        return jdbc.sql(
                        """
                        SELECT number, type, detail, created_at FROM run_event
                        WHERE run_id = :id AND number > :after ORDER BY number LIMIT :limit
                        """)
                .param("id", id.value())
                .param("after", after)
                .param("limit", limit)
                .query((row, _) ->
                        new RunEvent(
                                row.getInt("number"),
                                RunEvent.Type.of(row.getString("type")),
                                row.getString("detail"),
                                row.getTimestamp("created_at").toInstant()))
                .list();
    }

    private Run run(ResultSet row, int index) throws SQLException {
        return new Run(
                new RunId(row.getObject("id", UUID.class)),
                new ModelName(row.getString("model")),
                new DatasetId(row.getObject("dataset_id", UUID.class)),
                new JobRank(row.getString("owner"), row.getInt("priority")),
                row.getString("request"),
                RunState.of(row.getString("state")),
                new Run.Progress(
                        row.getInt("epoch"),
                        row.getInt("epochs"),
                        row.getDouble("fraction"),
                        metrics(row.getString("metrics")),
                        Optional.ofNullable(row.getString("device")),
                        row.getBoolean("cancel_requested")),
                failure(row.getString("problem_code"), row.getString("problem_detail")),
                row.getInt("job"),
                optionalInt(row.getObject("model_version", Integer.class)),
                row.getInt("events"),
                new Run.Times(
                        row.getTimestamp("created_at").toInstant(),
                        instant(row.getTimestamp("started_at")),
                        instant(row.getTimestamp("finished_at"))));
    }

    private EpochRow epoch(ResultSet row, int index) throws SQLException {
        return new EpochRow(
                row.getInt("epoch"), metrics(row.getString("metrics")), row.getDouble("seconds"));
    }

    private Map<String, Double> metrics(String text) {
        return json.readValue(text, new TypeReference<Map<String, Double>>() {});
    }

    private static Optional<Run.Failure> failure(@Nullable String code, @Nullable String detail) {
        return code == null || detail == null
                ? Optional.empty()
                : Optional.of(new Run.Failure(ProblemCode.valueOf(code), detail));
    }

    private static OptionalInt optionalInt(@Nullable Integer value) {
        return value == null ? OptionalInt.empty() : OptionalInt.of(value);
    }

    private static Optional<Instant> instant(@Nullable Timestamp time) {
        return Optional.ofNullable(time).map(Timestamp::toInstant);
    }
}
