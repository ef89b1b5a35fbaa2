package dev.hearth.http;

import dev.hearth.problem.ProblemException;
import dev.hearth.problem.ProblemWriter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/**
 * Takes the memory of a body from the budget before a byte of it is read, and as the bytes come
 * where its length is not declared. Uploads go to the disk and take none.
 */
final class BodyBudgetFilter extends RequestFilter {

    private final BodyBudget budget;
    private final ProblemWriter problems;

    BodyBudgetFilter(BodyBudget budget, ProblemWriter problems) {
        this.budget = budget;
        this.problems = problems;
    }

    @Override
    protected void filter(
            HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        if (!isHeld(request)) {
            chain.doFilter(request, response);
            return;
        }
        long declared = request.getContentLengthLong();
        BodyBudget.Share share;
        try {
            share = budget.take(Math.max(0, declared));
        } catch (ProblemException e) {
            problems.write(request, response, e);
            return;
        }
        try (share) {
            chain.doFilter(
                    declared >= 0 ? request : new CountedRequest(request, share::add), response);
        }
    }

    private static boolean isHeld(HttpServletRequest request) {
        boolean hasBody =
                request.getContentLengthLong() > 0
                        || request.getHeader("Transfer-Encoding") != null;
        return hasBody && !(FileBody.isStreamed(request) && FileBody.isKept(request));
    }
}
