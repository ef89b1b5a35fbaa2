package dev.hearth.model;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * What an alias stands for.
 *
 * @param routes the versions that share its requests, each once; a single one gets all of them
 * @param shadow a version that is asked the same, and whose answers nobody gets
 */
public record AliasSetting(List<Route> routes, Optional<Shadow> shadow) {

    public static final int MOST_ROUTES = 10;

    /**
     * A version and its part of the requests.
     *
     * @param weight relative to the others
     */
    @Schema(name = "AliasRoute")
    public record Route(int version, int weight) {

        public static final int MOST_WEIGHT = 1_000_000;

        public Route {
            if (version < 1 || weight < 1 || weight > MOST_WEIGHT) {
                throw new IllegalArgumentException(
                        "version %d with weight %d".formatted(version, weight));
            }
        }
    }

    /**
     * @param fraction of the requests that it is asked, above 0 and at most 1
     * @param tolerance how far its numbers may be from the real ones and still be the same, in
     *     their unit; empty for what two ways of computing the same may differ by
     */
    public record Shadow(int version, double fraction, Optional<Double> tolerance) {
        public Shadow {
            if (version < 1 || !(fraction > 0 && fraction <= 1)) {
                throw new IllegalArgumentException(
                        "version %d for %s of the requests".formatted(version, fraction));
            }
            if (tolerance.isPresent() && !(tolerance.get() >= 0)) {
                throw new IllegalArgumentException("a tolerance of " + tolerance.get());
            }
        }
    }

    public AliasSetting {
        routes = List.copyOf(routes);
        if (routes.isEmpty()
                || routes.size() > MOST_ROUTES
                || routes.stream().map(Route::version).distinct().count() != routes.size()) {
            throw new IllegalArgumentException("an alias for " + routes);
        }
    }

    /** The route that gets most requests, the first of equal ones. */
    public Route main() {
        Route main = routes.getFirst();
        for (Route route : routes) {
            main = route.weight() > main.weight() ? route : main;
        }
        return main;
    }

    /** All versions that it names, ascending. */
    public List<Integer> versions() {
        var all = new TreeSet<Integer>();
        routes.forEach(route -> all.add(route.version()));
        shadow.ifPresent(each -> all.add(each.version()));
        return List.copyOf(all);
    }

    /**
     * The route of a request. The routes lie side by side in their order, each as long as its
     * weight; so a point stays where it was when weight moves from one of two routes to the other,
     * unless it lies in what has moved.
     *
     * @param point where the request lies, from 0 to less than 1
     * @return an index into {@link #routes}
     */
    public int route(double point) {
        long total = routes.stream().mapToLong(Route::weight).sum();
        double left = point * total;
        for (int i = 0; i < routes.size() - 1; i++) {
            left -= routes.get(i).weight();
            if (left < 0) {
                return i;
            }
        }
        return routes.size() - 1;
    }
}
