package dev.hearth.spec;

import dev.hearth.spec.OptimizationSpec.Interval;
import dev.hearth.spec.OptimizationSpec.Schedule;
import dev.hearth.spec.SchedulerSpec.MomentumCycle;
import dev.hearth.spec.Values.Range;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** Reads a schedule of learning rates. */
final class SchedulerReader {

    static final String INTERVAL = "interval";

    /** Of epochs or steps: past any run, and without overflow in what is made of it. */
    static final long MAX_COUNT = 1_000_000_000_000L;

    static final int MAX_TABLE = 100_000;

    private record Kind(List<String> fields, Form form) {}

    private interface Form {
        /** Empty, and an error, if there is nothing that could stand for it. */
        Optional<SchedulerSpec> read(Fields fields, SchedulerReader reader);
    }

    private static final Types<Kind> KINDS = new Types<>("scheduler", kinds());

    private final SpecErrors errors;

    private SchedulerReader(SpecErrors errors) {
        this.errors = errors;
    }

    static List<String> names() {
        return KINDS.names();
    }

    /** The fields of each scheduler but {@code type}, by its name. */
    static Map<String, List<String>> vocabulary() {
        var fields = new LinkedHashMap<String, List<String>>();
        KINDS.forms().forEach((type, kind) -> fields.put(type, kind.fields()));
        return fields;
    }

    static Optional<Schedule> read(JsonNode node, String pointer, SpecErrors errors) {
        return new SchedulerReader(errors)
                .open(node, pointer, INTERVAL)
                .flatMap(opened ->
                        opened.scheduler()
                                .map(scheduler ->
                                        new Schedule(
                                                scheduler, interval(scheduler, opened.fields()))));
    }

    private record Opened(Fields fields, Optional<SchedulerSpec> scheduler) {}

    private Optional<Opened> open(JsonNode node, String pointer, String... more) {
        return KINDS.ofObject(node, pointer, errors)
                .flatMap(kind -> {
                    List<String> known =
                            Stream.concat(kind.form().fields().stream(), Stream.of(more)).toList();
                    return Fields.open(node, pointer, kind.name(), Types.withType(known), errors)
                            .map(fields ->
                                    new Opened(fields, kind.form().form().read(fields, this)));
                });
    }

    private static Interval interval(SchedulerSpec scheduler, Fields fields) {
        Interval usual = scheduler.stepsPerBatch() ? Interval.STEP : Interval.EPOCH;
        Interval interval = fields.choice(INTERVAL, Interval.values(), usual);
        if (scheduler instanceof SchedulerSpec.ReduceLROnPlateau && interval == Interval.STEP) {
            fields.reject(
                    INTERVAL,
                    "ReduceLROnPlateau looks at an epoch's metrics, so it goes by epochs; leave"
                            + " interval out");
        }
        return interval;
    }

    private static Map<String, Kind> kinds() {
        var kinds = new LinkedHashMap<String, Kind>();
        kinds.put("StepLR", kind(SchedulerReader::stepLR, "step_size", "gamma"));
        kinds.put("MultiStepLR", kind(SchedulerReader::multiStepLR, "milestones", "gamma"));
        kinds.put("ConstantLR", kind(SchedulerReader::constantLR, "factor", "total_iters"));
        kinds.put(
                "LinearLR",
                kind(SchedulerReader::linearLR, "start_factor", "end_factor", "total_iters"));
        kinds.put("ExponentialLR", kind(SchedulerReader::exponentialLR, "gamma"));
        kinds.put("PolynomialLR", kind(SchedulerReader::polynomialLR, "total_iters", "power"));
        kinds.put("CosineAnnealingLR", kind(SchedulerReader::cosine, "T_max", "eta_min"));
        kinds.put(
                "CosineAnnealingWarmRestarts",
                kind(SchedulerReader::warmRestarts, "T_0", "T_mult", "eta_min"));
        kinds.put("LambdaLR", kind(SchedulerReader::lambdaLR, "factors"));
        kinds.put(
                "OneCycleLR",
                kind(
                        SchedulerReader::oneCycle,
                        "max_lr",
                        "total_steps",
                        "pct_start",
                        "anneal_strategy",
                        "cycle_momentum",
                        "base_momentum",
                        "max_momentum",
                        "div_factor",
                        "final_div_factor",
                        "three_phase"));
        kinds.put(
                "CyclicLR",
                kind(
                        SchedulerReader::cyclic,
                        "base_lr",
                        "max_lr",
                        "step_size_up",
                        "step_size_down",
                        "mode",
                        "gamma",
                        "cycle_momentum",
                        "base_momentum",
                        "max_momentum"));
        kinds.put(
                "ReduceLROnPlateau",
                kind(
                        SchedulerReader::plateau,
                        "metric",
                        "mode",
                        "factor",
                        "patience",
                        "threshold",
                        "threshold_mode",
                        "cooldown",
                        "min_lr",
                        "eps"));
        kinds.put("SequentialLR", kind(SchedulerReader::sequential, "schedulers", "milestones"));
        return kinds;
    }

