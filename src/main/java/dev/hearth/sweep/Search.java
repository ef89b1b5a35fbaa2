package dev.hearth.sweep;

import dev.hearth.spec.Wording;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;

/** Which combinations of values are tried. */
final class Search {

    /** More trials than this a sweep does not have. */
    static final int MOST_TRIALS = 1000;

    /** So often in a row a combination may be drawn that was drawn before. */
    private static final int PATIENCE = 100_000;

    private Search() {}

    /** There are too many combinations, or too few. */
    static final class ImpossibleException extends Exception {

        private static final long serialVersionUID = 1L;

        ImpossibleException(String message) {
            super(message);
        }
    }

    /** All combinations; the last parameter's values change fastest. */
    static List<Combination> grid(List<Parameter> parameters) throws ImpossibleException {
        OptionalLong size = size(parameters);
        if (size.isEmpty() || size.getAsLong() > MOST_TRIALS) {
            throw new ImpossibleException(
                    "the grid has %s combinations, and a sweep has at most %s trials; leave out values, or write \"method\": \"random\""
                            .formatted(
                                    size.isPresent()
                                            ? Wording.number(size.getAsLong())
                                            : "more than 2⁶³",
                                    Wording.number(MOST_TRIALS)));
        }
        var combinations = new ArrayList<Combination>();
        combinations.add(new Combination(new LinkedHashMap<>()));
        for (Parameter parameter : parameters) {
            var longer = new ArrayList<Combination>();
            for (Combination begun : combinations) {
                for (JsonNode value : ((Domain.Choices) parameter.domain()).values()) {
                    var values = new LinkedHashMap<>(begun.values());
                    values.put(parameter.name(), value);
                    longer.add(new Combination(values));
                }
            }
            combinations = longer;
        }
        return combinations;
    }

    /**
     * Combinations by chance, all different: trial after trial, and in each one parameter after the
     * other, a number is drawn. A combination that was drawn before is drawn anew.
     */
    static List<Combination> random(List<Parameter> parameters, int trials, Draws draws)
            throws ImpossibleException {
        OptionalLong size = size(parameters);
        if (size.isPresent() && size.getAsLong() < trials) {
            throw new ImpossibleException(
                    "there are only %s combinations to draw %s different ones from; ask for fewer trials, or write \"method\": \"grid\""
                            .formatted(Wording.number(size.getAsLong()), Wording.number(trials)));
        }
        var drawn = new LinkedHashSet<Combination>();
        for (int repeats = 0; drawn.size() < trials; ) {
            var values = new LinkedHashMap<String, JsonNode>();
            parameters.forEach(
                    parameter -> values.put(parameter.name(), parameter.domain().at(draws.next())));
            repeats = drawn.add(new Combination(values)) ? 0 : repeats + 1;
            if (repeats > PATIENCE) {
                throw new ImpossibleException(
                        "%s trials are more than the ranges have different values in practice; ask for fewer, or widen the ranges"
                                .formatted(Wording.number(trials)));
            }
        }
        return List.copyOf(drawn);
    }

    /** A few combinations in which every value of every array is once at least. */
    static List<Combination> sample(List<Parameter> parameters) {
        int most =
                parameters.stream()
                        .mapToInt(parameter -> choices(parameter.domain()))
                        .max()
                        .orElse(1);
        return IntStream.range(0, most)
                .mapToObj(turn -> {
                    var values = new LinkedHashMap<String, JsonNode>();
                    for (Parameter parameter : parameters) {
                        int size = choices(parameter.domain());
                        values.put(
                                parameter.name(),
                                parameter.domain().at((turn % size + 0.5) / size));
                    }
                    return new Combination(values);
                })
                .toList();
    }

    private static int choices(Domain domain) {
        return domain instanceof Domain.Choices(List<JsonNode> values) ? values.size() : 1;
    }

    /** Empty if it cannot be counted. */
    private static OptionalLong size(List<Parameter> parameters) {
        long size = 1;
        for (Parameter parameter : parameters) {
            OptionalLong values = parameter.domain().size();
            if (values.isEmpty() || Long.MAX_VALUE / values.getAsLong() < size) {
                return OptionalLong.empty();
            }
            size *= values.getAsLong();
        }
        return OptionalLong.of(size);
    }
}
