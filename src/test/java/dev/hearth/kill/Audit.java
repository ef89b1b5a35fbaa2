package dev.hearth.kill;

import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * What the database itself sees, whatever a process believes: triggers write down who claimed which
 * run, and every write of a process to a run that another one has claimed since. Processes are told
 * apart by the {@code ApplicationName} of their connections.
 */
record Audit(JdbcClient sql) {

    private static final String TRIGGERS =
            """
            CREATE SCHEMA kill;
            CREATE TABLE kill.epoch (run_id uuid, epoch integer, at timestamptz);
            CREATE FUNCTION kill.note_epoch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
              INSERT INTO kill.epoch VALUES (new.run_id, new.epoch, clock_timestamp());
              RETURN NULL; END $$;
            CREATE TRIGGER kill_epoch AFTER INSERT ON run_epoch
              FOR EACH ROW EXECUTE FUNCTION kill.note_epoch();

            CREATE TABLE kill.claim (run_id uuid, fence bigint, worker text, ended integer,
              saved integer, saved_at timestamptz, fraction double precision, at timestamptz);
            CREATE FUNCTION kill.note_claim() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
              INSERT INTO kill.claim VALUES (new.id, new.fence, current_setting('application_name'),
                (SELECT coalesce(max(epoch), 0) FROM run_epoch WHERE run_id = new.id),
                coalesce((SELECT epoch FROM run_checkpoint WHERE run_id = new.id
                  ORDER BY number DESC LIMIT 1), 0),
                (SELECT max(created_at) FROM run_checkpoint WHERE run_id = new.id),
                old.fraction, clock_timestamp());
              RETURN NULL; END $$;
            CREATE TRIGGER kill_claim AFTER UPDATE OF fence ON run
              FOR EACH ROW WHEN (new.fence > old.fence AND new.state = 'preparing')
              EXECUTE FUNCTION kill.note_claim();

            CREATE TABLE kill.stale (run_id uuid, worker text, what text);
            CREATE FUNCTION kill.note_stale(run uuid, what text) RETURNS void LANGUAGE plpgsql AS $$
            BEGIN
              IF current_setting('application_name') LIKE 'worker-%'
                AND current_setting('application_name') IS DISTINCT FROM (SELECT worker
                  FROM kill.claim WHERE run_id = run ORDER BY fence DESC LIMIT 1) THEN
                INSERT INTO kill.stale VALUES (run, current_setting('application_name'), what);
              END IF; END $$;
            CREATE FUNCTION kill.note_row() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
              -- Whoever finds that a run's last attempt is dead may end it.
              IF NOT (TG_TABLE_NAME = 'run_event' AND to_jsonb(new)->>'detail' LIKE 'tried %') THEN
                PERFORM kill.note_stale(new.run_id, TG_TABLE_NAME);
              END IF; RETURN NULL; END $$;
            CREATE TRIGGER kill_row AFTER INSERT ON run_epoch
              FOR EACH ROW EXECUTE FUNCTION kill.note_row();
            CREATE TRIGGER kill_row AFTER INSERT ON run_checkpoint
              FOR EACH ROW EXECUTE FUNCTION kill.note_row();
            CREATE TRIGGER kill_row AFTER INSERT ON run_event
              FOR EACH ROW EXECUTE FUNCTION kill.note_row();
            CREATE FUNCTION kill.note_run() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
              PERFORM kill.note_stale(new.id, 'run'); RETURN NULL; END $$;
            CREATE TRIGGER kill_run AFTER UPDATE ON run
              FOR EACH ROW WHEN (new.fence = old.fence) EXECUTE FUNCTION kill.note_run();

            CREATE TABLE kill.death (run_id uuid, at timestamptz);
            CREATE FUNCTION kill.note_death() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
              INSERT INTO kill.death
                VALUES (split_part(new.task_instance, ':', 1)::uuid, clock_timestamp());
              RETURN NULL; END $$;
            CREATE TRIGGER kill_death AFTER UPDATE ON scheduled_tasks
              FOR EACH ROW WHEN (old.picked AND NOT new.picked AND new.task_name = 'run'
                AND new.consecutive_failures > old.consecutive_failures)
              EXECUTE FUNCTION kill.note_death();
            """;

    static Audit begin(JdbcClient sql) {
        sql.sql(TRIGGERS).update();
        return new Audit(sql);
    }

    /**
     * A worker's claim of a run.
     *
     * @param fence of this claim
     */
    record Claim(UUID run, long fence) {}

    /** The runs that a worker has now. */
    List<Claim> heldBy(String worker) {
        return sql.sql(
                        """
                        SELECT c.run_id, c.fence FROM kill.claim c
                        JOIN run r ON r.id = c.run_id AND r.fence = c.fence
                        WHERE c.worker = :worker AND r.state IN ('preparing', 'running')
                        """)
                .param("worker", worker)
                .query((row, _) ->
                        new Claim(row.getObject("run_id", UUID.class), row.getLong("fence")))
                .list();
    }

