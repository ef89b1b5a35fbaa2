package dev.hearth.dataset;

import dev.hearth.storage.Blob;

/** One of the files that a data set was made of, byte for byte as it was sent. */
public record StoredFile(String name, Blob blob) {}
