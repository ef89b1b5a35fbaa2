package dev.hearth.dataset.zip;

import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How many bytes archives may turn into. Bytes are counted as they come out, whatever the archives
 * declare. May be used by several threads.
 */
public final class InflationBudget {

    private final long mostOfEntry;
    private final long mostOfAll;
    private final AtomicLong all = new AtomicLong();

    /**
     * @param mostOfEntry in bytes
     * @param mostOfAll in bytes, of all archives together
     */
    public InflationBudget(long mostOfEntry, long mostOfAll) {
        this.mostOfEntry = mostOfEntry;
        this.mostOfAll = mostOfAll;
    }

    /** Whether an entry may have so many bytes. */
    boolean allows(long bytes) {
        return bytes <= mostOfEntry;
    }

    /**
     * Takes bytes that have come out.
     *
     * @param before how many came out of this entry before
     * @throws ProblemException where it is too much
     */
    void take(String entry, long before, int bytes) {
        if (before + bytes > mostOfEntry) {
            throw ProblemException.at(
                    ProblemCode.BODY_TOO_LARGE,
                    entry,
                    "is larger than %,d bytes when it is unpacked, which is the most that this"
                                    .formatted(mostOfEntry)
                            + " service takes; make it smaller");
        }
        if (all.addAndGet(bytes) > mostOfAll) {
            throw ProblemException.at(
                    ProblemCode.BODY_TOO_LARGE,
                    entry,
                    "with it the upload is larger than %,d bytes when it is unpacked, which is the most"
                                    .formatted(mostOfAll)
                            + " for its size; send fewer files, or files that are compressed less");
        }
    }
}
