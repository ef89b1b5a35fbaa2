package dev.hearth.run;

/**
 * A worker's right to write to a run, until somebody else claims the run and so raises the fence.
 *
 * @param fence of this claim
 */
record Lease(RunId run, long fence) {}
