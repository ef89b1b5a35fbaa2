package dev.hearth.inference;

import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import dev.hearth.serving.RoutingKey;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A request for inference, whatever it came in.
 *
 * @param id that the answer repeats; null where there is none
 * @param routingKey that keeps a client at one version of an alias
 */
record InferRequest(
        @Nullable String id,
        Optional<RoutingKey> routingKey,
        Schedule schedule,
        List<Tensor> inputs,
        Outputs outputs) {

    InferRequest {
        inputs = List.copyOf(inputs);
    }

    /**
     * @param key as the query has it, which goes before the request's own; null for that
     */
    InferRequest withRoutingKey(@Nullable String key) {
        return key == null
                ? this
                : new InferRequest(
                        id, Optional.of(new RoutingKey(key)), schedule, inputs, outputs);
    }

    /**
     * What is to be answered.
     *
     * @param named those that are wanted; none for all
     * @param allBinary whether all come as bytes, where none is named
     */
    record Outputs(List<RequestedOutput> named, boolean allBinary) {

        Outputs {
            named = List.copyOf(named);
        }
    }

    /**
     * How urgent a request is.
     *
     * @param timeout how long it may wait for its turn; empty for the service's default
     * @param priority 0 is usual; of others, 1 goes first, then 2, as in Triton
     */
    record Schedule(Optional<Duration> timeout, long priority) {

        static final Schedule USUAL = new Schedule(Optional.empty(), 0);

        private static final long MOST_MILLIS = 600_000;

        Schedule {
            if (priority < 0) {
                throw refused(
                        "priority",
                        "expected 0 for the usual one, 1 for the first, got " + priority);
            }
        }

        Schedule withTimeoutMicros(long micros) {
            return with(micros, MOST_MILLIS * 1_000, "timeout", Duration.ofNanos(1_000));
        }

        Schedule withTimeoutMillis(long millis) {
            return with(millis, MOST_MILLIS, "timeout_ms", Duration.ofMillis(1));
        }

        Schedule withPriority(long newPriority) {
            return new Schedule(timeout, newPriority);
        }

        private Schedule with(long count, long most, String parameter, Duration unit) {
            if (count < 0 || count > most) {
                throw refused(parameter, "expected 1 to %d, got %d".formatted(most, count));
            }
            // In Triton, 0 is as good as none.
            return count == 0
                    ? this
                    : new Schedule(Optional.of(unit.multipliedBy(count)), priority);
        }

        private static ProblemException refused(String parameter, String why) {
            return ProblemException.at(ProblemCode.INVALID_PARAMETER, parameter, why);
        }
    }

    /**
     * An output that is wanted.
     *
     * @param binary whether it is to come as bytes behind the JSON
     * @param classes how many classes are to be named in place of the values; 0 for the values
     */
    record RequestedOutput(String name, boolean binary, int classes) {

        RequestedOutput {
            if (classes < 0) {
                throw ProblemException.at(
                        ProblemCode.INVALID_PARAMETER,
                        "classification",
                        "expected how many classes to name, got " + classes);
            }
        }
    }
}
