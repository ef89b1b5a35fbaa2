package dev.hearth.tensorfile;

import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;

/** How what is wrong with a model file is told. What the file holds is quoted and cut short. */
public final class BadFile {

    private static final int LONGEST = 80;

    private BadFile() {}

    /**
     * @param place such as {@code data.pkl, byte 12} or {@code tensor 0.weight}
     * @param message what was found, what was expected and how to mend it
     */
    public static ProblemException at(String place, String message) {
        return ProblemException.at(ProblemCode.INVALID_MODEL_FILE, place, message);
    }

    public static ProblemException whole(String message) {
        return new ProblemException(ProblemCode.INVALID_MODEL_FILE, message);
    }

    public static String tensor(String name) {
        return "tensor " + clipped(name);
    }

    public static String quoted(String text) {
        return "'" + clipped(text) + "'";
    }

    private static String clipped(String text) {
        var clipped = new StringBuilder();
        text.codePoints()
                .limit(LONGEST)
                .forEach(point ->
                        clipped.appendCodePoint(
                                Character.isISOControl(point)
                                                || Character.getType(point) == Character.SURROGATE
                                        ? 0xFFFD
                                        : point));
        return text.codePointCount(0, text.length()) > LONGEST ? clipped + "…" : clipped.toString();
    }
}
