package dev.hearth.webhook;

import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import dev.hearth.problem.Violation;
import dev.hearth.run.RunHappened;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who wants to be told, and of what.
 *
 * @param url http or https
 * @param secret {@code whsec_} and 24 to 64 bytes in Base64; made by the service if left out
 * @param events such as {@code run.failed}; the three ends of a run if left out
 */
record NewWebhook(@Nullable String url, @Nullable String secret, @Nullable List<String> events) {

    private static final int MOST_URL_CHARS = 2000;
    private static final String RUN = "run.";
    private static final List<String> ENDS =
            List.of("run.succeeded", "run.failed", "run.cancelled");

    /** What was found to be possible. */
    record Checked(URI url, Optional<Secret> secret, List<String> events) {}

    /**
     * @throws ProblemException with all that is wrong
     */
    Checked checked(Destinations destinations) {
        var wrong = new ArrayList<Violation>();
        Optional<URI> target = target(destinations, wrong);
        Optional<Secret> given = Optional.ofNullable(secret).flatMap(Secret::parse);
        if (secret != null && given.isEmpty()) {
            wrong.add(
                    new Violation(
                            "/secret",
                            "expected whsec_ and 24 to 64 bytes in Base64, or nothing for one of the"
                                    + " service's own"));
        }
        List<String> types = types(wrong);
        if (!wrong.isEmpty()) {
            throw new ProblemException(
                    ProblemCode.INVALID_REQUEST,
                    wrong.getFirst().pointer() + ": " + wrong.getFirst().message(),
                    wrong);
        }
        return new Checked(target.orElseThrow(), given, types);
    }

    private Optional<URI> target(Destinations destinations, List<Violation> wrong) {
        Optional<URI> target = Optional.ofNullable(url).flatMap(NewWebhook::uri);
        if (target.isEmpty()) {
            wrong.add(
                    new Violation(
                            "/url",
                            "expected an address such as https://example.org/hooks, without user and"
                                    + " fragment, of at most %d characters"
                                            .formatted(MOST_URL_CHARS)));
            return Optional.empty();
        }
        try {
            destinations.address(target.get());
        } catch (RefusedDestinationException e) {
            wrong.add(new Violation("/url", String.valueOf(e.getMessage())));
        }
        return target;
    }

    private static Optional<URI> uri(String text) {
        try {
            var uri = new URI(text);
            boolean isWeb =
                    "https".equalsIgnoreCase(uri.getScheme())
                            || "http".equalsIgnoreCase(uri.getScheme());
            boolean isPlain =
                    uri.getHost() != null
                            && uri.getRawUserInfo() == null
                            && uri.getRawFragment() == null
                            && uri.getPort() != 0
                            && uri.getPort() <= 65_535
                            && text.chars().allMatch(c -> c > ' ' && c < 127);
            return isWeb && isPlain && text.length() <= MOST_URL_CHARS
                    ? Optional.of(uri)
                    : Optional.empty();
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }

    private List<String> types(List<Violation> wrong) {
        if (events == null) {
            return ENDS;
        }
        List<String> known = RunHappened.types().stream().map(RUN::concat).toList();
        if (events.isEmpty()) {
            wrong.add(
                    new Violation(
                            "/events", "expected at least one, or nothing for the ends of runs"));
        }
        for (int i = 0; i < events.size(); i++) {
            if (!known.contains(events.get(i))) {
                wrong.add(
                        new Violation(
                                "/events/" + i,
                                "expected one of %s".formatted(String.join(", ", known))));
            }
        }
        return events.stream().distinct().toList();
    }

    /** As it is called in messages. */
    static String type(RunHappened happened) {
        return RUN + happened.type();
    }
}
