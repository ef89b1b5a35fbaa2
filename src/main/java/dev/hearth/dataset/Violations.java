package dev.hearth.dataset;

import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import dev.hearth.problem.Violation;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What is wrong with a file: all of it counted, the first hundred kept. */
final class Violations {

    static final int KEPT = 100;

    private final List<Violation> kept = new ArrayList<>();
    private long total;

    void add(Violation violation) {
        if (++total <= KEPT) {
            kept.add(violation);
        }
    }

    /** Whether another one would be told; saves making its text. */
    boolean hasRoom() {
        return total < KEPT;
    }

    /** Counts one without its text; only where there is no room. */
    void count() {
        total++;
    }

    boolean isEmpty() {
        return total == 0;
    }

    void throwIfAny() {
        if (!isEmpty()) {
            throw problem();
        }
    }

    ProblemException problem() {
        var first = kept.getFirst();
        var detail =
                total == 1
                        ? first.pointer() + ": " + first.message()
                        : String.format(
                                Locale.ROOT,
                                total <= KEPT
                                        ? "The file has %,d errors. The first: %s: %s"
                                        : "The file has %,d errors, the first 100 of which are"
                                                + " listed. The first: %s: %s",
                                total,
                                first.pointer(),
                                first.message());
        return new ProblemException(ProblemCode.INVALID_DATASET, detail, kept);
    }
}
