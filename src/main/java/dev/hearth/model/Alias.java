package dev.hearth.model;

import dev.hearth.http.Owner;
import java.time.Instant;

/**
 * A name for one version of a model, or for several that share its requests.
 *
 * @param revision counts its settings; never the same for two of them
 * @param changedBy who gave it its setting
 */
public record Alias(
        ModelName model,
        AliasName name,
        int revision,
        AliasSetting setting,
        Owner changedBy,
        Instant changedAt) {

    @Override
    public String toString() {
        return model + "@" + name;
    }
}
