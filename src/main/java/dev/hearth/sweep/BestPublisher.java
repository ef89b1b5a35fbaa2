package dev.hearth.sweep;

import dev.hearth.job.JobContext;
import dev.hearth.job.JobHandler;
import dev.hearth.job.JobOutcome;
import dev.hearth.run.RunParts;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Makes the model's version of a sweep's best trial, and with it ends the sweep. */
@Component
class BestPublisher implements JobHandler {

    static final String KIND = "run_group_best";

    private static final Logger log = LoggerFactory.getLogger(BestPublisher.class);

    private final GroupTable table;
    private final GroupProgress progress;
    private final Trials trials;
    private final RunParts runs;
    private final InstantSource clock;

    BestPublisher(
            GroupTable table,
            GroupProgress progress,
            Trials trials,
            RunParts runs,
            InstantSource clock) {
        this.table = table;
        this.progress = progress;
        this.trials = trials;
        this.runs = runs;
        this.clock = clock;
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public boolean needsDevice() {
        return false;
    }

    @Override
    public JobOutcome execute(String id, JobContext context) throws IOException {
        Optional<RunGroup> group =
                table.find(UUID.fromString(id))
                        .filter(RunGroup::isRunning)
                        .filter(found -> found.progress().best().isPresent());
        if (group.isPresent()) {
            publish(group.get());
        }
        return JobOutcome.DONE;
    }

    private void publish(RunGroup group) throws IOException {
        int best = group.progress().best().orElseThrow();
        Trial trial = trials.of(group).get(best);
        try {
            runs.publish(trial.run().orElseThrow(), version -> ended(group, version));
        } catch (EndedMeanwhileException e) {
            log.info("{} has ended meanwhile; nothing is published", group);
        }
    }

    private void ended(RunGroup group, int version) {
        var ending =
                new GroupTable.Ending(
                        GroupState.SUCCEEDED, OptionalInt.of(version), Optional.empty());
        if (!table.end(group.id(), ending, clock.instant())) {
            throw new EndedMeanwhileException();
        }
    }

    @Override
    public void abandoned(String id, String reason) {
        progress.fail(
                UUID.fromString(id),
                "the model of its best trial could not be published: " + reason);
    }

    /** Somebody has cancelled the sweep; undoes the version. */
    private static final class EndedMeanwhileException extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }
}
