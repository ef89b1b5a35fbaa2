package dev.hearth.model;

/** Published when a version is gone, so that whoever has it loaded lets go of it. */
public record ModelDeleted(ModelName name, int version) {}
