package dev.hearth.run;

import dev.hearth.job.JobQueue;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Runs as their readers see them, with what is to be expected of them. */
@Component
class RunViews {

    /** Further behind, only the position is told. */
    private static final int FORESEEN = 1000;

    private final JobQueue queue;
    private final JdbcClient jdbc;
    private final InstantSource clock;
    private final JsonMapper json;

    RunViews(JobQueue queue, JdbcClient jdbc, InstantSource clock, JsonMapper json) {
        this.queue = queue;
        this.jdbc = jdbc;
        this.clock = clock;
        this.json = json;
    }

    RunView of(Run run) {
        return of(List.of(run)).getFirst();
    }

    List<RunView> of(List<Run> runs) {
        Map<RunId, RunOutlook> outlooks = outlooks(runs);
        Map<String, String> waits =
                runs.stream().anyMatch(run -> run.state() == RunState.QUEUED)
                        ? queue.waits(RunWorker.KIND)
                        : Map.of();
        return runs.stream()
                .map(run ->
                        RunView.of(
                                run,
                                outlooks.getOrDefault(run.id(), RunOutlook.NONE),
                                waits.get(run.job().text()),
                                json))
                .toList();
    }

    private Map<RunId, RunOutlook> outlooks(List<Run> runs) {
        boolean isQueued = runs.stream().anyMatch(run -> run.state() == RunState.QUEUED);
        if (!isQueued && runs.stream().noneMatch(run -> isRunning(run.state()))) {
            return Map.of();
        }
        List<RunId> line =
                isQueued
                        ? queue.line(RunWorker.KIND).stream()
                                .map(job -> RunJob.of(job).run())
                                .toList()
                        : List.of();
        var running = new ArrayList<Workload.Work>();
        var waiting = new HashMap<RunId, Workload.Work>();
        for (Found found : find(line.subList(0, Math.min(FORESEEN, line.size())))) {
            if (isRunning(found.state())) {
                running.add(found.work());
            } else {
                waiting.put(found.work().run(), found.work());
            }
        }
        var workload =
                new Workload(
                        running,
                        line.stream()
                                .map(run ->
                                        waiting.getOrDefault(
                                                run, new Workload.Work(run, Optional.empty())))
                                .toList());
        return workload.outlooks(clock.instant());
    }

    private static boolean isRunning(RunState state) {
        return switch (state) {
            case PREPARING, RUNNING, PAUSING -> true;
            case QUEUED, PAUSED, SUCCEEDED, FAILED, CANCELLED -> false;
        };
    }

    private record Found(RunState state, Workload.Work work) {}

    /**
     * What workers have, and those of {@code waiting}: with the time of an epoch by the last twenty
     * of the run itself, or where it has none by those of the last run with the same data set and
     * name.
     */
    private List<Found> find(Collection<RunId> waiting) {
        return jdbc.sql(
                        """
                        SELECT run.id, run.state, run.epochs, run.fraction,
                               coalesce(own.seconds, alike.seconds) AS seconds
                        FROM run
                        LEFT JOIN LATERAL (
                            SELECT avg(seconds) AS seconds
                            FROM (SELECT seconds FROM run_epoch WHERE run_id = run.id
                                  ORDER BY epoch DESC LIMIT 20) AS last) AS own ON true
                        LEFT JOIN LATERAL (
                            SELECT avg(seconds) AS seconds
                            FROM (SELECT seconds FROM run_epoch WHERE run_id = (
                                      SELECT id FROM run AS other
                                      WHERE other.state = 'succeeded' AND other.model = run.model
                                        AND other.dataset_id = run.dataset_id
                                      ORDER BY finished_at DESC LIMIT 1)
                                  ORDER BY epoch DESC LIMIT 20) AS last) AS alike
                            ON own.seconds IS NULL
                        WHERE run.state IN ('preparing', 'running', 'pausing')
                           OR (run.state = 'queued' AND run.id = ANY (:waiting))
                        """)
                .param("waiting", waiting.stream().map(RunId::value).toArray(UUID[]::new))
                .query((row, _) ->
                        new Found(
                                RunState.of(row.getString("state")),
                                Workload.Work.of(
                                        new RunId(row.getObject("id", UUID.class)),
                                        row.getInt("epochs"),
                                        row.getDouble("fraction"),
                                        Optional.ofNullable(
                                                row.getObject("seconds", Double.class)))))
                .list();
    }
}
