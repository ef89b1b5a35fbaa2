package dev.hearth.dataset;

import dev.hearth.storage.Reservation;
import dev.hearth.upload.FileLimits;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.stream.Stream;

/** What a data set takes, counted before it is written: its files, and what is made of them. */
final class Room implements PreparationProgress {

    private final Reservation reservation;
    private final FileLimits limits;
    private final PreparationProgress progress;
    private long fileBytes;
    private long madeBytes;

    /**
     * @param progress that is told how far the preparing is
     */
    Room(Reservation reservation, FileLimits limits, PreparationProgress progress) {
        this.reservation = reservation;
        this.limits = limits;
        this.progress = progress;
    }

    /**
     * Counts files for which room is reserved already, or that are stored.
     *
     * @throws dev.hearth.problem.ProblemException BODY_TOO_LARGE where a data set may not have as
     *     much
     */
    void holds(long bytes) {
        fileBytes += bytes;
        limits.require("the data set", fileBytes);
    }

    @Override
    public void at(double fraction, String what) {
        progress.at(fraction, what);
    }

    @Override
    public void takes(long bytes) {
        madeBytes += bytes;
        limits.require("the data set", fileBytes + madeBytes);
        reservation.add(bytes);
    }

    /** Counts what was made and has not been announced. */
    void made(Prepared prepared) {
        long bytes =
                Stream.concat(Stream.of(prepared.table()), prepared.blocks().values().stream())
                        .mapToLong(file -> {
                            try {
                                return Files.size(file);
                            } catch (IOException e) {
                                throw new UncheckedIOException(e);
                            }
                        })
                        .sum();
        takes(Math.max(0, bytes - madeBytes));
    }
}
