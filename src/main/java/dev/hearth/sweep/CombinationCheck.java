package dev.hearth.sweep;

import dev.hearth.dataset.DatasetId;
import dev.hearth.problem.ProblemException;
import dev.hearth.problem.Violation;
import dev.hearth.run.RunParts;
import dev.hearth.spec.SpecErrors;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ObjectNode;

/**
 * Checks the run of each combination as {@code POST /v1/runs} would, and tells what is wrong with
 * them once, with pointers into the body that they were made of.
 */
final class CombinationCheck {

    /** The message of an error that only some combinations have says whose it is. */
    private static final int LONGEST_VALUES = 200;

    private final RunParts runs;
    private final RunParts.Needs needs;
    private final Translation places;
    private final Map<Violation, List<Combination>> found = new LinkedHashMap<>();
    private final Set<DatasetId> datasets = new LinkedHashSet<>();

    /** Where something of the run stands in the body. */
    interface Translation {

        /**
         * @param pointer into the run
         * @param combination whose run it is
         * @return empty for what need not be told
         */
        Optional<String> of(String pointer, Combination combination);

        /** Whether a place of the body is of few combinations, and says so. */
        boolean tellsWhose(String place);
    }

    CombinationCheck(RunParts runs, RunParts.Needs needs, Translation places) {
        this.runs = runs;
        this.needs = needs;
        this.places = places;
    }

    /**
     * @param run what all have in common
     * @return the data sets that the runs need
     */
    Set<DatasetId> check(ObjectNode run, List<Combination> combinations, SpecErrors errors) {
        for (Combination combination : combinations) {
            try {
                datasets.add(runs.check(combination.in(run).toString(), needs));
            } catch (ProblemException e) {
                if (e.violations().isEmpty()) {
                    throw e; // it is about a resource, such as a data set that is not there
                }
                e.violations().forEach(violation -> note(violation, combination));
            }
        }
        found.forEach((violation, whose) ->
                errors.add(
                        violation.pointer(),
                        violation.message() + suffix(violation, whose, combinations.size())));
        return datasets;
    }

    private void note(Violation violation, Combination combination) {
        places.of(violation.pointer(), combination)
                .map(place -> new Violation(place, violation.message()))
                .ifPresent(translated ->
                        found.computeIfAbsent(translated, _ -> new ArrayList<>()).add(combination));
    }

    private String suffix(Violation violation, List<Combination> whose, int all) {
        if (whose.size() == all || places.tellsWhose(violation.pointer())) {
            return "";
        }
        String values =
                whose.getFirst().values().entrySet().stream()
                        .map(value -> value.getKey() + " = " + value.getValue())
                        .collect(Collectors.joining(", "));
        return " (in %d of %d trials, such as that with %s)"
                .formatted(
                        whose.size(),
                        all,
                        values.length() > LONGEST_VALUES
                                ? values.substring(0, LONGEST_VALUES) + "…"
                                : values);
    }
}
