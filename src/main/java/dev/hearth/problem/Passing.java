package dev.hearth.problem;

/** Tells what passes by itself, and is worth trying again later, from what stays as it is. */
public final class Passing {

    private Passing() {}

    /**
     * Whether something that Hearth needs does not answer or is full, so that the same work may
     * succeed later.
     */
    public static boolean explains(Throwable e) {
        return Causes.of(e).anyMatch(Passing::isPassing) || DiskFull.explains(e);
    }

    private static boolean isPassing(Throwable cause) {
        return cause instanceof UnavailableException
                || (cause instanceof ProblemException problem
                        && problem.code().category() == Category.OVERLOADED);
    }
}
