package dev.hearth.job;

/**
 * What this process is there for.
 *
 * @param answers whether it is asked for predictions and all else
 * @param works whether it does jobs, and whatever else is done in the background
 */
public record ProcessRoles(boolean answers, boolean works) {}
