package dev.hearth.job;

import java.util.function.BooleanSupplier;

/**
 * What a job may know of its execution.
 *
 * @param slot where it runs, to itself
 * @param attempt 1 for the first one
 * @param stopSignal see {@link #stopping()}
 */
public record JobContext(WorkerSlot slot, int attempt, BooleanSupplier stopSignal) {

    /**
     * Whether the process is shutting down. A long job asks often, saves what it has, and returns
     * {@link JobOutcome#HANDED_BACK}.
     */
    public boolean stopping() {
        return stopSignal.getAsBoolean();
    }
}
