package dev.hearth.job;

/**
 * What this process is there for.
 *
 * @param works whether it does jobs, and whatever else is done in the background
 */
public record ProcessRoles(boolean works) {}
