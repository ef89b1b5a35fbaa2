package dev.hearth.sweep;

import dev.hearth.run.PartOf;
import dev.hearth.run.RunParts;
import dev.hearth.spec.Fields;
import dev.hearth.spec.SpecErrors;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Reads a request for a cross-validation, and checks the run of each fold. */
final class CrossValidationReader {

    static final List<String> FIELDS =
            List.of("name", "run", "k_fold", "stratify", "test", "seed", "parallelism");

    private static final int MOST_FOLDS = 100;
    private static final int DEFAULT_FOLDS = 5;
    private static final String SPLIT = "/split";
    private static final String SEED = "seed";

    /** Fields of the split that stand in the cross-validation itself. */
    private static final List<String> OF_SPLIT = List.of("stratify", "test");

    private final RunParts runs;
    private final SpecErrors errors = new SpecErrors();

    CrossValidationReader(RunParts runs) {
        this.runs = runs;
    }

    /**
     * @throws dev.hearth.problem.ProblemException with all that is wrong
     */
    NewGroup read(JsonNode body) {
        Optional<NewGroup> group =
                Fields.open(body, "", "a cross-validation", FIELDS, errors)
                        .flatMap(fields ->
                                CommonRun.read(fields, errors)
                                        .map(common -> group(fields, common)));
        errors.throwIfAny();
        return group.orElseThrow();
    }

    private NewGroup group(Fields fields, CommonRun common) {
        ObjectNode run = common.run();
        int folds = (int) fields.integer("k_fold", 2, MOST_FOLDS).orElse(DEFAULT_FOLDS);
        OptionalLong seed = fields.integer(SEED, 0, Long.MAX_VALUE);
        if (run.has("split")) {
            errors.add(
                    "/run/split",
                    "the folds are the split; leave it out, and write k_fold, stratify and test beside the run");
            run.remove("split");
        }
        if (seed.isPresent() && run.has(SEED)) {
            errors.add(
                    "/run/seed", "there is another seed beside the run; leave out one of the two");
        }
        seed.ifPresent(given -> run.put(SEED, given));
        int parallelism = SweepReader.parallelism(fields);
        List<Combination> combinations = combinations(fields, folds);
        var check =
                new CombinationCheck(
                        runs, RunParts.Needs.NOTHING, new Places(common, seed.isPresent()));
        // What is wrong with one fold is wrong with all but for folds without rows or classes.
        var datasets =
                check.check(
                        run, errors.isEmpty() ? combinations : combinations.subList(0, 1), errors);
        return new NewGroup(
                PartOf.Kind.CROSS_VALIDATION,
                common.name(),
                run,
                new RunGroup.Rules(parallelism, Optional.empty(), Optional.empty()),
                combinations,
                datasets);
    }

    private static List<Combination> combinations(Fields fields, int folds) {
        var combinations = new ArrayList<Combination>();
        for (int fold = 0; fold < folds; fold++) {
            ObjectNode split =
                    JsonMapper.shared().createObjectNode().put("k_fold", folds).put("fold", fold);
            for (String name : OF_SPLIT) {
                fields.node(name).ifPresent(value -> split.set(name, value));
            }
            var values = new LinkedHashMap<String, JsonNode>();
            values.put(SPLIT, split);
            combinations.add(new Combination(values));
        }
        return combinations;
    }

    /** From pointers into a fold's run to pointers into the cross-validation. */
    private record Places(CommonRun common, boolean hasSeed)
            implements CombinationCheck.Translation {

        private static final Map<String, String> OWN =
                Map.of(
                        SPLIT,
                        "/k_fold",
                        SPLIT + "/k_fold",
                        "/k_fold",
                        SPLIT + "/fold",
                        "/k_fold",
                        SPLIT + "/stratify",
                        "/stratify",
                        SPLIT + "/test",
                        "/test");

        @Override
        public Optional<String> of(String pointer, Combination combination) {
            return Optional.of(
                    hasSeed && pointer.equals("/" + SEED)
                            ? pointer
                            : OWN.getOrDefault(pointer, common.place(pointer)));
        }

        @Override
        public boolean tellsWhose(String place) {
            return OWN.containsValue(place);
        }
    }
}
