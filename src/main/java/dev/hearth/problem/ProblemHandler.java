package dev.hearth.problem;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpMethod;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/** Turns whatever a controller, or Spring on its way there, throws into a problem. */
@RestControllerAdvice
@Order(Ordered.HIGHEST_PRECEDENCE)
class ProblemHandler {

    private final ProblemWriter writer;

    ProblemHandler(ProblemWriter writer) {
        this.writer = writer;
    }

    @ExceptionHandler
    void handle(Exception e, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        if (ClientGone.explains(e)) {
            return;
        }
        switch (e) {
            case HttpRequestMethodNotSupportedException method ->
                    response.setHeader("Allow", allowed(method));
            case HttpMediaTypeNotSupportedException type -> {
                var accepted = type.getHeaders().getFirst("Accept");
                if (accepted != null) {
                    response.setHeader("Accept", accepted);
                }
            }
            default -> {}
        }
        writer.write(request, response, Problems.of(e));
    }

    private static String allowed(HttpRequestMethodNotSupportedException e) {
        var methods = e.getSupportedHttpMethods();
        return methods == null
                ? ""
                : String.join(", ", methods.stream().map(HttpMethod::name).sorted().toList());
    }
}