    /** The run that a worker has now which has one at a time. */
    Optional<Claim> held(String worker) {
        return heldBy(worker).stream().findFirst();
    }

    /** How much of a run is done, as far as it was told. */
    double fraction(Claim claim) {
        return sql.sql("SELECT fraction FROM run WHERE id = :run")
                .param("run", claim.run())
                .query(Double.class)
                .single();
    }

    /** How many workers a run has lost since its last checkpoint. */
    int lossesWithoutProgress(Claim claim) {
        return sql.sql(
                        """
                        SELECT coalesce(max(consecutive_failures), 0) FROM scheduled_tasks
                        WHERE task_name = 'run' AND task_instance = :run
                        """)
                .param("run", claim.run().toString())
                .query(Integer.class)
                .single();
    }

    /** Whether nobody has taken a run over since, and it has not ended. */
    boolean isOrphan(Claim claim) {
        return sql.sql(
                        """
                        SELECT state IN ('preparing', 'running') AND fence = :fence
                        FROM run WHERE id = :run
                        """)
                .param("run", claim.run())
                .param("fence", claim.fence())
                .query(Boolean.class)
                .single();
    }

    /**
     * How a run went on after its worker was gone.
     *
     * @param found when it was found that the worker is dead; empty where it handed the run back
     * @param claimed when another worker had it
     * @param ended epochs whose metrics were there at that moment
     * @param saved epochs that its last checkpoint had behind it
     * @param fraction of the run that had been told to the database
     */
    record TakeOver(
            Optional<Instant> found,
            Instant claimed,
            int ended,
            int saved,
            Optional<Instant> savedAt,
            double fraction) {}

    Optional<TakeOver> takeOver(Claim lost) {
        return sql.sql(
                        """
                        SELECT c.*, (SELECT max(d.at) FROM kill.death d
                            WHERE d.run_id = c.run_id AND d.at < c.at AND d.at > (SELECT l.at
                                FROM kill.claim l WHERE l.run_id = :run AND l.fence = :fence)) AS found
                        FROM kill.claim c WHERE c.run_id = :run AND c.fence > :fence
                        ORDER BY c.fence LIMIT 1
                        """)
                .param("run", lost.run())
                .param("fence", lost.fence())
                .query((row, _) ->
                        new TakeOver(
                                instant(row.getTimestamp("found")),
                                row.getTimestamp("at").toInstant(),
                                row.getInt("ended"),
                                row.getInt("saved"),
                                instant(row.getTimestamp("saved_at")),
                                row.getDouble("fraction")))
                .optional();
    }

    private static Optional<Instant> instant(Timestamp time) {
        return Optional.ofNullable(time).map(Timestamp::toInstant);
    }

    /** When training began under a claim, if it has. */
    Optional<Instant> trainingSince(Claim claim) {
        return sql.sql(
                        """
                        SELECT max(e.created_at) FROM run_event e
                        JOIN kill.claim c ON c.run_id = e.run_id AND e.created_at > c.at
                        WHERE e.run_id = :run AND c.fence = :fence AND e.type = 'running'
                        """)
                .param("run", claim.run())
                .param("fence", claim.fence())
                .query((row, _) -> instant(row.getTimestamp(1)))
                .single();
    }

    /** From the end of an epoch to that of the next one, as the database saw them. */
    double secondsPerEpoch(String run) {
        return sql.sql(
                        """
                        SELECT extract(epoch FROM max(at) - min(at)) / (count(*) - 1)
                        FROM kill.epoch WHERE run_id = :run::uuid
                        """)
                .param("run", run)
                .query(Double.class)
                .single();
    }

    /** Writes of a process to runs that were another one's by then. */
    List<String> stale() {
        return sql.sql("SELECT worker || ' wrote ' || what || ' of run ' || run_id FROM kill.stale")
                .query(String.class)
                .list();
    }

    long epochsTwice() {
        return count(
                """
                SELECT count(*) FROM (SELECT 1 FROM kill.epoch GROUP BY run_id, epoch
                    HAVING count(*) > 1) twice
                """);
    }

    /** Times that a run went on from a checkpoint. */
    long resumptions() {
        return count("SELECT count(*) FROM run_event WHERE detail LIKE '%it goes on from%'");
    }

    long handedBack() {
        return count("SELECT count(*) FROM run_event WHERE detail LIKE 'handed back%'");
    }

    long unfinished() {
        return count("SELECT count(*) FROM run WHERE state IN ('queued', 'preparing', 'running')");
    }

    long count(String query) {
        return sql.sql(query).query(Long.class).single();
    }
}
