package dev.hearth.run;

/** A run that is a part has ended; told in the transaction that ends it. */
public record PartEnded(PartOf part) {}
