package dev.hearth.spec;

import dev.hearth.spec.OptimizationSpec.ClipNorm;
import dev.hearth.spec.OptimizationSpec.Ema;
import dev.hearth.spec.OptimizationSpec.Gradients;
import dev.hearth.spec.OptimizationSpec.Schedule;
import dev.hearth.spec.Values.Range;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import tools.jackson.databind.JsonNode;

/** Reads the fields of a request that say how gradients become steps. */
final class OptimizationReader {

    static final List<String> CLIP_GRAD_NORM = List.of("max_norm", "norm_type");
    static final List<String> EMA = List.of("decay", "start_step");

    /** Mini-batches for one step. */
    static final int MAX_ACCUMULATE = 1_000_000;

    private static final String INFINITY = "inf";

    private OptimizationReader() {}

    /** Empty, and an error, if there is no optimiser. */
    static Optional<OptimizationSpec> read(Fields fields, SpecErrors errors) {
        Optional<OptimizerReader.Read> optimizer =
                fields.required(
                                "optimizer",
                                "write an optimizer's name such as Adam, or an object with its"
                                        + " arguments")
                        .flatMap(node ->
                                OptimizerReader.read(node, fields.pointer("optimizer"), errors));
        Optional<Schedule> scheduler =
                fields.node("scheduler")
                        .flatMap(node ->
                                SchedulerReader.read(node, fields.pointer("scheduler"), errors));
        List<NamePattern> freeze = OptimizerReader.patterns(fields, "freeze");
        Gradients gradients = gradients(fields, errors);
        Optional<Ema> ema = ema(fields, errors);
        if (optimizer.isPresent() && scheduler.isPresent()) {
            momentumFits(fields, optimizer.get().optimizer(), scheduler.get().scheduler());
        }
        return optimizer.map(read ->
                new OptimizationSpec(
                        read.optimizer(), read.groups(), freeze, gradients, scheduler, ema));
    }

    private static void momentumFits(
            Fields fields, OptimizerSpec optimizer, SchedulerSpec scheduler) {
        if (scheduler.cyclesMomentum() && optimizer.momentumOrBeta1().isEmpty()) {
            fields.reject(
                    "scheduler",
                    "%s has no momentum to cycle; write \"cycle_momentum\": false"
                            .formatted(optimizer.type()));
        }
    }

    private static Gradients gradients(Fields fields, SpecErrors errors) {
        long accumulate = fields.integer("accumulate", 1, MAX_ACCUMULATE).orElse(1);
        Optional<ClipNorm> norm =
                fields.node("clip_grad_norm")
                        .flatMap(node ->
                                Fields.open(
                                        node,
                                        fields.pointer("clip_grad_norm"),
                                        "clip_grad_norm",
                                        CLIP_GRAD_NORM,
                                        errors))
                        .map(OptimizationReader::clipNorm);
        OptionalDouble value =
                fields.has("clip_grad_value")
                        ? OptionalDouble.of(fields.number("clip_grad_value", Range.POSITIVE, 1))
                        : OptionalDouble.empty();
        return new Gradients(Math.toIntExact(accumulate), norm, value);
    }

    private static ClipNorm clipNorm(Fields fields) {
        fields.required("max_norm", "write the norm that gradients are brought down to");
        double maxNorm = fields.number("max_norm", Range.POSITIVE, 1);
        Optional<JsonNode> type = fields.node("norm_type");
        if (type.filter(JsonNode::isString).isPresent()) {
            if (!type.get().stringValue().equals(INFINITY)) {
                fields.reject(
                        "norm_type",
                        "expected a number above 0 or \"inf\", got " + Wording.found(type.get()));
            }
            return new ClipNorm(maxNorm, Double.POSITIVE_INFINITY);
        }
        return new ClipNorm(maxNorm, fields.number("norm_type", Range.POSITIVE, 2));
    }

    private static Optional<Ema> ema(Fields fields, SpecErrors errors) {
        return fields.node("ema")
                .flatMap(node -> Fields.open(node, fields.pointer("ema"), "ema", EMA, errors))
                .map(ema ->
                        new Ema(
                                ema.number("decay", Range.ZERO_TO_ONE, 0.999),
                                ema.integer("start_step", 0, SchedulerReader.MAX_COUNT).orElse(0)));
    }
}
