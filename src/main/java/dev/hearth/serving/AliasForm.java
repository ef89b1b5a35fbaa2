package dev.hearth.serving;

import dev.hearth.model.AliasSetting;
import dev.hearth.model.AliasSetting.Route;
import dev.hearth.model.AliasSetting.Shadow;
import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import dev.hearth.problem.Violation;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a client says of an alias: one version, or several that share its requests.
 *
 * @param version that gets all requests
 * @param versions in its place, those that share them
 * @param shadow a version that is asked the same, and whose answers nobody gets
 */
@Schema(name = "AliasRequest")
record AliasForm(
        @Nullable Integer version,
        @Nullable List<@Nullable RouteForm> versions,
        @Nullable ShadowForm shadow) {

    /**
     * A version and its part of the requests.
     *
     * @param weight relative to the others; 1 to 1,000,000
     */
    @Schema(
            name = "AliasRoute",
            requiredProperties = {"version", "weight"})
    record RouteForm(@Nullable Integer version, @Nullable Integer weight) {}

    /**
     * A version that is asked the same.
     *
     * @param fraction of the requests that it is asked; 1 where it is missing
     * @param tolerance how far its numbers may be from the real ones and still be the same; where
     *     it is missing, labels are compared, and numbers of models without labels up to 1e-5
     */
    @Schema(name = "AliasShadow", requiredProperties = "version")
    record ShadowForm(
            @Nullable Integer version, @Nullable Double fraction, @Nullable Double tolerance) {}

    /**
     * @throws ProblemException INVALID_REQUEST with all that is wrong
     */
    AliasSetting checked() {
        var violations = new ArrayList<Violation>();
        List<Route> routes = routes(violations);
        Optional<Shadow> checkedShadow =
                Optional.ofNullable(shadow).flatMap(each -> shadow(each, violations));
        if (violations.isEmpty()) {
            requireDifferent(routes, checkedShadow, violations);
        }
        if (!violations.isEmpty()) {
            throw problem(violations);
        }
        return new AliasSetting(routes, checkedShadow);
    }

    static ProblemException problem(List<Violation> violations) {
        return new ProblemException(
                ProblemCode.INVALID_REQUEST,
                "%s: %s"
                        .formatted(
                                violations.getFirst().pointer(), violations.getFirst().message()),
                violations);
    }

    private List<Route> routes(List<Violation> violations) {
        if ((version == null) == (versions == null)) {
            violations.add(
                    new Violation(
                            "/version",
                            "expected {\"version\": 3}, or {\"versions\": [{\"version\": 3, \"weight\": 90},"
                                    + " …]}; got "
                                    + (version == null ? "neither" : "both")));
            return List.of();
        }
        if (version != null) {
            return isVersion(version, "/version", violations)
                    ? List.of(new Route(version, 1))
                    : List.of();
        }
        if (versions == null
                || versions.isEmpty()
                || versions.size() > AliasSetting.MOST_ROUTES) {
            violations.add(
                    new Violation(
                            "/versions",
                            "expected 1 to %d versions".formatted(AliasSetting.MOST_ROUTES)));
            return List.of();
        }
        var routes = new ArrayList<Route>();
        for (int i = 0; i < versions.size(); i++) {
            route(versions.get(i), "/versions/" + i, violations).ifPresent(routes::add);
        }
        return routes;
    }

    private static Optional<Route> route(
            @Nullable RouteForm form, String pointer, List<Violation> violations) {
        if (form == null) {
            violations.add(
                    new Violation(pointer, "expected {\"version\": 3, \"weight\": 90}, got null"));
            return Optional.empty();
        }
        Integer weight = form.weight();
        boolean hasWeight = weight != null && weight >= 1 && weight <= Route.MOST_WEIGHT;
        if (!hasWeight) {
            violations.add(
                    new Violation(
                            pointer + "/weight",
                            "expected 1 to %d, got %s; leave out a version that gets no requests"
                                    .formatted(Route.MOST_WEIGHT, weight)));
        }
        return isVersion(form.version(), pointer + "/version", violations)
                        && hasWeight
                        && form.version() != null
                        && weight != null
                ? Optional.of(new Route(form.version(), weight))
                : Optional.empty();
    }

    private static Optional<Shadow> shadow(ShadowForm form, List<Violation> violations) {
        double fraction = form.fraction() == null ? 1 : form.fraction();
        boolean hasFraction = fraction > 0 && fraction <= 1;
        if (!hasFraction) {
            violations.add(
                    new Violation(
                            "/shadow/fraction",
                            "expected above 0 and at most 1, got %s; leave shadow out for none"
                                    .formatted(fraction)));
        }
        Double tolerance = form.tolerance();
        boolean hasTolerance = tolerance == null || (tolerance >= 0 && Double.isFinite(tolerance));
        if (!hasTolerance) {
            violations.add(
                    new Violation(
                            "/shadow/tolerance", "expected at least 0, got " + tolerance));
        }
        return isVersion(form.version(), "/shadow/version", violations)
                        && hasFraction
                        && hasTolerance
                        && form.version() != null
                ? Optional.of(new Shadow(form.version(), fraction, Optional.ofNullable(tolerance)))
                : Optional.empty();
    }

    private static boolean isVersion(
            @Nullable Integer version, String pointer, List<Violation> violations) {
        if (version == null || version < 1) {
            violations.add(
                    new Violation(
                            pointer,
                            "expected a version's number, such as 1, got "
                                    + (version == null ? "nothing" : version)));
            return false;
        }
        return true;
    }

    private static void requireDifferent(
            List<Route> routes, Optional<Shadow> shadow, List<Violation> violations) {
        for (int i = 0; i < routes.size(); i++) {
            int number = routes.get(i).version();
            if (routes.subList(0, i).stream().anyMatch(each -> each.version() == number)) {
                violations.add(
                        new Violation(
                                "/versions/%d/version".formatted(i),
                                "version %d is there twice; add the weights".formatted(number)));
            }
            if (shadow.isPresent() && shadow.get().version() == number) {
                violations.add(
                        new Violation(
                                "/shadow/version",
                                "version %d answers already; a shadow is another one"
                                        .formatted(number)));
            }
        }
    }
}
