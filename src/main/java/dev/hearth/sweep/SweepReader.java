package dev.hearth.sweep;

import dev.hearth.run.PartOf;
import dev.hearth.run.RunParts;
import dev.hearth.spec.Fields;
import dev.hearth.spec.Pointers;
import dev.hearth.spec.SpecErrors;
import dev.hearth.spec.SpecReader;
import dev.hearth.spec.Stopping.Mode;
import dev.hearth.spec.Wording;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads a request for a sweep, makes its combinations and checks the run of each. Everything that
 * is wrong is told at once.
 */
final class SweepReader {

    static final int MOST_PARALLEL = 100;
    static final int DEFAULT_PARALLEL = 4;

    static final List<String> FIELDS =
            List.of(
                    "name",
                    "run",
                    "method",
                    "parameters",
                    "metric",
                    "mode",
                    "trials",
                    "seed",
                    "min_epochs",
                    "max_epochs",
                    "reduction_factor",
                    "parallelism");

    /** How combinations are chosen, and the fields that go with it. */
    private enum Method {
        GRID,
        RANDOM,
        SUCCESSIVE_HALVING;

        private List<String> fields() {
            return switch (this) {
                case GRID -> List.of();
                case RANDOM -> List.of("trials", "seed");
                case SUCCESSIVE_HALVING ->
                        List.of("trials", "seed", "min_epochs", "max_epochs", "reduction_factor");
            };
        }

        private String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private static final int DEFAULT_TRIALS = 10;
    private static final int DEFAULT_FACTOR = 3;
    private static final int MOST_FACTOR = 100;
    private static final int DEFAULT_EPOCHS = 10;
    private static final String EPOCHS = "epochs";

    private final RunParts runs;
    private final SpecErrors errors = new SpecErrors();
    private final List<String> broken = new ArrayList<>();

    SweepReader(RunParts runs) {
        this.runs = runs;
    }

    /**
     * @throws dev.hearth.problem.ProblemException with all that is wrong
     */
    NewGroup read(JsonNode body) {
        Optional<NewGroup> sweep =
                Fields.open(body, "", "a sweep", FIELDS, errors)
                        .flatMap(fields ->
                                CommonRun.read(fields, errors)
                                        .map(common -> sweep(fields, common)));
        errors.throwIfAny();
        return sweep.orElseThrow();
    }

    private NewGroup sweep(Fields fields, CommonRun common) {
        Method method = method(fields);
        ObjectNode run = common.run();
        Optional<Halving> halving =
                method == Method.SUCCESSIVE_HALVING
                        ? Optional.of(halving(fields, run))
                        : Optional.empty();
        halving.ifPresent(rungs -> run.put(EPOCHS, rungs.epochs().getFirst()));
        List<Parameter> parameters =
                fields.required("parameters", "write such as {\"/optimizer/lr\": [0.1, 0.01]}")
                        .map(node ->
                                new ParameterReader(run, method == Method.GRID, errors)
                                        .read(node, broken))
                        .orElse(List.of());
        if (halving.isPresent()) {
            parameters.stream()
                    .filter(parameter -> parameter.name().equals("/" + EPOCHS))
                    .forEach(parameter ->
                            errors.add(
                                    ParameterReader.place(parameter.name()),
                                    "successive halving says how many epochs a trial has; leave it out, or take another method"));
        }
        String metric = fields.string("metric").orElse("validation_loss");
        var goal = new Goal(metric, fields.choice("mode", Mode.values(), Mode.of(metric)));
        int parallelism = parallelism(fields);
        List<Combination> combinations = combinations(fields, method, parameters);
        var check =
                new CombinationCheck(
                        runs,
                        new RunParts.Needs(Optional.of(metric), halving.isPresent()),
                        new Places(parameters, broken, common, halving.isPresent()));
        var datasets = check.check(run, combinations, errors);
        return new NewGroup(
                PartOf.Kind.SWEEP,
                common.name(),
                run,
                new RunGroup.Rules(parallelism, Optional.of(goal), halving),
                combinations,
                datasets);
    }

    static int parallelism(Fields fields) {
        return (int) fields.integer("parallelism", 1, MOST_PARALLEL).orElse(DEFAULT_PARALLEL);
    }

