package dev.hearth.kill;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Looks into the scratch folders of processes, which are theirs as long as they live. */
final class Scratches {

    private Scratches() {}

    /**
     * How many files with bytes in them a process left behind that was writing a blob.
     *
     * @param lock the file that the process held a lock on; 0 if it still does
     */
    static long cutOff(Path lock) throws IOException {
        try (var channel = FileChannel.open(lock, StandardOpenOption.WRITE);
                var mine = channel.tryLock()) {
            String name = lock.getFileName().toString();
            Path folder = lock.resolveSibling(name.substring(0, name.length() - ".lock".length()));
            if (mine == null || !Files.isDirectory(folder)) {
                return 0;
            }
            try (var files = Files.list(folder)) {
                return files.filter(Files::isRegularFile).count();
            }
        } catch (NoSuchFileException e) {
            // A process that starts has cleared it away.
            return 0;
        }
    }
}
