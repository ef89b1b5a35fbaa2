package dev.hearth.job;

/**
 * What this process does about jobs.
 *
 * @param works whether it has workers
 */
public record JobRole(boolean works) {}
