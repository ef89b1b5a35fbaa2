package dev.hearth.dataset;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * @param inlineBytes data sets of up to this size are prepared while their upload waits for the
 *     answer; larger ones by a job
 */
@ConfigurationProperties("hearth.dataset")
record IntakeSettings(@DefaultValue("32MB") DataSize inlineBytes) {

    IntakeSettings {
        if (inlineBytes.isNegative()) {
            throw new IllegalArgumentException(
                    "hearth.dataset.inline-bytes has to be 0 or more, such as 32MB");
        }
    }
}
