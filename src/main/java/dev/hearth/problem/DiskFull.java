package dev.hearth.problem;

import org.jspecify.annotations.Nullable;

/** Tells a full disk from other failures; the system says it in words only. */
public final class DiskFull {

    private DiskFull() {}

    public static boolean explains(Throwable e) {
        for (@Nullable Throwable cause = e; cause != null; cause = cause.getCause()) {
            var message = cause.getMessage();
            if (message != null
                    && (message.contains("No space left on device")
                            || message.contains("Disk quota exceeded"))) {
                return true;
            }
        }
        return false;
    }
}
