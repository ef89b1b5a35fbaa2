package dev.hearth.upload;

import dev.hearth.http.CountedRequest;
import dev.hearth.http.FileBody;
import dev.hearth.http.Owner;
import dev.hearth.http.RequestFilter;
import dev.hearth.problem.ProblemException;
import dev.hearth.problem.ProblemWriter;
import dev.hearth.storage.Reservations;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/**
 * Reserves room for what is to be kept: before a byte is read where the body's length is declared,
 * and as the bytes come where it is not. What is not owned when the request has been answered is
 * given back.
 */
final class IntakeFilter extends RequestFilter {

    private final Reservations reservations;
    private final FileLimits limits;
    private final ProblemWriter problems;

    IntakeFilter(Reservations reservations, FileLimits limits, ProblemWriter problems) {
        this.reservations = reservations;
        this.limits = limits;
        this.problems = problems;
    }

    @Override
    protected void filter(
            HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        if (!FileBody.isKept(request)) {
            chain.doFilter(request, response);
            return;
        }
        try (var room = reservations.of(Owner.current())) {
            Intake.remember(request, room);
            long declared = request.getContentLengthLong();
            try {
                arrived(request, declared);
                room.add(Math.max(0, declared));
            } catch (ProblemException e) {
                problems.write(request, response, e);
                return;
            }
            chain.doFilter(
                    declared >= 0
                            ? request
                            : new CountedRequest(
                                    request,
                                    new CountedRequest.Counter() {
                                        private long count;

                                        @Override
                                        public void arrived(int bytes) {
                                            count += bytes;
                                            IntakeFilter.this.arrived(request, count);
                                            room.add(bytes);
                                        }
                                    }),
                    response);
        }
    }

    private void arrived(HttpServletRequest request, long bytes) {
        if (FileBody.isDataset(request)) {
            limits.require("the body", bytes);
        }
    }
}
