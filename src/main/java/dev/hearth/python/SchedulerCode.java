package dev.hearth.python;

import static java.util.stream.Collectors.joining;

import dev.hearth.python.Expression.Call;
import dev.hearth.spec.SchedulerSpec;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Writes a schedule of learning rates as the call that constructs it. */
final class SchedulerCode {

    private SchedulerCode() {}

    /**
     * @param scheduler with all that depends on the length of the run
     */
    static Expression construct(SchedulerSpec scheduler) {
        Call call = Call.of("torch.optim.lr_scheduler." + scheduler.type(), "optimizer");
        return switch (scheduler) {
            case SchedulerSpec.StepLR(long size, double gamma) ->
                    call.with("step_size", size).unless(0.1, "gamma", gamma);
            case SchedulerSpec.MultiStepLR(List<Long> milestones, double gamma) ->
                    call.with("milestones", longs(milestones)).unless(0.1, "gamma", gamma);
            case SchedulerSpec.ConstantLR(double factor, long iterations) ->
                    call.unless(1.0 / 3, "factor", factor).unless(5L, "total_iters", iterations);
            case SchedulerSpec.LinearLR(double start, double end, long iterations) ->
                    call.unless(1.0 / 3, "start_factor", start)
                            .unless(1.0, "end_factor", end)
                            .unless(5L, "total_iters", iterations);
            case SchedulerSpec.ExponentialLR(double gamma) -> call.with("gamma", gamma);
            case SchedulerSpec.PolynomialLR(long iterations, double power) ->
                    call.unless(5L, "total_iters", iterations).unless(1.0, "power", power);
            case SchedulerSpec.CosineAnnealingLR(long tMax, double etaMin) ->
                    call.with("T_max", tMax).unless(0.0, "eta_min", etaMin);
            case SchedulerSpec.CosineAnnealingWarmRestarts(long t0, long tMult, double etaMin) ->
                    call.with("T_0", t0).unless(1L, "T_mult", tMult).unless(0.0, "eta_min", etaMin);
            case SchedulerSpec.LambdaLR(List<Double> factors) ->
                    call.with(
                            "lr_lambda",
                            "lambda n: %s[min(n, %d)]"
                                    .formatted(doubles(factors), factors.size() - 1));
            case SchedulerSpec.OneCycleLR oneCycle -> oneCycle(call, oneCycle);
            case SchedulerSpec.CyclicLR cyclic -> cyclic(call, cyclic);
            case SchedulerSpec.SequentialLR sequential -> sequential(call, sequential);
            case SchedulerSpec.ReduceLROnPlateau plateau -> plateau(call, plateau);
        };
    }

    private static Expression oneCycle(Call call, SchedulerSpec.OneCycleLR oneCycle) {
        return momentum(
                        call.with("max_lr", oneOrEach(oneCycle.maxLr()))
                                .with("total_steps", oneCycle.totalSteps().orElseThrow())
                                .unless(0.3, "pct_start", oneCycle.pctStart())
                                .unless(
                                        word("cos"),
                                        "anneal_strategy",
                                        word(oneCycle.annealStrategy())),
                        oneCycle.momentum(),
                        new SchedulerSpec.MomentumCycle(0.85, 0.95))
                .unless(25.0, "div_factor", oneCycle.divFactor())
                .unless(1e4, "final_div_factor", oneCycle.finalDivFactor())
                .unless(false, "three_phase", oneCycle.threePhase());
    }

    private static Expression cyclic(Call call, SchedulerSpec.CyclicLR cyclic) {
        Call shaped =
                call.with("base_lr", oneOrEach(cyclic.baseLr()))
                        .with("max_lr", oneOrEach(cyclic.maxLr()))
                        .unless(2000L, "step_size_up", cyclic.stepSizeUp());
        if (cyclic.stepSizeDown().isPresent()) {
            shaped = shaped.with("step_size_down", cyclic.stepSizeDown().getAsLong());
        }
        return momentum(
                shaped.unless(word("triangular"), "mode", word(cyclic.mode()))
                        .unless(1.0, "gamma", cyclic.gamma()),
                cyclic.momentum(),
                new SchedulerSpec.MomentumCycle(0.8, 0.9));
    }

    private static Call momentum(
            Call call,
            Optional<SchedulerSpec.MomentumCycle> momentum,
            SchedulerSpec.MomentumCycle usual) {
        return momentum.isEmpty()
                ? call.with("cycle_momentum", false)
                : call.unless(usual.base(), "base_momentum", momentum.get().base())
                        .unless(usual.max(), "max_momentum", momentum.get().max());
    }

    private static Expression plateau(Call call, SchedulerSpec.ReduceLROnPlateau plateau) {
        Call shaped =
                call.unless(word("min"), "mode", word(plateau.mode()))
                        .unless(0.1, "factor", plateau.factor())
                        .unless(10L, "patience", plateau.patience())
                        .unless(1e-4, "threshold", plateau.threshold())
                        .unless(word("rel"), "threshold_mode", word(plateau.thresholdMode()))
                        .unless(0L, "cooldown", plateau.cooldown());
        boolean usual = plateau.minLr().stream().allMatch(rate -> rate == 0);
        return (usual ? shaped : shaped.with("min_lr", oneOrEach(plateau.minLr())))
                .unless(1e-8, "eps", plateau.eps());
    }

    private static Expression sequential(Call call, SchedulerSpec.SequentialLR sequential) {
        return call.with(
                        "schedulers",
                        new Expression.Listing(
                                sequential.schedulers().stream()
                                        .map(SchedulerCode::construct)
                                        .toList()))
                .with("milestones", longs(sequential.milestones()));
    }

    private static Expression oneOrEach(List<Double> values) {
        return values.size() == 1
                ? Expression.of(values.getFirst())
                : new Expression.Listing(values.stream().map(Expression::of).toList());
    }

    private static Expression longs(List<Long> values) {
        return Expression.longs(values.stream().mapToLong(Long::longValue));
    }

    private static String doubles(List<Double> values) {
        return values.stream().map(value -> Literal.of(value)).collect(joining(", ", "[", "]"));
    }

    private static Expression word(Enum<?> constant) {
        return word(constant.name().toLowerCase(Locale.ROOT));
    }

    private static Expression word(String word) {
        return Expression.of(Literal.of(word));
    }
}