    private static Kind kind(Form form, String... fields) {
        return new Kind(List.of(fields), form);
    }

    private static Optional<SchedulerSpec> stepLR(Fields fields, SchedulerReader reader) {
        return count(fields, "step_size", "after how many epochs the rate is multiplied by gamma")
                .map(size -> new SchedulerSpec.StepLR(size, gamma(fields, 0.1)));
    }

    private static Optional<SchedulerSpec> multiStepLR(Fields fields, SchedulerReader reader) {
        double gamma = gamma(fields, 0.1);
        fields.required("milestones", "write the epochs at which the rate changes: [30, 80]");
        return fields.list("milestones", "an array of whole numbers", SchedulerReader::milestone)
                .map(milestones -> new SchedulerSpec.MultiStepLR(milestones, gamma));
    }

    private static Optional<Long> milestone(Values values, JsonNode node, String pointer) {
        return values.integer(node, pointer, 1, MAX_COUNT).stream().boxed().findFirst();
    }

    private static Optional<SchedulerSpec> constantLR(Fields fields, SchedulerReader reader) {
        return Optional.of(
                new SchedulerSpec.ConstantLR(
                        fields.number("factor", Range.ABOVE_ZERO_TO_ONE, 1.0 / 3),
                        totalIters(fields)));
    }

    private static Optional<SchedulerSpec> linearLR(Fields fields, SchedulerReader reader) {
        return Optional.of(
                new SchedulerSpec.LinearLR(
                        fields.number("start_factor", Range.ABOVE_ZERO_TO_ONE, 1.0 / 3),
                        fields.number("end_factor", Range.ZERO_TO_ONE, 1),
                        totalIters(fields)));
    }

    private static long totalIters(Fields fields) {
        return fields.integer("total_iters", 1, MAX_COUNT).orElse(5);
    }

    private static Optional<SchedulerSpec> exponentialLR(Fields fields, SchedulerReader reader) {
        fields.required("gamma", "write what the rate is multiplied by after each epoch");
        return Optional.of(new SchedulerSpec.ExponentialLR(gamma(fields, 1)));
    }

    private static Optional<SchedulerSpec> polynomialLR(Fields fields, SchedulerReader reader) {
        return Optional.of(
                new SchedulerSpec.PolynomialLR(
                        totalIters(fields), fields.number("power", Range.NOT_NEGATIVE, 1)));
    }

    private static Optional<SchedulerSpec> cosine(Fields fields, SchedulerReader reader) {
        double etaMin = fields.number("eta_min", Range.NOT_NEGATIVE, 0);
        return count(fields, "T_max", "in how many epochs the rate goes down to eta_min")
                .map(tMax -> new SchedulerSpec.CosineAnnealingLR(tMax, etaMin));
    }

