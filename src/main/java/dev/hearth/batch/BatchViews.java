package dev.hearth.batch;

import dev.hearth.job.JobQueue;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.springframework.stereotype.Component;

/** Predictions as their readers see them, with what is to be expected of them. */
@Component
class BatchViews {

    /**
     * What is to be expected.
     *
     * @param position how many wait before it
     * @param waitingFor what it waits for though its turn has come
     */
    record Outlook(OptionalLong position, Optional<String> waitingFor, Optional<Instant> finish) {

        static final Outlook NONE =
                new Outlook(OptionalLong.empty(), Optional.empty(), Optional.empty());
    }

    private final JobQueue queue;
    private final InstantSource clock;

    BatchViews(JobQueue queue, InstantSource clock) {
        this.queue = queue;
        this.clock = clock;
    }

    BatchView of(Batch batch) {
        return of(List.of(batch)).getFirst();
    }

    List<BatchView> of(List<Batch> batches) {
        boolean isQueued = batches.stream().anyMatch(each -> each.state() == BatchState.QUEUED);
        List<String> line = isQueued ? queue.line(BatchWorker.KIND) : List.of();
        Map<String, String> waits = isQueued ? queue.waits(BatchWorker.KIND) : Map.of();
        return batches.stream()
                .map(batch -> BatchView.of(batch, outlook(batch, line, waits)))
                .toList();
    }

    private Outlook outlook(Batch batch, List<String> line, Map<String, String> waits) {
        return switch (batch.state()) {
            case QUEUED -> {
                int place = line.indexOf(batch.id().toString());
                yield new Outlook(
                        place < 0 ? OptionalLong.empty() : OptionalLong.of(place),
                        Optional.ofNullable(waits.get(batch.id().toString())),
                        Optional.empty());
            }
            case RUNNING ->
                    new Outlook(
                            OptionalLong.empty(),
                            Optional.empty(),
                            finish(batch.progress(), clock.instant()));
            case SUCCEEDED, FAILED, CANCELLED -> Outlook.NONE;
        };
    }

    /** As long for each row to come as for those before. */
    static Optional<Instant> finish(Batch.Progress progress, Instant now) {
        if (progress.done() == 0) {
            return Optional.empty();
        }
        return progress.since()
                .map(since -> {
                    double seconds = Duration.between(since, now).toMillis() / 1e3;
                    double left = seconds * (progress.rows() - progress.done()) / progress.done();
                    return now.plusMillis(Math.round(1e3 * Math.max(0, left)));
                });
    }
}
