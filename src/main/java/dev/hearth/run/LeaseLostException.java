package dev.hearth.run;

/** Another worker has the run now, so this one must stop and leave everything as it is. */
final class LeaseLostException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    LeaseLostException(Lease lease) {
        super("the lease on run %s (fence %d) is lost".formatted(lease.run(), lease.fence()));
    }
}
