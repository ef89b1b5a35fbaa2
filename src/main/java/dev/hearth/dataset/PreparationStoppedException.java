package dev.hearth.dataset;

/** Ends the preparing of a data set before its time. */
final class PreparationStoppedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    enum Why {
        /** It was cancelled or deleted, or another worker has claimed it. */
        LEASE_LOST,
        /** The process stops; another one shall go on. */
        PROCESS_STOPS
    }

    private final Why why;

    PreparationStoppedException(Why why) {
        super(why.toString());
        this.why = why;
    }

    Why why() {
        return why;
    }
}
