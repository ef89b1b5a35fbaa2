package dev.hearth.serving;

import dev.hearth.http.ClientWatch;
import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import dev.hearth.serving.Question.Patience;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Reads how long a request waits for its turn, and how urgent it is. */
@Component
class RequestPatience {

    private static final int MOST_MILLIS = 600_000;
    private static final int MOST_PRIORITY = 100;

    private final ServingSettings settings;
    private final ClientWatch clients;

    RequestPatience(ServingSettings settings, ClientWatch clients) {
        this.settings = settings;
        this.clients = clients;
    }

    /**
     * @param timeoutMs null for the service's own
     * @param priority null for the usual
     * @throws ProblemException INVALID_PARAMETER beyond what is allowed
     */
    Patience of(
            HttpServletRequest request, @Nullable Integer timeoutMs, @Nullable Integer priority) {
        return new Patience(deadline(timeoutMs), inRange(priority), clients.of(request));
    }

    private Duration deadline(@Nullable Integer timeoutMs) {
        if (timeoutMs == null) {
            return settings.request().deadline();
        }
        if (timeoutMs < 1 || timeoutMs > MOST_MILLIS) {
            throw ProblemException.at(
                    ProblemCode.INVALID_PARAMETER,
                    "timeout_ms",
                    "expected 1 to %d milliseconds, got %d".formatted(MOST_MILLIS, timeoutMs));
        }
        return Duration.ofMillis(timeoutMs);
    }

    private static int inRange(@Nullable Integer priority) {
        if (priority == null) {
            return 0;
        }
        if (priority < -MOST_PRIORITY || priority > MOST_PRIORITY) {
            throw ProblemException.at(
                    ProblemCode.INVALID_PARAMETER,
                    "priority",
                    "expected -%d to %d, got %d; 0 is usual, and the highest goes first"
                            .formatted(MOST_PRIORITY, MOST_PRIORITY, priority));
        }
        return priority;
    }
}
