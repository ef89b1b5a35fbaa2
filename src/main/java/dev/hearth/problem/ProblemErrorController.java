package dev.hearth.problem;

import io.swagger.v3.oas.annotations.Hidden;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.EOFException;
import java.io.IOException;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.RequestMapping;

/** Where Tomcat turns to with what a filter threw, or with a status that one set. */
@Controller
@Hidden
class ProblemErrorController implements ErrorController {

    private final ProblemWriter writer;

    ProblemErrorController(ProblemWriter writer) {
        this.writer = writer;
    }

    @RequestMapping("${spring.web.error.path:${error.path:/error}}")
    void render(HttpServletRequest request, HttpServletResponse response) throws IOException {
        var thrown = request.getAttribute(RequestDispatcher.ERROR_EXCEPTION);
        var status = request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE);
        if (thrown instanceof Throwable e && ClientGone.explains(e)) {
            return;
        }
        writer.write(
                request,
                response,
                thrown instanceof Throwable e
                        ? ofTomcat(e)
                        : Problems.byStatus(status instanceof Integer code ? code : 404, null));
    }

    /** Tomcat comes here by itself where a body ends before its announced end. */
    private static ProblemException ofTomcat(Throwable thrown) {
        return thrown instanceof EOFException
                ? new ProblemException(
                        ProblemCode.MALFORMED_REQUEST,
                        "The body broke off before its end; send the request again, whole.",
                        thrown)
                : Problems.of(thrown);
    }
}
