package dev.hearth.dataset;

import dev.hearth.dataset.zip.InflationBudget;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * What is taken as archives of pictures.
 *
 * @param maxEntries of one archive
 * @param maxFileSize of one picture's file
 * @param maxPixels of one picture; its header is looked at before it is decoded
 * @param maxInflation how many times larger an upload may become when it is unpacked; up to half a
 *     gigabyte is allowed to any
 * @param maxDecoded of all pictures of a data set, as values
 * @param threads that decode; 0 for as many as the machine has, at most 8
 */
@ConfigurationProperties("hearth.dataset.images")
record ImageSettings(
        @DefaultValue("500000") long maxEntries,
        @DefaultValue("40MB") DataSize maxFileSize,
        @DefaultValue("50000000") long maxPixels,
        @DefaultValue("50") int maxInflation,
        @DefaultValue("64GB") DataSize maxDecoded,
        @DefaultValue("0") int threads) {

    private static final long ALWAYS_ALLOWED_BYTES = 1L << 29;
    private static final int MOST_THREADS = 8;

    ImageSettings {
        if (maxEntries < 1 || maxPixels < 1 || maxInflation < 1 || threads < 0) {
            throw new IllegalArgumentException(
                    "hearth.dataset.images: max-entries, max-pixels and max-inflation have to be at"
                            + " least 1, threads at least 0");
        }
        if (maxPixels > Integer.MAX_VALUE / 8) {
            throw new IllegalArgumentException(
                    "hearth.dataset.images.max-pixels has to be at most " + Integer.MAX_VALUE / 8);
        }
    }

    int decodingThreads() {
        return threads > 0
                ? threads
                : Math.min(MOST_THREADS, Runtime.getRuntime().availableProcessors());
    }

    InflationBudget budget(long uploadBytes) {
        return new InflationBudget(
                maxFileSize.toBytes(),
                Math.max(
                        ALWAYS_ALLOWED_BYTES,
                        Math.multiplyExact(uploadBytes, (long) maxInflation)));
    }
}
