package dev.hearth.dataset;

import dev.hearth.http.Owner;
import dev.hearth.problem.ProblemException;
import dev.hearth.storage.Reservation;
import dev.hearth.storage.Reservations;
import dev.hearth.upload.FileLimits;
import java.io.IOException;
import java.util.List;
import org.springframework.stereotype.Component;

/** Prepares data sets, and counts what they take before it is written. */
@Component
class CountedPreparation {

    private final Preparation preparation;
    private final Reservations reservations;
    private final FileLimits limits;

    CountedPreparation(Preparation preparation, Reservations reservations, FileLimits limits) {
        this.preparation = preparation;
        this.reservations = reservations;
        this.limits = limits;
    }

    /** For what is made of files that are stored already; the caller closes it. */
    Reservation reserve(Owner owner) {
        return reservations.of(owner);
    }

    /**
     * @param bytes of all files
     * @throws ProblemException BODY_TOO_LARGE where a data set may not have as many
     */
    void requireSize(long bytes) {
        limits.require("the data set", bytes);
    }

    /**
     * @param files at least one
     * @param reservation grows by what is made of them
     * @throws ProblemException with all that is wrong; nothing is left behind
     */
    Prepared prepare(
            List<SourceFile> files,
            DatasetOptions options,
            Reservation reservation,
            PreparationProgress progress)
            throws IOException {
        var room = new Room(reservation, limits, progress);
        room.holds(files.stream().mapToLong(SourceFile::sizeBytes).sum());
        var prepared = preparation.prepare(files, options, room);
        try {
            room.made(prepared);
            return prepared;
        } catch (RuntimeException e) {
            prepared.close();
            throw e;
        }
    }
}
