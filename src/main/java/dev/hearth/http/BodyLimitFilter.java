package dev.hearth.http;

import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import dev.hearth.problem.ProblemWriter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.util.unit.DataSize;

/**
 * Refuses bodies that are too large: by their declared length before a byte is read, and by
 * counting where none is declared.
 */
final class BodyLimitFilter extends RequestFilter {

    private final HttpSettings.Limits limits;
    private final ProblemWriter problems;

    BodyLimitFilter(HttpSettings.Limits limits, ProblemWriter problems) {
        this.limits = limits;
        this.problems = problems;
    }

    @Override
    protected void filter(
            HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        var limit = FileBody.isStreamed(request) ? limits.maxUpload() : limits.maxBody();
        if (request.getContentLengthLong() > limit.toBytes()) {
            problems.write(request, response, tooLarge(limit));
        } else {
            chain.doFilter(CountedRequest.limited(request, limit), response);
        }
    }

    static ProblemException tooLarge(DataSize limit) {
        return new ProblemException(
                ProblemCode.BODY_TOO_LARGE,
                "The body is larger than %d bytes, the most that is accepted; send less at a time."
                        .formatted(limit.toBytes()));
    }
}
