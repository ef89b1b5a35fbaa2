package dev.hearth.dataset;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What is taken as a data set.
 *
 * @param maxRows at most {@link #MOST_ROWS}
 * @param maxColumns the most columns of a data set
 */
@ConfigurationProperties("hearth.dataset")
record DatasetSettings(
        @DefaultValue("100000000") long maxRows, @DefaultValue("4096") int maxColumns) {

    /** Beyond, PyTorch permutes rows in another way than {@link TorchPermutation} does. */
    static final long MOST_ROWS = (1L << 32) / 20 - 1;

    DatasetSettings {
        if (maxRows < 1 || maxRows > MOST_ROWS) {
            throw new IllegalArgumentException(
                    "hearth.dataset.max-rows has to be from 1 to " + MOST_ROWS);
        }
        if (maxColumns < 1 || maxColumns > 1_000_000) {
            throw new IllegalArgumentException(
                    "hearth.dataset.max-columns has to be from 1 to 1000000");
        }
    }
}
