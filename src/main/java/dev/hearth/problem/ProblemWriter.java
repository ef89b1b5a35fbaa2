package dev.hearth.problem;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/**
 * Answers a request with a problem, whatever it accepts and wherever it failed: a controller, a
 * filter, or the server itself. The answer is sent at once, so that it arrives even where the
 * request's body is still on its way.
 */
public final class ProblemWriter {

    static final String MEDIA_TYPE = "application/problem+json";

    private static final Logger log = LoggerFactory.getLogger(ProblemWriter.class);

    private final JsonMapper json;

    public ProblemWriter(JsonMapper json) {
        this.json = json;
    }

    /** Answers with the problem; headers that are already set stay. */
    public void write(
            HttpServletRequest request, HttpServletResponse response, ProblemException problem)
            throws IOException {
        if (response.isCommitted()) {
            log.debug("Too late to tell the client", problem);
            return;
        }
        var instance = instance(request);
        var reported = Problems.withReference(problem, request.getMethod() + " " + instance);
        var isOpenInference = OpenInferenceError.isFor(instance);
        response.resetBuffer();
        reported.retryAfter()
                .ifPresent(pause -> response.setHeader("Retry-After", wholeSeconds(pause)));
        if (reported.code().category() == Category.UNAUTHENTICATED) {
            response.setHeader("WWW-Authenticate", "Bearer");
        }
        Object document;
        if (isOpenInference) {
            response.setStatus(HttpStatusOf.inOpenInference(reported.code().category()).value());
            response.setContentType("application/json");
            document = OpenInferenceError.of(reported);
        } else {
            var details = ProblemDocument.of(reported, instance);
            response.setStatus(details.status());
            response.setContentType(MEDIA_TYPE);
            document = details;
        }
        var body = json.writeValueAsString(document).getBytes(StandardCharsets.UTF_8);
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
        response.flushBuffer();
    }

    /** At least one, as the header has no fractions. */
    private static String wholeSeconds(Duration pause) {
        return String.valueOf(Math.max(1, Math.ceilDiv(pause.toMillis(), 1000)));
    }

    private static String instance(HttpServletRequest request) {
        var original = request.getAttribute(RequestDispatcher.ERROR_REQUEST_URI);
        if (original instanceof String uri) {
            return uri;
        }
        var uri = request.getRequestURI();
        return uri == null ? "" : uri;
    }
}
