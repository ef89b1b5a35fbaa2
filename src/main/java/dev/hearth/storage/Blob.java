package dev.hearth.storage;

/** A stored sequence of bytes, named by its content. */
public record Blob(Sha256 hash, long sizeBytes) {}
