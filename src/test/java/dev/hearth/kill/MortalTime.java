package dev.hearth.kill;

import java.time.Instant;
import java.time.InstantSource;

/** A folder asks for the time just before it renames a file whose bytes have reached the disk. */
record MortalTime(InstantSource real, Death death) implements InstantSource {

    private static final StackWalker STACK = StackWalker.getInstance();

    @Override
    public Instant instant() {
        if (death.point() == DeathPoint.SYNCHRONISED_AND_NOT_YET_RENAMED
                && STACK.walk(frames ->
                        frames.anyMatch(frame ->
                                frame.getClassName().equals("dev.hearth.storage.FolderPlace")
                                        && frame.getMethodName().equals("store")))) {
            death.at(DeathPoint.SYNCHRONISED_AND_NOT_YET_RENAMED);
        }
        return real.instant();
    }
}
