package dev.hearth.http;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * @param version of Hearth
 * @param http what a request may have
 * @param security who may ask
 */
@ConfigurationProperties("hearth")
record HttpSettings(
        @DefaultValue("unknown") String version,
        @DefaultValue HttpSettings.Limits http,
        @DefaultValue HttpSettings.Security security) {

    /**
     * @param maxBody the largest body that is not a form
     * @param maxUpload the largest multipart form, and the largest part of an upload
     * @param maxBodies what all bodies at once may take that are held in memory; an eighth of the
     *     heap where it is missing, since a body is several times as large once it is parsed
     * @param drainDelay how long a process that is to stop still takes requests
     */
    record Limits(
            @DefaultValue("16MB") DataSize maxBody,
            @DefaultValue("4GB") DataSize maxUpload,
            @Nullable DataSize maxBodies,
            @DefaultValue("0s") Duration drainDelay) {

        Limits {
            if (drainDelay.isNegative()) {
                throw new IllegalArgumentException(
                        "hearth.http.drain-delay (HEARTH_DRAIN_DELAY) has to be 0s or more, got "
                                + drainDelay);
            }
            if (maxBody.toBytes() < 1 || maxUpload.toBytes() < 1) {
                throw new IllegalArgumentException(
                        "hearth.http.max-body and hearth.http.max-upload have to be positive, such as"
                                + " 16MB");
            }
        }

        long maxBodiesBytes() {
            return maxBodies == null ? Runtime.getRuntime().maxMemory() / 8 : maxBodies.toBytes();
        }
    }

    /**
     * @param apiKeys who has one of these may ask; with none, everybody may. Each is {@code
     *     name:key}, whose owner has the name, or a key alone
     */
    record Security(@DefaultValue List<String> apiKeys) {

        Security {
            apiKeys = apiKeys.stream().map(String::strip).filter(key -> !key.isEmpty()).toList();
            // Whatever is wrong with a key stops the start, not the first request.
            apiKeys.forEach(ApiKey::of);
        }
    }
}
