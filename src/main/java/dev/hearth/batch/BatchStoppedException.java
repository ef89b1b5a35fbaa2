package dev.hearth.batch;

/** The worker has to leave what it does. */
final class BatchStoppedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    enum Why {
        /** It was cancelled, or another worker has it. */
        LEASE_LOST,
        /** The process is told to stop, and another one begins again. */
        PROCESS_STOPS
    }

    private final Why why;

    BatchStoppedException(Why why) {
        super(why.name());
        this.why = why;
    }

    Why why() {
        return why;
    }
}
