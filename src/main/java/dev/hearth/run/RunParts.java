package dev.hearth.run;

import dev.hearth.dataset.DatasetId;
import dev.hearth.http.Owner;
import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import dev.hearth.spec.EpochMetrics;
import dev.hearth.spec.SpecErrors;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.IntConsumer;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/**
 * Runs for what consists of runs, such as a sweep: they are checked, queued and stopped as a user's
 * are, and seen where a user's are seen; but of their models, only that is published which the
 * whole asks for.
 */
@Service
public class RunParts {

    private final RunPartTable table;
    private final Runs runs;
    private final RunSubmission submission;
    private final RunControl control;
    private final PartResults results;

    RunParts(
            RunPartTable table,
            Runs runs,
            RunSubmission submission,
            RunControl control,
            PartResults results) {
        this.table = table;
        this.runs = runs;
        this.submission = submission;
        this.control = control;
        this.results = results;
    }

    /**
     * What the whole counts on.
     *
     * @param metric that each epoch is to have
     * @param longer whether a run is to go on after its last epoch
     */
    public record Needs(Optional<String> metric, boolean longer) {

        public static final Needs NOTHING = new Needs(Optional.empty(), false);
    }

    /** The pointer of an error about {@link Needs#metric()}. */
    public static final String METRIC = "/metric";

    /**
     * Looks at a request as {@code POST /v1/runs} does.
     *
     * @return the data set that it needs
     * @throws ProblemException with all that is wrong, each with a JSON Pointer into the request,
     *     but for {@link #METRIC}
     */
    public DatasetId check(String request, Needs needs) {
        RunSubmission.Accepted accepted =
                submission.accept(request.getBytes(StandardCharsets.UTF_8));
        var errors = new SpecErrors();
        needs.metric()
                .ifPresent(metric ->
                        new EpochMetrics(accepted.request().spec())
                                .require(metric, METRIC, errors));
        if (needs.longer()) {
            accepted.request()
                    .spec()
                    .optimization()
                    .scheduler()
                    .filter(schedule -> schedule.scheduler().isMadeForItsLength())
                    .ifPresent(schedule ->
                            errors.add(
                                    "/scheduler",
                                    "%s is made for just the epochs that a run has, and this one is to go on after them; give it total_steps, or take another"
                                            .formatted(schedule.scheduler().type())));
        }
        errors.throwIfAny();
        return accepted.dataset().id();
    }

    /**
     * A whole begins as a run does: its parts are then queued whatever else its owner stores.
     *
     * @throws ProblemException QUOTA_EXCEEDED where the owner's quota is used up
     */
    public void requireRoom(Owner owner) {
        runs.requireRoom(owner);
    }

    /** Queues a run of a request that has been checked, in the caller's transaction. */
    @Transactional(propagation = Propagation.MANDATORY)
    public void queue(String request, Owner owner, PartOf part) {
        runs.queue(NewRun.of(submission.parse(request), request, owner, Optional.of(part)));
    }

    /** The parts of several wholes, each in the order of their numbers. */
    public List<RunPart> all(Collection<UUID> wholes) {
        return table.all(wholes);
    }

    /** Lets a part that has succeeded go on, in the caller's transaction. */
    @Transactional(propagation = Propagation.MANDATORY)
    public void lengthen(RunPart part, int epochs) {
        control.lengthen(runs.require(part.id()), epochs - part.epochs());
    }

    /** Cancels all parts that have not ended, in the caller's transaction. */
    @Transactional(propagation = Propagation.MANDATORY)
    public void cancel(UUID whole) {
        table.holdUnfinished(whole).forEach(id -> control.cancel(runs.require(id)));
    }

    /**
     * Makes the version of the model that a part would have made alone.
     *
     * @param together done in the transaction that makes the version, with its number; what it
     *     throws undoes both
     */
    public void publish(RunPart part, IntConsumer together) throws IOException {
        results.publish(runs.require(part.id()), together);
    }

    /**
     * Deletes the parts with all that they have, in the caller's transaction. Those of whose result
     * a version was made stay, as runs of their own.
     *
     * @throws ProblemException INVALID_STATE if one has not ended
     */
    @Transactional(propagation = Propagation.MANDATORY)
    public void delete(UUID whole) {
        table.holdUnfinished(whole).stream()
                .findFirst()
                .ifPresent(id -> {
                    throw new ProblemException(
                            ProblemCode.INVALID_STATE,
                            "run %s has not ended; cancel it, or wait".formatted(id));
                });
        table.letGo(whole);
        results.release(table.all(List.of(whole)));
        table.delete(whole);
    }
}
