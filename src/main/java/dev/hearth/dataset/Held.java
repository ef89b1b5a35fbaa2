package dev.hearth.dataset;

import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;

/**
 * Which fractions of all rows are not trained on.
 *
 * @param validation at least 0 and below 1; 0 for none
 * @param test likewise; both together are below 1
 */
public record Held(double validation, double test) {

    static final String VALIDATION = "/split/validation";
    static final String TEST = "/split/test";

    /** How many of some rows they are. */
    record Rows(int validation, int test) {}

    /**
     * Each fraction's rows, rounded half up.
     *
     * @throws ProblemException where nothing would be left to train on, or a part would be empty
     */
    Rows of(long rows) {
        if (rows < 1) {
            throw refused(VALIDATION, "there are no rows to split");
        }
        var counted = new Rows(rows(validation, rows, VALIDATION), rows(test, rows, TEST));
        if ((long) counted.validation() + counted.test() >= rows) {
            throw refused(
                    validation > 0 ? VALIDATION : TEST,
                    "%s of %d rows leaves none to train on; lower it, or add rows"
                            .formatted(words(), rows));
        }
        return counted;
    }

    private String words() {
        return validation > 0 && test > 0
                ? "%s and, to test, %s".formatted(validation, test)
                : String.valueOf(Math.max(validation, test));
    }

    private static int rows(double fraction, long rows, String pointer) {
        if (!(fraction >= 0 && fraction < 1)) {
            throw refused(
                    pointer, "expected a fraction of at least 0 and below 1, got " + fraction);
        }
        var held = (long) Math.floor(fraction * rows + 0.5);
        if (fraction > 0 && held == 0) {
            throw refused(
                    pointer,
                    "%s of %d rows is not one row to %s with; raise it, set it to 0, or add rows"
                            .formatted(fraction, rows, pointer.equals(TEST) ? "test" : "validate"));
        }
        return Math.toIntExact(held);
    }

    static ProblemException refused(String pointer, String message) {
        return ProblemException.at(ProblemCode.INVALID_SPECIFICATION, pointer, message);
    }
}
