package dev.hearth.problem;

import org.jspecify.annotations.Nullable;

/** Tells what passes by itself, and is worth trying again later, from what stays as it is. */
public final class Passing {

    private Passing() {}

    /**
     * Whether something that Hearth needs does not answer or is full, so that the same work may
     * succeed later.
     */
    public static boolean explains(Throwable e) {
        for (@Nullable Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof UnavailableException
                    || (cause instanceof ProblemException problem
                            && problem.code().category() == Category.OVERLOADED)) {
                return true;
            }
        }
        return DiskFull.explains(e);
    }
}
