package dev.hearth.serving;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of predictions.
 *
 * @param device where models are loaded: {@code auto}, {@code cpu} or {@code cuda:<index>}
 * @param maxLoadedModels how many versions are kept in memory; the least recently used goes
 * @param maxRows of one request
 * @param maxPixels of one image
 * @param maxQueue how many requests may wait; one more gets 503
 * @param deadline how long a request waits for its turn unless it says otherwise
 */
@ConfigurationProperties("hearth.serving")
record ServingSettings(
        @DefaultValue("auto") String device,
        @DefaultValue("64") int maxLoadedModels,
        @DefaultValue("10000") int maxRows,
        @DefaultValue("50000000") long maxPixels,
        @DefaultValue("256") int maxQueue,
        @DefaultValue("10s") Duration deadline) {}
