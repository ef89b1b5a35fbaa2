package dev.hearth.problem;

import java.util.Objects;

/** Tells a full disk from other failures; the system says it in words only. */
public final class DiskFull {

    private DiskFull() {}

    public static boolean explains(Throwable e) {
        return Causes.of(e)
                .map(Throwable::getMessage)
                .filter(Objects::nonNull)
                .anyMatch(message ->
                        message.contains("No space left on device")
                                || message.contains("Disk quota exceeded"));
    }
}
