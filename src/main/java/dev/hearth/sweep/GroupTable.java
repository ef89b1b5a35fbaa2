package dev.hearth.sweep;

import dev.hearth.dataset.DatasetId;
import dev.hearth.dataset.DatasetUse;
import dev.hearth.http.Cursor;
import dev.hearth.http.Owner;
import dev.hearth.run.PartOf;
import dev.hearth.spec.Stopping.Mode;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The SQL of groups of runs. Every change of state is one statement with a guard. */
@Repository
class GroupTable implements DatasetUse {

    private final JdbcClient jdbc;

    GroupTable(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Adds a group with all its members. */
    void insert(RunGroup group, Collection<DatasetId> datasets, List<Member> members) {
        RunGroup.Rules rules = group.rules();
        jdbc.sql(
                        """
                        INSERT INTO run_group (id, kind, owner, name, datasets, request, run, parallelism,
                            metric, mode, rung_epochs, reduction_factor, state, created_at)
                        VALUES (:id, :kind, :owner, :name, :datasets::uuid[], :request::json, :run::json,
                            :parallelism, :metric, :mode, :rungs::integer[], :factor, :state, :created)
                        """)
                .param("id", group.id())
                .param("kind", group.kind().text())
                .param("owner", group.owner().name())
                .param("name", group.name())
                .param(
                        "datasets",
                        datasets.stream().map(DatasetId::toString).toArray(String[]::new))
                .param("request", group.request())
                .param("run", group.run())
                .param("parallelism", rules.parallelism())
                .param("metric", rules.goal().map(Goal::metric).orElse(null))
                .param("mode", rules.goal().map(goal -> text(goal.mode())).orElse(null))
                .param(
                        "rungs",
                        rules.halving()
                                .map(halving ->
                                        halving.epochs().stream().mapToInt(e -> e).toArray())
                                .orElse(null))
                .param("factor", rules.halving().map(Halving::reductionFactor).orElse(null))
                .param("state", group.progress().state().text())
                .param("created", Timestamp.from(group.progress().created()))
                .update();
        jdbc.sql(
                        """
                        INSERT INTO run_group_member (group_id, number, parameters)
                        SELECT :id, * FROM unnest(:numbers::integer[], :parameters::json[])
                        """)
                .param("id", group.id())
                .param("numbers", members.stream().mapToInt(Member::number).toArray())
                .param(
                        "parameters",
                        members.stream().map(Member::parameters).toArray(String[]::new))
                .update();
    }

    Optional<RunGroup> find(UUID id) {
        return jdbc.sql("SELECT * FROM run_group WHERE id = :id")
                .param("id", id)
                .query(GroupTable::group)
                .optional();
    }

    /** As {@link #find}, and nobody else changes the group before the caller's transaction ends. */
    Optional<RunGroup> lock(UUID id) {
        return jdbc.sql("SELECT * FROM run_group WHERE id = :id FOR UPDATE")
                .param("id", id)
                .query(GroupTable::group)
                .optional();
    }

    /** Newest first. */
    List<RunGroup> page(
            PartOf.Kind kind, Optional<Cursor> after, Optional<GroupState> state, int limit) {
        return jdbc.sql(
                        """
                        SELECT * FROM run_group
                        WHERE kind = :kind
                          AND (:created::timestamptz IS NULL OR (created_at, id) < (:created, :id::uuid))
                          AND (:state::text IS NULL OR state = :state)
                        ORDER BY created_at DESC, id DESC LIMIT :limit
                        """)
                .param("kind", kind.text())
                .param("created", after.map(c -> Timestamp.from(c.createdAt())).orElse(null))
                .param("id", after.map(Cursor::id).orElse(null))
                .param("state", state.map(GroupState::text).orElse(null))
                .param("limit", limit)
                .query(GroupTable::group)
                .list();
    }

    /** The members of several groups, each group's in the order of their numbers. */
    List<Member> members(Collection<UUID> groups) {
        if (groups.isEmpty()) {
            return List.of();
        }
        return jdbc.sql(
                        """
                        SELECT * FROM run_group_member
                        WHERE group_id IN (:groups) ORDER BY group_id, number
                        """)
                .param("groups", groups)
                .query((row, _) ->
                        new Member(
                                row.getObject("group_id", UUID.class),
                                row.getInt("number"),
                                row.getInt("rung"),
                                row.getString("parameters")))
                .list();
    }

    /** Lets members, and with them the group, go to a higher rung. */
    void promote(RunGroup group, Collection<Integer> members, int rung) {
        jdbc.sql("UPDATE run_group SET rung = :rung WHERE id = :id AND state = 'running'")
                .param("id", group.id())
                .param("rung", rung)
                .update();
        jdbc.sql(
                        """
                        UPDATE run_group_member SET rung = :rung
                        WHERE group_id = :id AND number IN (:members)
                        """)
                .param("id", group.id())
                .param("rung", rung)
                .param("members", members)
                .update();
    }

    /** Says whose model is to be published. */
    void choose(RunGroup group, int best) {
        jdbc.sql("UPDATE run_group SET best = :best WHERE id = :id AND state = 'running'")
                .param("id", group.id())
                .param("best", best)
                .update();
    }

    void requestCancel(RunGroup group) {
        jdbc.sql(
                        "UPDATE run_group SET cancel_requested = true WHERE id = :id AND state = 'running'")
                .param("id", group.id())
                .update();
    }

    /** How a group ended. */
    record Ending(GroupState state, OptionalInt modelVersion, Optional<String> problem) {

        static Ending of(GroupState state) {
            return new Ending(state, OptionalInt.empty(), Optional.empty());
        }

        static Ending failed(String problem) {
            return new Ending(GroupState.FAILED, OptionalInt.empty(), Optional.of(problem));
        }
    }

    /**
     * @return false if it had ended already
     */
    boolean end(UUID id, Ending ending, Instant now) {
        return jdbc.sql(
                                """
                                UPDATE run_group SET state = :state, model_version = :version,
                                    problem = :problem, finished_at = :now
                                WHERE id = :id AND state = 'running'
                                """)
                        .param("id", id)
                        .param("state", ending.state().text())
                        .param(
                                "version",
                                ending.modelVersion().isPresent()
                                        ? ending.modelVersion().getAsInt()
                                        : null)
                        .param("problem", ending.problem().orElse(null))
                        .param("now", Timestamp.from(now))
                        .update()
                > 0;
    }

    void delete(RunGroup group) {
        jdbc.sql("DELETE FROM run_group WHERE id = :id AND state <> 'running'")
                .param("id", group.id())
                .update();
    }

    @Override
    public Optional<String> user(DatasetId dataset) {
        return jdbc.sql(
                        """
                        SELECT * FROM run_group
                        WHERE state = 'running' AND :dataset::uuid = ANY (datasets)
                        ORDER BY created_at LIMIT 1
                        """)
                .param("dataset", dataset.value())
                .query(GroupTable::group)
                .optional()
                .map(group -> group + " is running");
    }

    private static RunGroup group(ResultSet row, int index) throws SQLException {
        return new RunGroup(
                row.getObject("id", UUID.class),
                PartOf.Kind.of(row.getString("kind")),
                new Owner(row.getString("owner")),
                row.getString("name"),
                row.getString("request"),
                row.getString("run"),
                new RunGroup.Rules(row.getInt("parallelism"), goal(row), halving(row)),
                new RunGroup.Progress(
                        GroupState.of(row.getString("state")),
                        row.getBoolean("cancel_requested"),
                        row.getInt("rung"),
                        optionalInt(row.getObject("best", Integer.class)),
                        optionalInt(row.getObject("model_version", Integer.class)),
                        Optional.ofNullable(row.getString("problem")),
                        row.getTimestamp("created_at").toInstant(),
                        Optional.ofNullable(row.getTimestamp("finished_at"))
                                .map(Timestamp::toInstant)));
    }

    private static Optional<Goal> goal(ResultSet row) throws SQLException {
        String metric = row.getString("metric");
        return metric == null
                ? Optional.empty()
                : Optional.of(
                        new Goal(
                                metric,
                                Mode.valueOf(row.getString("mode").toUpperCase(Locale.ROOT))));
    }

    private static Optional<Halving> halving(ResultSet row) throws SQLException {
        Array rungs = row.getArray("rung_epochs");
        return rungs == null
                ? Optional.empty()
                : Optional.of(
                        new Halving(
                                Stream.of((Integer[]) rungs.getArray()).toList(),
                                row.getInt("reduction_factor")));
    }

    private static String text(Mode mode) {
        return mode.name().toLowerCase(Locale.ROOT);
    }

    private static OptionalInt optionalInt(@Nullable Integer value) {
        return value == null ? OptionalInt.empty() : OptionalInt.of(value);
    }
}
