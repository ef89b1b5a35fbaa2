package dev.hearth.run;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** The SQL of runs that are parts of something. */
@Repository
class RunPartTable {

    private final JdbcClient jdbc;
    private final JsonMapper json;

    RunPartTable(JdbcClient jdbc, JsonMapper json) {
        this.jdbc = jdbc;
        this.json = json;
    }

    /** The parts of several wholes, in the order of their numbers. */
    List<RunPart> all(Collection<UUID> wholes) {
        if (wholes.isEmpty()) {
            return List.of();
        }
        return jdbc.sql(
                        """
                        SELECT run.*, coalesce(result.metrics, run.metrics) AS shown
                        FROM run LEFT JOIN run_epoch result
                            ON result.run_id = run.id AND result.epoch = run.result_epoch
                        WHERE part_of_id IN (:wholes) ORDER BY part_of_id, part_of_number
                        """)
                .param("wholes", wholes)
                .query(this::part)
                .list();
    }

    private RunPart part(ResultSet row, int index) throws SQLException {
        return new RunPart(
                RunTable.partOf(row).orElseThrow(),
                new RunId(row.getObject("id", UUID.class)),
                RunState.of(row.getString("state")),
                row.getInt("epoch"),
                row.getInt("epochs"),
                json.readValue(row.getString("shown"), new TypeReference<Map<String, Double>>() {}),
                Optional.ofNullable(row.getString("problem_detail")));
    }

    /**
     * The parts that have not ended, which do not end before the caller's transaction does.
     *
     * @return in the order of their numbers
     */
    List<RunId> holdUnfinished(UUID whole) {
        return jdbc.sql(
                        """
                        SELECT id FROM run
                        WHERE part_of_id = :whole
                            AND state IN ('queued', 'preparing', 'running', 'pausing', 'paused')
                        ORDER BY part_of_number FOR UPDATE
                        """)
                .param("whole", whole)
                .query((row, _) -> new RunId(row.getObject("id", UUID.class)))
                .list();
    }

    /** Lets those that a version was made of be runs of their own. */
    void letGo(UUID whole) {
        jdbc.sql(
                        """
                        UPDATE run SET part_of_kind = NULL, part_of_id = NULL, part_of_number = NULL
                        WHERE part_of_id = :whole AND model_version IS NOT NULL
                        """)
                .param("whole", whole)
                .update();
    }

    /** Deletes all parts, with their epochs, events and checkpoints. */
    void delete(UUID whole) {
        jdbc.sql("DELETE FROM run WHERE part_of_id = :whole").param("whole", whole).update();
    }
}
