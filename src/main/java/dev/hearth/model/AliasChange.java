package dev.hearth.model;

import dev.hearth.http.Owner;
import java.time.Instant;
import java.util.Optional;

/**
 * A setting that an alias has, or had.
 *
 * @param setting empty where the alias was deleted
 */
public record AliasChange(
        int revision, Optional<AliasSetting> setting, Owner changedBy, Instant changedAt) {}
