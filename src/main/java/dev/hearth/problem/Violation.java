package dev.hearth.problem;

/**
 * One thing that is wrong with an input.
 *
 * @param pointer where: a JSON Pointer (RFC 6901) into the body, or {@code line 7, column species}
 *     for a table
 * @param message what was found, what was expected, and how to mend it
 */
public record Violation(String pointer, String message) {}
