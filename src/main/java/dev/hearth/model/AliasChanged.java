package dev.hearth.model;

import java.util.Optional;

/**
 * Published when an alias has another setting, so that whoever remembers it goes by the new one.
 *
 * @param alias empty where it was deleted
 */
public record AliasChanged(ModelName model, AliasName name, Optional<Alias> alias) {}
