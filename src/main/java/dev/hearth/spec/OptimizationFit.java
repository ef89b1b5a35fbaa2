package dev.hearth.spec;

import dev.hearth.spec.OptimizationSpec.Interval;
import java.util.List;
import java.util.OptionalLong;

/** Whether groups, frozen parameters and the schedule fit the model and the length of the run. */
final class OptimizationFit {

    private static final String SCHEDULER = "/scheduler";

    /** Names that a message lists. */
    private static final int LISTED = 12;

    private final TrainingSpec spec;
    private final OptimizationSpec optimization;
    private final SpecErrors errors;

    OptimizationFit(TrainingSpec spec, SpecErrors errors) {
        this.spec = spec;
        this.optimization = spec.optimization();
        this.errors = errors;
    }

    void check(ModelPlan plan, OptionalLong trainingRows) {
        List<String> names = plan.parameterNames();
        patternsMatch(optimization.freeze(), "/freeze", names);
        var groups = ParameterGroups.of(optimization, names);
        for (int i = 0; i < optimization.groups().size(); i++) {
            groupHasParameters(i, groups, names);
        }
        if (groups.groups().stream().allMatch(group -> group.parameters().isEmpty())) {
            errors.add(
                    "/freeze",
                    "all parameters are frozen, so there is nothing to train; leave some out");
        }
        optimization
                .scheduler()
                .ifPresent(schedule -> {
                    schedulerFits(
                            schedule.scheduler(),
                            SCHEDULER,
                            groups.groups().size(),
                            runLength(schedule.interval(), trainingRows));
                });
    }

    private void groupHasParameters(int index, ParameterGroups groups, List<String> names) {
        String pointer = "/optimizer/groups/" + index + "/" + OptimizerReader.PARAMETERS;
        List<NamePattern> patterns = optimization.groups().get(index).patterns();
        boolean match = patternsMatch(patterns, pointer, names);
        if (match && groups.groups().get(index).parameters().isEmpty()) {
            errors.add(
                    pointer,
                    "no parameter is left for this group: those that match are frozen or belong to"
                            + " an earlier group; leave the group out");
        }
    }

    private boolean patternsMatch(List<NamePattern> patterns, String pointer, List<String> names) {
        boolean all = true;
        for (NamePattern pattern : patterns) {
            if (names.stream().noneMatch(pattern::matches)) {
                errors.add(
                        pointer,
                        "pattern %s matches no parameter; there are %s"
                                .formatted(Wording.quoted(pattern.text()), listed(names)));
                all = false;
            }
        }
        return all;
    }

    private static String listed(List<String> names) {
        String first = String.join(", ", names.stream().limit(LISTED).toList());
        return names.size() > LISTED
                ? "%s and %d more".formatted(first, names.size() - LISTED)
                : first;
    }

    /** How many times the scheduler's {@code step()} is called; empty without a data set. */
    private OptionalLong runLength(Interval interval, OptionalLong trainingRows) {
        TrainingSpec.Schedule schedule = spec.schedule();
        if (interval == Interval.EPOCH) {
            return OptionalLong.of(schedule.epochs());
        }
        if (trainingRows.isEmpty() || trainingRows.getAsLong() < 1) {
            return OptionalLong.empty();
        }
        long rows = trainingRows.getAsLong();
        long size = Math.min(rows, schedule.batchSize().orElse(Integer.MAX_VALUE));
        long batches = schedule.dropLast() ? rows / size : Math.ceilDiv(rows, size);
        long steps = Math.ceilDiv(batches, (long) optimization.gradients().accumulate());
        return OptionalLong.of(steps * schedule.epochs());
    }

    private void schedulerFits(
            SchedulerSpec scheduler, String pointer, int groups, OptionalLong length) {
        switch (scheduler) {
            case SchedulerSpec.OneCycleLR oneCycle -> {
                onePerGroup(oneCycle.maxLr(), pointer + "/max_lr", groups);
                oneCycleFits(oneCycle, pointer, length);
            }
            case SchedulerSpec.CyclicLR cyclic -> {
                onePerGroup(cyclic.baseLr(), pointer + "/base_lr", groups);
                onePerGroup(cyclic.maxLr(), pointer + "/max_lr", groups);
            }
            case SchedulerSpec.ReduceLROnPlateau plateau -> {
                onePerGroup(plateau.minLr(), pointer + "/min_lr", groups);
                new EpochMetrics(spec).requireCheap(plateau.metric(), pointer + "/metric", errors);
            }
            case SchedulerSpec.SequentialLR sequential -> {
                for (int i = 0; i < sequential.schedulers().size(); i++) {
                    schedulerFits(
                            sequential.schedulers().get(i),
                            pointer + "/schedulers/" + i,
                            groups,
                            partLength(sequential, i, length));
                }
            }
            case SchedulerSpec.StepLR _,
                    SchedulerSpec.MultiStepLR _,
                    SchedulerSpec.ConstantLR _,
                    SchedulerSpec.LinearLR _,
                    SchedulerSpec.ExponentialLR _,
                    SchedulerSpec.PolynomialLR _,
                    SchedulerSpec.CosineAnnealingLR _,
                    SchedulerSpec.CosineAnnealingWarmRestarts _,
                    SchedulerSpec.LambdaLR _ -> {}
        }
    }

    private static OptionalLong partLength(
            SchedulerSpec.SequentialLR sequential, int part, OptionalLong length) {
        return length.isPresent()
                ? OptionalLong.of(sequential.partLength(part, length.getAsLong()))
                : length;
    }

    private void onePerGroup(List<Double> values, String pointer, int groups) {
        if (values.size() != 1 && values.size() != groups) {
            errors.add(
                    pointer,
                    "expected a number, or one for each of the %d parameter groups, got %d"
                            .formatted(groups, values.size()));
        }
    }

    private void oneCycleFits(
            SchedulerSpec.OneCycleLR oneCycle, String pointer, OptionalLong length) {
        OptionalLong total = oneCycle.totalSteps().isPresent() ? oneCycle.totalSteps() : length;
        if (total.isEmpty()) {
            return;
        }
        if (length.isPresent() && total.getAsLong() < length.getAsLong()) {
            errors.add(
                    pointer + "/total_steps",
                    "expected at least the %s steps of the run, got %s; leave it out for just these"
                            .formatted(
                                    Wording.number(length.getAsLong()),
                                    Wording.number(total.getAsLong())));
        }
        double start = 0;
        for (double end : oneCycle.phaseEnds(total.getAsLong())) {
            if (end == start) {
                errors.add(
                        pointer + "/pct_start",
                        "with %s steps a phase of the cycle has length 0, which PyTorch divides by;"
                                        .formatted(Wording.number(total.getAsLong()))
                                + " write another pct_start or more steps");
                return;
            }
            start = end;
        }
    }
}
