package dev.hearth.storage;

import dev.hearth.http.Owner;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * What each owner may store.
 *
 * @param maxBytes of everybody who is not named in {@code owners}; null for no limit
 * @param owners of some, by name
 */
@ConfigurationProperties("hearth.quota")
record QuotaSettings(@Nullable DataSize maxBytes, @DefaultValue Map<String, DataSize> owners) {

    static final QuotaSettings NONE = new QuotaSettings(null, Map.of());

    QuotaSettings {
        if (maxBytes != null && maxBytes.toBytes() < 1) {
            throw new IllegalArgumentException(
                    "hearth.quota.max-bytes (HEARTH_QUOTA) has to be at least 1 byte; leave it empty for no"
                            + " limit");
        }
        owners = Map.copyOf(owners);
        owners.forEach((name, most) -> {
            new Owner(name); // or says what a name is
            if (most.isNegative()) {
                throw new IllegalArgumentException(
                        "hearth.quota.owners." + name + " has to be 0 or more, such as 10GB");
            }
        });
    }

    OptionalLong mostBytes(Owner owner) {
        DataSize most = owners.getOrDefault(owner.name(), maxBytes);
        return most == null ? OptionalLong.empty() : OptionalLong.of(most.toBytes());
    }
}
