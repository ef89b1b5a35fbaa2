package dev.hearth.python;

import dev.hearth.python.Expression.Call;
import dev.hearth.python.PythonFile.Import;
import dev.hearth.spec.OptimizationSpec;
import dev.hearth.spec.OptimizationSpec.Ema;
import dev.hearth.spec.OptimizationSpec.Gradients;
import dev.hearth.spec.OptimizationSpec.Interval;
import dev.hearth.spec.ParameterGroups;
import dev.hearth.spec.SchedulerSpec;
import dev.hearth.spec.Stopping;
import dev.hearth.spec.Stopping.Early;
import dev.hearth.spec.Stopping.Mode;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes an epoch of training, with what is done to gradients, rates and averages on the way.
 *
 * @param stopping what ends training before its last epoch
 * @param weighted whether each row has a weight
 */
record TrainCode(OptimizationSpec spec, Stopping stopping, boolean weighted, PythonFile file) {

    private int accumulate() {
        return spec.gradients().accumulate();
    }

    boolean schedulesSteps() {
        return spec.scheduler().filter(s -> s.interval() == Interval.STEP).isPresent();
    }

    boolean schedulesEpochs() {
        return spec.scheduler().filter(s -> s.interval() == Interval.EPOCH).isPresent();
    }

    /** Whether averaging begins after some steps, which are then counted. */
    private boolean averagesLater() {
        return spec.ema().filter(ema -> ema.startStep() > 0).isPresent();
    }

    /** What {@code train} takes. */
    String arguments() {
        var names = new ArrayList<>(List.of("model", "loader", "criterion", "optimizer"));
        if (schedulesSteps()) {
            names.add("scheduler");
        }
        if (spec.ema().isPresent()) {
            names.add("ema");
        }
        if (averagesLater()) {
            names.add("epoch");
        }
        if (stopping.maxSteps().isPresent()) {
            names.add("left");
        }
        return String.join(", ", names);
    }

    /** Defines {@code train}. */
    void define() {
        boolean counts = accumulate() > 1 || averagesLater();
        var text = new StringBuilder();
        text.append("def train(%s):\n".formatted(arguments()));
        text.append("    \"\"\"One epoch; the sums of what was measured on the way.\"\"\"\n");
        text.append("    model.train()\n");
        text.append("    total = 0\n");
        String batches = stopping.maxSteps().isPresent() ? "islice(loader, left)" : "loader";
        text.append(
                counts
                        ? "    for number, (%s) in enumerate(%s, start=1):\n"
                                .formatted(rows(), batches)
                        : "    for %s in %s:\n".formatted(rows(), batches));
        text.append(batch().indent(8));
        text.append(schedulesSteps() ? "    return total, lr\n" : "    return total\n");
        file.define("train", text.toString());
    }

    private String rows() {
        return weighted ? "inputs, targets, weights" : "inputs, targets";
    }

    private String batch() {
        var lines = new ArrayList<String>();
        if (accumulate() == 1) {
            lines.add("optimizer.zero_grad()");
        }
        lines.add("output = model(inputs)");
        lines.add("loss = criterion(output, targets%s)".formatted(weighted ? ", weights" : ""));
        lines.add(
                accumulate() > 1
                        ? "(loss / %d).backward()".formatted(accumulate())
                        : "loss.backward()");
        if (accumulate() > 1) {
            lines.add("if number %% %d == 0 or number == len(loader):".formatted(accumulate()));
            update().forEach(line -> lines.add("    " + line));
        } else {
            lines.addAll(update());
        }
        lines.add("total += measure(output.detach(), targets, loss)");
        return String.join("\n", lines);
    }

    private List<String> update() {
        var lines = new ArrayList<String>();
        Gradients gradients = spec.gradients();
        gradients
                .clipNorm()
                .ifPresent(clip ->
                        lines.add(
                                Call.of("nn.utils.clip_grad_norm_", "model.parameters()")
                                        .with(clip.maxNorm())
                                        .unless(2.0, "norm_type", clip.normType())
                                        .flat()));
        gradients
                .clipValue()
                .ifPresent(value ->
                        lines.add(
                                Call.of("nn.utils.clip_grad_value_", "model.parameters()", value)
                                        .flat()));
        lines.add("optimizer.step()");
        if (accumulate() > 1) {
            lines.add("optimizer.zero_grad()");
        }
        if (schedulesSteps()) {
            lines.add("lr = optimizer.param_groups[-1][\"lr\"]");
            lines.add("scheduler.step()");
        }
        spec.ema().ifPresent(ema -> average(ema, lines));
        return lines;
    }

    private void average(Ema ema, List<String> lines) {
        if (ema.startStep() == 0) {
            lines.add("ema.update_parameters(model)");
            return;
        }
        if (accumulate() > 1) {
            file.require(Import.MATH);
        }
        String step =
                accumulate() > 1
                        ? "(epoch - 1) * math.ceil(len(loader) / %1$d) + math.ceil(number / %1$d)"
                                .formatted(accumulate())
                        : "(epoch - 1) * len(loader) + number";
        lines.add("if %s > %d:".formatted(step, ema.startStep()));
        lines.add("    ema.update_parameters(model)");
    }