    private static Optional<SchedulerSpec> warmRestarts(Fields fields, SchedulerReader reader) {
        long tMult = fields.integer("T_mult", 1, 1_000_000).orElse(1);
        double etaMin = fields.number("eta_min", Range.NOT_NEGATIVE, 0);
        return count(fields, "T_0", "after how many epochs the rate first starts again")
                .map(t0 -> new SchedulerSpec.CosineAnnealingWarmRestarts(t0, tMult, etaMin));
    }

    private static Optional<SchedulerSpec> lambdaLR(Fields fields, SchedulerReader reader) {
        fields.required(
                "factors", "write what the first rate is multiplied by in epoch 0, 1, …: [1, 0.5]");
        int size = fields.node("factors").map(JsonNode::size).orElse(1);
        if (fields.node("factors").filter(JsonNode::isArray).isPresent()
                && (size < 1 || size > MAX_TABLE)) {
            fields.reject(
                    "factors",
                    "expected 1 to %s numbers, got %s"
                            .formatted(Wording.number(MAX_TABLE), Wording.number(size)));
            return Optional.empty();
        }
        return fields.list("factors", "an array of numbers", numberIn(Range.NOT_NEGATIVE))
                .map(SchedulerSpec.LambdaLR::new);
    }

    private static Optional<SchedulerSpec> oneCycle(Fields fields, SchedulerReader reader) {
        fields.required("max_lr", "write the highest learning rate");
        List<Double> maxLr = perGroup(fields, "max_lr", Range.POSITIVE, 1);
        OptionalLong steps = fields.integer("total_steps", 1, MAX_COUNT);
        double pctStart = fields.number("pct_start", Range.ZERO_TO_ONE, 0.3);
        var anneal =
                fields.choice(
                        "anneal_strategy", SchedulerSpec.Anneal.values(), SchedulerSpec.Anneal.COS);
        Optional<MomentumCycle> momentum = momentum(fields, 0.85, 0.95);
        double divFactor = fields.number("div_factor", Range.POSITIVE, 25);
        double finalDivFactor = fields.number("final_div_factor", Range.POSITIVE, 1e4);
        boolean threePhase = fields.bool("three_phase", false);
        return Optional.of(
                new SchedulerSpec.OneCycleLR(
                        maxLr,
                        steps,
                        pctStart,
                        anneal,
                        momentum,
                        divFactor,
                        finalDivFactor,
                        threePhase));
    }

    private static Optional<SchedulerSpec> cyclic(Fields fields, SchedulerReader reader) {
        fields.required("base_lr", "write the lowest learning rate");
        fields.required("max_lr", "write the highest learning rate");
        return Optional.of(
                new SchedulerSpec.CyclicLR(
                        perGroup(fields, "base_lr", Range.NOT_NEGATIVE, 0),
                        perGroup(fields, "max_lr", Range.POSITIVE, 1),
                        fields.integer("step_size_up", 1, MAX_COUNT).orElse(2000),
                        fields.integer("step_size_down", 1, MAX_COUNT),
                        fields.choice(
                                "mode",
                                SchedulerSpec.Cycle.values(),
                                SchedulerSpec.Cycle.TRIANGULAR),
                        fields.number("gamma", Range.POSITIVE, 1),
                        momentum(fields, 0.8, 0.9)));
    }

    private static Optional<SchedulerSpec> plateau(Fields fields, SchedulerReader reader) {
        return Optional.of(
                new SchedulerSpec.ReduceLROnPlateau(
                        fields.string("metric").orElse("validation_loss"),
                        fields.choice("mode", SchedulerSpec.Mode.values(), SchedulerSpec.Mode.MIN),
                        fields.number("factor", Range.FRACTION, 0.1),
                        fields.integer("patience", 0, MAX_COUNT).orElse(10),
                        fields.number("threshold", Range.NOT_NEGATIVE, 1e-4),
                        fields.choice(
                                "threshold_mode",
                                SchedulerSpec.ThresholdMode.values(),
                                SchedulerSpec.ThresholdMode.REL),
                        fields.integer("cooldown", 0, MAX_COUNT).orElse(0),
                        perGroup(fields, "min_lr", Range.NOT_NEGATIVE, 0),
                        fields.number("eps", Range.NOT_NEGATIVE, 1e-8)));
    }

