package dev.hearth.serving;

import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What an explanation may cost.
 *
 * @param maxRows of one request
 * @param maxValues that the model may be given for one request: its input's numbers, times the
 *     rows, times the steps or the windows
 */
@ConfigurationProperties("hearth.serving.explain")
record ExplainSettings(
        @DefaultValue("100") int maxRows, @DefaultValue("200000000") long maxValues) {

    ExplainSettings {
        if (maxRows < 1 || maxValues < 1) {
            throw new IllegalArgumentException(
                    "hearth.serving.explain: max-rows and max-values have to be at least 1");
        }
    }

    /**
     * Refuses more than a request may ask for, before any of it is computed.
     *
     * @param times how often the model is given each row
     * @param numbers of an input
     * @param less what to ask for instead
     * @throws ProblemException BATCH_TOO_LARGE
     */
    void requireLittleWork(int rows, long times, long numbers, String less) {
        if (times > maxValues / numbers / rows) {
            throw new ProblemException(
                    ProblemCode.BATCH_TOO_LARGE,
                    "%d rows, computed %d times each with inputs of %d numbers, are more than the %d numbers that a request may ask for; send fewer rows, or ask for %s"
                            .formatted(rows, times, numbers, maxValues, less));
        }
    }
}
