package dev.hearth.http;

import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import dev.hearth.problem.ProblemWriter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Locale;
import org.springframework.util.unit.DataSize;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Refuses bodies that are too large: by their declared length before a byte is read, and by
 * counting where none is declared. Chunked forms are counted by Tomcat, which reads them past any
 * wrapper.
 */
final class BodyLimitFilter extends OncePerRequestFilter {

    private static final String PARTS = "/v1/uploads/";

    private final HttpSettings.Limits limits;
    private final ProblemWriter problems;

    BodyLimitFilter(HttpSettings.Limits limits, ProblemWriter problems) {
        this.limits = limits;
        this.problems = problems;
    }

    @Override
    protected void doFilterInternal(
            HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        var contentType = request.getContentType();
        var form =
                contentType != null
                        && contentType.toLowerCase(Locale.ROOT).startsWith("multipart/form-data");
        // A part of an upload is streamed to the disk, and its handler knows its exact size.
        var part = request.getRequestURI().startsWith(PARTS) && "PUT".equals(request.getMethod());
        var limit = form || part ? limits.maxUpload() : limits.maxBody();
        if (request.getContentLengthLong() > limit.toBytes()) {
            problems.write(request, response, tooLarge(limit));
        } else if (form) {
            chain.doFilter(request, response);
        } else {
            chain.doFilter(new CountedRequest(request, limit), response);
        }
    }

    static ProblemException tooLarge(DataSize limit) {
        return new ProblemException(
                ProblemCode.BODY_TOO_LARGE,
                "The body is larger than %d bytes, the most that is accepted; send less at a time."
                        .formatted(limit.toBytes()));
    }
}