    private Method method(Fields fields) {
        fields.required(
                "method",
                "write one of "
                        + Stream.of(Method.values())
                                .map(one -> Wording.quoted(one.text()))
                                .toList());
        Method method = fields.choice("method", Method.values(), Method.RANDOM);
        if (fields.has("method") && !fields.failed()) {
            Arrays.stream(Method.values())
                    .flatMap(one -> one.fields().stream())
                    .distinct()
                    .filter(name -> fields.has(name) && !method.fields().contains(name))
                    .forEach(name ->
                            fields.reject(
                                    name,
                                    "it has no meaning for the method %s; leave it out"
                                            .formatted(Wording.quoted(method.text()))));
        }
        return method;
    }

    private Halving halving(Fields fields, ObjectNode run) {
        JsonNode own = run.path(EPOCHS);
        int epochs = own.isInt() && own.intValue() > 0 ? own.intValue() : DEFAULT_EPOCHS;
        int min = (int) fields.integer("min_epochs", 1, SpecReader.MAX_EPOCHS).orElse(1);
        int max = (int) fields.integer("max_epochs", 1, SpecReader.MAX_EPOCHS).orElse(epochs);
        int factor =
                (int) fields.integer("reduction_factor", 2, MOST_FACTOR).orElse(DEFAULT_FACTOR);
        if (fields.has("max_epochs") && !own.isMissingNode()) {
            errors.add(
                    "/run/epochs",
                    "max_epochs says how many epochs the last trials have; leave out one of the two");
        }
        if (min >= max && !fields.failed()) {
            fields.reject(
                    fields.has("min_epochs") ? "min_epochs" : "max_epochs",
                    "expected min_epochs (%d) to be less than max_epochs (%d), which is the run's epochs unless written"
                            .formatted(min, max));
        }
        return Halving.of(min, Math.max(min, max), factor);
    }

    /** Where the request has errors already, some that show the others. */
    private List<Combination> combinations(
            Fields fields, Method method, List<Parameter> parameters) {
        int trials = (int) fields.integer("trials", 1, Search.MOST_TRIALS).orElse(DEFAULT_TRIALS);
        var draws = new Draws(fields.integer("seed", 0, Long.MAX_VALUE).orElse(0));
        try {
            if (errors.isEmpty()) {
                return method == Method.GRID
                        ? Search.grid(parameters)
                        : Search.random(parameters, trials, draws);
            }
            return Search.sample(parameters);
        } catch (Search.ImpossibleException e) {
            errors.add(
                    method == Method.GRID ? ParameterReader.FIELD : "/trials",
                    String.valueOf(e.getMessage()));
            return List.of();
        }
    }

    /** From pointers into a trial's run to pointers into the sweep. */
    private record Places(
            List<Parameter> parameters, List<String> broken, CommonRun common, boolean halves)
            implements CombinationCheck.Translation {

        @Override
        public Optional<String> of(String pointer, Combination combination) {
            if (broken.stream().anyMatch(pointer::startsWith)) {
                return Optional.empty(); // it would have another value if that had no error
            }
            return Optional.of(place(pointer, combination));
        }

        private String place(String pointer, Combination combination) {
            if (pointer.equals(RunParts.METRIC)) {
                return pointer;
            }
            for (Parameter parameter : parameters) {
                if (parameter.covers(pointer)) {
                    return within(parameter, pointer, combination);
                }
            }
            return halves && pointer.equals("/" + EPOCHS) ? "/min_epochs" : common.place(pointer);
        }

        private static String within(Parameter parameter, String pointer, Combination combination) {
            String place = ParameterReader.place(parameter.name());
            return switch (parameter.domain()) {
                case Domain.Choices(List<JsonNode> values) ->
                        Pointers.element(
                                        place,
                                        values.indexOf(combination.values().get(parameter.name())))
                                + pointer.substring(parameter.name().length());
                case Domain.Reals _, Domain.Integers _ -> place;
            };
        }

        @Override
        public boolean tellsWhose(String place) {
            return place.startsWith(ParameterReader.FIELD + "/");
        }
    }
}
