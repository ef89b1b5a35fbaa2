package dev.hearth.serving;

import dev.hearth.model.ModelName;
import dev.hearth.torchscript.DeviceMemory;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Settings of predictions.
 *
 * @param device where models are loaded: {@code auto}, {@code cpu} or {@code cuda:<index>}
 * @param threads how many batches of all models that are not quick are computed at once; 0 for as
 *     many as there are processors
 * @param memory what models in memory may take, and how many there may be
 * @param request what a request may ask for
 * @param batch how requests to one version are computed together
 * @param models the same for models by name, in place of {@code batch}
 */
@ConfigurationProperties("hearth.serving")
record ServingSettings(
        @DefaultValue("auto") String device,
        @DefaultValue("0") int threads,
        @DefaultValue Memory memory,
        @DefaultValue Request request,
        @DefaultValue BatchLimits batch,
        @DefaultValue Map<String, BatchLimits> models) {

    /**
     * The least recently used version goes where there is too much.
     *
     * @param maxBytes of the files of all versions in memory; a quarter of the machine's where it
     *     is missing
     * @param maxModels how many versions
     * @param preload what is loaded before the service is ready: {@code iris} for its latest
     *     version, {@code iris@prod} for those of an alias
     */
    record Memory(
            @Nullable DataSize maxBytes,
            @DefaultValue("64") int maxModels,
            @DefaultValue List<String> preload) {

        Memory {
            if (maxModels < 1 || (maxBytes != null && maxBytes.toBytes() < 1)) {
                throw new IllegalArgumentException(
                        "hearth.serving.memory: max-models and max-bytes have to be positive");
            }
        }

        long bytes() {
            return maxBytes == null ? DeviceMemory.machineBytes() / 4 : maxBytes.toBytes();
        }
    }

    /**
     * @param maxRows of one request
     * @param maxPixels of one image
     * @param maxWaiting how many requests may wait, to all models; one more gets 503
     * @param deadline how long a request waits for its turn unless it says otherwise
     */
    record Request(
            @DefaultValue("10000") int maxRows,
            @DefaultValue("50000000") long maxPixels,
            @DefaultValue("1024") int maxWaiting,
            @DefaultValue("10s") Duration deadline) {}

    int computeThreads() {
        return threads > 0 ? threads : Runtime.getRuntime().availableProcessors();
    }

    BatchLimits batchOf(ModelName model) {
        return models.getOrDefault(model.value(), batch);
    }
}
