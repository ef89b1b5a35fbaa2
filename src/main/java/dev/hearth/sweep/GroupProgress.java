package dev.hearth.sweep;

import dev.hearth.job.JobQueue;
import dev.hearth.run.PartOf;
import dev.hearth.run.RunParts;
import dev.hearth.run.RunState;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Brings a group on: starts what may be started and says how it ended. All that it goes by is in
 * the database, and the group's row is locked meanwhile; so it may be called at any time, by any
 * process and any number of times, and a process may die in it.
 */
@Service
class GroupProgress {

    private final GroupTable table;
    private final Trials trials;
    private final RunParts runs;
    private final JobQueue queue;
    private final InstantSource clock;

    GroupProgress(
            GroupTable table, Trials trials, RunParts runs, JobQueue queue, InstantSource clock) {
        this.table = table;
        this.trials = trials;
        this.runs = runs;
        this.queue = queue;
        this.clock = clock;
    }

    /** Does what there is to do now, if there is anything. */
    @Transactional
    public void advance(UUID id) {
        table.lock(id)
                .filter(RunGroup::isRunning)
                .filter(group -> group.progress().best().isEmpty())
                .ifPresent(this::next);
    }

    /**
     * Ends a group that cannot go on, and its runs.
     *
     * @param problem why, in a sentence's words
     */
    @Transactional
    public void fail(UUID id, String problem) {
        if (table.lock(id).filter(RunGroup::isRunning).isPresent()) {
            table.end(id, GroupTable.Ending.failed(problem), clock.instant());
            runs.cancel(id);
        }
    }

    /** Cancels what is left of a group that the caller has locked. */
    @Transactional(propagation = Propagation.MANDATORY)
    public void cancel(RunGroup group) {
        table.requestCancel(group);
        runs.cancel(group.id());
        if (trials.of(group).stream().noneMatch(Trial::isActive)) {
            end(group, GroupTable.Ending.of(GroupState.CANCELLED));
        }
    }

    private void next(RunGroup group) {
        List<Trial> all = trials.of(group);
        long active = all.stream().filter(Trial::isActive).count();
        if (group.progress().cancelRequested()) {
            if (active == 0) {
                end(group, GroupTable.Ending.of(GroupState.CANCELLED));
            }
            return;
        }
        List<Trial> due = all.stream().filter(trial -> trial.isDue(group)).toList();
        due.stream()
                .limit(Math.max(0, group.rules().parallelism() - active))
                .forEach(trial -> start(group, trial));
        if (active == 0 && due.isEmpty()) {
            conclude(group, all);
        }
    }

    private void start(RunGroup group, Trial trial) {
        trial.run()
                .ifPresentOrElse(
                        run -> runs.lengthen(run, trial.epochs(group, run.epochs())),
                        () ->
                                runs.queue(
                                        request(group, trial.member()),
                                        group.owner(),
                                        new PartOf(group.kind(), group.id(), trial.number())));
    }

    static String request(RunGroup group, Member member) {
        var run = (ObjectNode) JsonMapper.shared().readTree(group.run());
        return Combination.parse(member.parameters()).in(run).toString();
    }

    /** All that were let train have ended. */
    private void conclude(RunGroup group, List<Trial> all) {
        group.rules()
                .goal()
                .ifPresentOrElse(
                        goal -> concludeRound(group, goal, all), () -> concludeAll(group, all));
    }

    private void concludeRound(RunGroup group, Goal goal, List<Trial> all) {
        int rung = group.progress().rung();
        List<Trial> round = all.stream().filter(trial -> trial.member().rung() == rung).toList();
        List<Trial> ranked = Ranking.of(goal, round).trials();
        boolean isLast =
                group.rules().halving().filter(halving -> rung < halving.lastRung()).isEmpty();
        if (isLast || ranked.isEmpty()) {
            concludeSweep(group, goal, all);
            return;
        }
        Halving halving = group.rules().halving().orElseThrow();
        List<Integer> survivors =
                ranked.stream().limit(halving.survivors(round.size())).map(Trial::number).toList();
        // One that is left alone has nobody to be compared with on the way.
        table.promote(group, survivors, survivors.size() == 1 ? halving.lastRung() : rung + 1);
        advance(group.id());
    }

    private void concludeSweep(RunGroup group, Goal goal, List<Trial> all) {
        List<Trial> ranked = Ranking.of(goal, all).trials();
        if (ranked.isEmpty()) {
            end(group, GroupTable.Ending.failed(whyNone(goal, all)));
            return;
        }
        table.choose(group, ranked.getFirst().number());
        queue.enqueue(BestPublisher.KIND, group.id().toString());
    }

    private static String whyNone(Goal goal, List<Trial> all) {
        if (all.stream().anyMatch(Trial::hasSucceeded)) {
            return "%s is no number in any trial".formatted(goal.metric());
        }
        return "no trial succeeded"
                + all.stream()
                        .flatMap(trial ->
                                trial.run().flatMap(run -> run.failure()).stream()
                                        .map(why ->
                                                "; trial %d: %s".formatted(trial.number(), why)))
                        .findFirst()
                        .orElse("");
    }

    /** A mean over fewer folds than there are would be another number. */
    private void concludeAll(RunGroup group, List<Trial> all) {
        List<Integer> without =
                all.stream().filter(trial -> !trial.hasSucceeded()).map(Trial::number).toList();
        if (without.isEmpty()) {
            end(group, GroupTable.Ending.of(GroupState.SUCCEEDED));
            return;
        }
        boolean failed =
                all.stream()
                        .anyMatch(trial ->
                                trial.run()
                                        .filter(run -> run.state() == RunState.FAILED)
                                        .isPresent());
        end(
                group,
                GroupTable.Ending.failed(
                        "%s %s %s; their runs say why"
                                .formatted(
                                        without.size() == 1 ? "fold" : "folds",
                                        String.join(
                                                ", ",
                                                without.stream().map(String::valueOf).toList()),
                                        failed ? "failed" : "were cancelled")));
    }

    private void end(RunGroup group, GroupTable.Ending ending) {
        table.end(group.id(), ending, clock.instant());
    }
}