    /**
     * Statements that make the optimiser and what goes with it.
     *
     * @param names of all parameters, in the model's order
     * @param length epochs and steps of the optimiser in the run
     */
    String prepare(List<String> names, Length length) {
        var text = new StringBuilder();
        List<String> frozen = ParameterGroups.of(spec, names).frozen();
        if (!frozen.isEmpty()) {
            text.append(Expression.strings(frozen).laidOut("for name in ", ":\n"));
            text.append("    model.get_parameter(name).requires_grad_(False)\n");
        }
        text.append(OptimizerCode.construct(spec, names).laidOut("optimizer = ", "\n"));
        spec.scheduler()
                .ifPresent(schedule -> {
                    long steps = schedulesSteps() ? length.steps() : length.epochs();
                    text.append(
                            SchedulerCode.construct(schedule.scheduler().resolved(steps))
                                    .laidOut("scheduler = ", "\n"));
                });
        stopping.maxSteps()
                .ifPresent(steps -> {
                    file.require(Import.ISLICE);
                    text.append(
                            "left = %s  # mini-batches\n"
                                    .formatted(Literal.of(mostBatches(steps))));
                });
        spec.ema()
                .ifPresent(ema -> {
                    file.require(Import.AVERAGES);
                    text.append(
                            Call.of("AveragedModel", "model")
                                    .with(
                                            "multi_avg_fn",
                                            Call.of("get_ema_multi_avg_fn", ema.decay()))
                                    .laidOut("ema = ", "\n"));
                });
        return text.toString();
    }

    /** Whether training may end before its last epoch. */
    boolean stops() {
        return stopping.early().isPresent() || stopping.maxSteps().isPresent();
    }

    /** No run makes as many as Python could count. */
    private long mostBatches(long steps) {
        return steps > Long.MAX_VALUE / accumulate() ? Long.MAX_VALUE : steps * accumulate();
    }

    /** Statements before the first epoch, when the model and its average are there. */
    String prepareStopping() {
        if (stopping.early().isEmpty()) {
            return "";
        }
        file.require(Import.MATH);
        Early early = stopping.early().get();
        String best =
                "best, bad_epochs = %s, 0\n"
                        .formatted(early.mode() == Mode.MIN ? "math.inf" : "-math.inf");
        return early.restoreBest()
                ? best + "kept = %s.state_dict()\n".formatted(keptBefore())
                : best;
    }

    private String keptBefore() {
        return spec.ema().isPresent() && !averagesLater() ? "ema.module" : "model";
    }

    /** Statements at the very end of an epoch. */
    String stop() {
        var lines = new ArrayList<String>();
        stopping.early().ifPresent(early -> stopEarly(early, lines));
        if (stopping.maxSteps().isPresent()) {
            lines.add("left -= %s".formatted(batchesOfEpoch()));
            lines.add("if left <= 0:");
            lines.add("    break");
        }
        return lines.isEmpty() ? "" : String.join("\n", lines) + "\n";
    }

    /** Where gradients accumulate, an epoch's last step takes fewer, and counts as a whole one. */
    private String batchesOfEpoch() {
        if (accumulate() == 1) {
            return "len(loader)";
        }
        file.require(Import.MATH);
        return "math.ceil(len(loader) / %1$d) * %1$d".formatted(accumulate());
    }

    private void stopEarly(Early early, List<String> lines) {
        String value = "values.get(%s, math.nan)".formatted(Literal.of(early.metric()));
        lines.add(
                early.mode() == Mode.MIN
                        ? "if %s < best - %s:".formatted(value, Literal.of(early.minDelta()))
                        : "if %s > best + %s:".formatted(value, Literal.of(early.minDelta())));
        lines.add("    best, bad_epochs = %s, 0".formatted(value));
        if (early.restoreBest()) {
            file.require(Import.COPY);
            lines.add("    kept = copy.deepcopy(%s.state_dict())".formatted(trained()));
        }
        lines.add("else:");
        lines.add("    bad_epochs += 1");
        lines.add("if bad_epochs >= %d:".formatted(early.patience()));
        lines.add("    break");
    }

    /** What is saved in the end. */
    String result() {
        return stopping.early().filter(Early::restoreBest).isPresent()
                ? "kept"
                : trained() + ".state_dict()";
    }

    /** How long a run is. */
    record Length(int epochs, long steps) {}

    /** What {@code train} answers. */
    String answer() {
        return schedulesSteps() ? "total, lr" : "total";
    }

    /** Statements after the metrics of an epoch are known. */
    String endEpoch() {
        if (schedulesSteps()) {
            return "values[\"lr\"] = lr\n";
        }
        return spec.scheduler()
                .map(schedule ->
                        "values[\"lr\"] = optimizer.param_groups[-1][\"lr\"]\n"
                                + step(schedule.scheduler()))
                .orElse("");
    }

    private static String step(SchedulerSpec scheduler) {
        return scheduler instanceof SchedulerSpec.ReduceLROnPlateau plateau
                ? "scheduler.step(values[%s])\n".formatted(Literal.of(plateau.metric()))
                : "scheduler.step()\n";
    }

    /** The model that is evaluated and saved. */
    String trained() {
        if (spec.ema().isEmpty()) {
            return "model";
        }
        return averagesLater() ? "averaged" : "ema.module";
    }

    /** Statements after an epoch of training. */
    String afterTraining() {
        return averagesLater() ? "averaged = ema.module if ema.n_averaged > 0 else model\n" : "";
    }
}
