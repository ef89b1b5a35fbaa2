package dev.hearth.job;

/** How an execution ended that did not throw. */
public enum JobOutcome {
    /** Nothing is left to do; the job leaves the queue. */
    DONE,
    /** Not finished; the job keeps its place in the queue, and any worker may take it. */
    HANDED_BACK,
    /**
     * Not begun, for want of room here; the job keeps its place in the queue, and workers are
     * offered it again after a moment, in which they take others.
     */
    NO_ROOM
}
