package dev.hearth.serving;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.MediaType;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.http.server.ServletServerHttpRequest;
import org.springframework.stereotype.Component;
import org.springframework.web.HttpRequestHandler;
import org.springframework.web.filter.ServerHttpObservationFilter;
import org.springframework.web.servlet.HandlerExecutionChain;
import org.springframework.web.servlet.HandlerMapping;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.json.JsonMapper;

/**
 * A short way to {@link PredictController} for what it is asked most: JSON, answered by JSON,
 * without parameters. To find a controller's method, to resolve its arguments and to negotiate what
 * it answers takes Spring longer than a small prediction does. Whatever is not plainly of this kind
 * goes the long way, and whatever goes the short one is answered just the same.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
class PlainPredictions implements HandlerMapping {

    private static final String BEGIN = "/v1/models/";
    private static final String VERSIONS = "/versions/";
    private static final String END = ":predict";

    private static final Set<String> JSON =
            Set.of(
                    "application/json",
                    "application/json;charset=utf-8",
                    "application/json; charset=utf-8",
                    "application/json;charset=UTF-8",
                    "application/json; charset=UTF-8");

    private final PredictController controller;
    private final ObjectWriter json;

    PlainPredictions(PredictController controller, JsonMapper json) {
        this.controller = controller;
        this.json = json.writerFor(PredictController.Answer.class);
    }

    @Override
    public @Nullable HandlerExecutionChain getHandler(HttpServletRequest request) {
        if (!isPlain(request)) {
            return null;
        }
        var asked = asked(request.getRequestURI());
        if (asked == null) {
            return null;
        }
        // As all other mappings do, for the metrics of requests.
        request.setAttribute(BEST_MATCHING_PATTERN_ATTRIBUTE, asked.pattern());
        ServerHttpObservationFilter.findObservationContext(request)
                .ifPresent(observed -> observed.setPathPattern(asked.pattern()));
        return new HandlerExecutionChain(asked);
    }

    private static boolean isPlain(HttpServletRequest request) {
        String type = request.getContentType();
        return request.getMethod().equals("POST")
                && request.getQueryString() == null
                && type != null
                && JSON.contains(type)
                && request.getContentLength() > 0
                && acceptsJson(request);
    }

    private static boolean acceptsJson(HttpServletRequest request) {
        var accepted = request.getHeaders("Accept");
        if (!accepted.hasMoreElements()) {
            return true;
        }
        String first = accepted.nextElement();
        return (first.equals("*/*") || first.equals(MediaType.APPLICATION_JSON_VALUE))
                && !accepted.hasMoreElements();
    }

    /** What a path asks for; null where it is another path, or has to be decoded. */
    private @Nullable Asked asked(String path) {
        if (!path.startsWith(BEGIN) || !path.endsWith(END)) {
            return null;
        }
        int end = path.length() - END.length();
        int nameEnd = BEGIN.length();
        while (nameEnd < end && isOfName(path.charAt(nameEnd))) {
            nameEnd++;
        }
        if (nameEnd == BEGIN.length()) {
            return null;
        }
        String name = path.substring(BEGIN.length(), nameEnd);
        if (nameEnd == end) {
            return new Asked(name, null);
        }
        int digits = nameEnd + VERSIONS.length();
        if (digits >= end || !path.startsWith(VERSIONS, nameEnd)) {
            return null;
        }
        for (int i = digits; i < end; i++) {
            if (path.charAt(i) < '0' || path.charAt(i) > '9') {
                return null;
            }
        }
        return new Asked(name, path.substring(digits, end));
    }

    /** No dot: what follows one is a file's extension to Spring, which answers it with a header. */
    private static boolean isOfName(char c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || c == '-'
                || c == '_'
                || c == '@';
    }

    /** A request for a model's predictions; without a version for its latest, or for an alias's. */
    private final class Asked implements HttpRequestHandler {

        private final String name;
        private final @Nullable String version;

        Asked(String name, @Nullable String version) {
            this.name = name;
            this.version = version;
        }

        String pattern() {
            return version == null ? PredictController.LATEST : PredictController.VERSION;
        }

        @Override
        public void handleRequest(HttpServletRequest request, HttpServletResponse response)
                throws IOException {
            var answer =
                    controller.predict(
                            name, version, body(request), request, null, null, null, null);
            byte[] written = json.writeValueAsBytes(answer);
            response.setContentType(MediaType.APPLICATION_JSON_VALUE);
            response.getOutputStream().write(written);
        }
    }

    private static byte[] body(HttpServletRequest request) {
        try {
            return request.getInputStream().readNBytes(request.getContentLength());
        } catch (IOException e) {
            throw new HttpMessageNotReadableException(
                    "I/O error while reading input message",
                    e,
                    new ServletServerHttpRequest(request));
        }
    }
}