    private static Optional<SchedulerSpec> sequential(Fields fields, SchedulerReader reader) {
        fields.required("schedulers", "write the schedulers in order");
        fields.required("milestones", "write where the next scheduler begins");
        Optional<List<SchedulerSpec>> schedulers =
                fields.list(
                        "schedulers",
                        "an array of schedulers",
                        (_, node, pointer) -> reader.part(node, pointer));
        Optional<List<Long>> milestones =
                fields.list("milestones", "an array of whole numbers", SchedulerReader::milestone);
        if (fields.failed() || schedulers.isEmpty() || milestones.isEmpty()) {
            return Optional.empty();
        }
        return milestonesFit(fields, schedulers.get(), milestones.get())
                ? Optional.of(new SchedulerSpec.SequentialLR(schedulers.get(), milestones.get()))
                : Optional.empty();
    }

    /** A part is looked at by its type first, so that nothing nests. */
    private Optional<SchedulerSpec> part(JsonNode node, String pointer) {
        String type = node.path(Types.TYPE).asStringOpt().orElse("");
        if (type.equals("ReduceLROnPlateau") || type.equals("SequentialLR")) {
            errors.add(
                    pointer,
                    "%s cannot be a part of a SequentialLR, as in PyTorch; use another one"
                            .formatted(type));
            return Optional.empty();
        }
        return open(node, pointer).flatMap(Opened::scheduler);
    }

    private static boolean milestonesFit(
            Fields fields, List<SchedulerSpec> schedulers, List<Long> milestones) {
        if (schedulers.isEmpty()) {
            fields.reject("schedulers", "expected at least one scheduler");
            return false;
        }
        if (milestones.size() != schedulers.size() - 1) {
            fields.reject(
                    "milestones",
                    "expected one between each two schedulers, so %d for %d schedulers, got %d"
                            .formatted(
                                    schedulers.size() - 1, schedulers.size(), milestones.size()));
            return false;
        }
        for (int i = 1; i < milestones.size(); i++) {
            if (milestones.get(i) <= milestones.get(i - 1)) {
                fields.reject("milestones", "expected each to be above the one before it");
                return false;
            }
        }
        return true;
    }

    private static Optional<Long> count(Fields fields, String name, String what) {
        fields.required(name, "write " + what);
        return fields.integer(name, 1, MAX_COUNT).stream().boxed().findFirst();
    }

    private static double gamma(Fields fields, double otherwise) {
        return fields.number("gamma", Range.POSITIVE, otherwise);
    }

    private static Optional<MomentumCycle> momentum(Fields fields, double base, double max) {
        boolean cycles = fields.bool("cycle_momentum", true);
        var cycle =
                new MomentumCycle(
                        fields.number("base_momentum", Range.POSITIVE_FRACTION, base),
                        fields.number("max_momentum", Range.POSITIVE_FRACTION, max));
        return cycles ? Optional.of(cycle) : Optional.empty();
    }

    /** A number for all groups, or an array of one for each. */
    private static List<Double> perGroup(
            Fields fields, String name, Range range, double otherwise) {
        if (fields.node(name).filter(JsonNode::isArray).isEmpty()) {
            return List.of(fields.number(name, range, otherwise));
        }
        if (fields.node(name).filter(JsonNode::isEmpty).isPresent()) {
            fields.reject(name, "expected a number, or one for each parameter group");
        }
        return fields.list(name, "an array of numbers", numberIn(range))
                .filter(numbers -> !numbers.isEmpty())
                .orElse(List.of(otherwise));
    }

    private static Fields.Element<Double> numberIn(Range range) {
        return (values, node, pointer) ->
                values.number(node, pointer, range).stream().boxed().findFirst();
    }
}
