package dev.hearth.spec;

import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import dev.hearth.problem.Violation;
import java.util.ArrayList;
import java.util.List;

/** Everything that is wrong with a specification, gathered so that it is told at once. */
public final class SpecErrors {

    /** How many errors an answer lists; the others are only counted. */
    public static final int LISTED = 100;

    private final List<Violation> listed = new ArrayList<>();
    private int count;

    /**
     * @param pointer where, as a JSON Pointer into the body
     * @param message what was found, what was expected and how to mend it
     */
    public void add(String pointer, String message) {
        count++;
        if (listed.size() < LISTED) {
            listed.add(new Violation(pointer, message));
        }
    }

    public boolean isEmpty() {
        return count == 0;
    }

    /** How many there are, listed or not. */
    public int count() {
        return count;
    }

    /** The first {@value #LISTED}, in the order in which they were found. */
    public List<Violation> listed() {
        return List.copyOf(listed);
    }

    /**
     * @throws ProblemException {@link ProblemCode#INVALID_SPECIFICATION} with all of them, if there
     *     are any
     */
    public void throwIfAny() {
        if (count > 0) {
            throw new ProblemException(ProblemCode.INVALID_SPECIFICATION, detail(), listed);
        }
    }

    private String detail() {
        if (count == 1) {
            Violation only = listed.getFirst();
            String place = only.pointer().isEmpty() ? "The specification" : only.pointer();
            return place + ": " + only.message();
        }
        String all = count + " things are wrong with the specification";
        return count > LISTED
                ? "%s; the first %d are listed in errors".formatted(all, LISTED)
                : all + "; errors lists them";
    }
}
