package dev.hearth.batch;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of predictions over data sets.
 *
 * @param workers how many are computed at once by each process that has workers; each on a thread
 *     of its own
 */
@ConfigurationProperties("hearth.prediction")
record BatchSettings(@DefaultValue("1") int workers) {

    private static final int MOST_WORKERS = 64;

    BatchSettings {
        if (workers < 1 || workers > MOST_WORKERS) {
            throw new IllegalArgumentException(
                    "hearth.prediction.workers has to be from 1 to " + MOST_WORKERS);
        }
    }
}
