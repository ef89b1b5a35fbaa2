package dev.hearth.serving;

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
}
