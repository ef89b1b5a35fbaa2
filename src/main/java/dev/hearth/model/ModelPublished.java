package dev.hearth.model;

/**
 * Published when a model has a new version, so that whoever remembers the latest one asks again.
 */
public record ModelPublished(ModelName name, int version) {}
