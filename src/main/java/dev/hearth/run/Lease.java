package dev.hearth.run;

/**
 * A worker's right to write to a run, until somebody else claims the run and so raises the fence.
 *
 * @param job that the worker does
 * @param fence of this claim
 */
record Lease(RunJob job, long fence) {

    RunId run() {
        return job.run();
    }
}
