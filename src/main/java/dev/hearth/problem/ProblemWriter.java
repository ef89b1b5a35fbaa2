package dev.hearth.problem;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
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
    private static final String RETRY_AFTER_SECONDS = "2";

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
        switch (reported.code().category()) {
            case OVERLOADED, QUOTA -> response.setHeader("Retry-After", RETRY_AFTER_SECONDS);
            case UNAUTHENTICATED -> response.setHeader("WWW-Authenticate", "Bearer");
            case SYNTAX,
                    FORBIDDEN,
                    NOT_FOUND,
                    METHOD_NOT_ALLOWED,
                    NOT_ACCEPTABLE,
                    CONFLICT,
                    PRECONDITION_FAILED,
                    TOO_LARGE,
                    UNSUPPORTED_TYPE,
                    UNPROCESSABLE,
                    INTERNAL -> {}
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

    private static String instance(HttpServletRequest request) {
        var original = request.getAttribute(RequestDispatcher.ERROR_REQUEST_URI);
        if (original instanceof String uri) {
            return uri;
        }
        var uri = request.getRequestURI();
        return uri == null ? "" : uri;
    }
}
