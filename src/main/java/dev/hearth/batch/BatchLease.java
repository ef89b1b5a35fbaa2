package dev.hearth.batch;

/**
 * A worker's right to write to a prediction, until somebody else claims it and so raises the fence.
 */
record BatchLease(BatchId batch, long fence) {}
