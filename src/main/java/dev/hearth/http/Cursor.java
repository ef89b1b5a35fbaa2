package dev.hearth.http;

import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.UUID;

/** Where a page ended: lists are in the order of creation, newest first, ties broken by ID. */
public record Cursor(Instant createdAt, UUID id) {

    /** The cursor as clients get it: opaque, and safe in a URL. */
    public String encode() {
        var text = createdAt + " " + id;
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(text.getBytes(StandardCharsets.US_ASCII));
    }

    /**
     * Reads what {@link #encode()} wrote.
     *
     * @throws ProblemException INVALID_PARAMETER for anything else
     */
    public static Cursor decode(String encoded) {
        try {
            var text =
                    new String(Base64.getUrlDecoder().decode(encoded), StandardCharsets.US_ASCII);
            var space = text.indexOf(' ');
            if (space > 0) {
                return new Cursor(
                        Instant.parse(text.substring(0, space)),
                        UUID.fromString(text.substring(space + 1)));
            }
        } catch (IllegalArgumentException | DateTimeException e) {
            throw notACursor(e);
        }
        throw notACursor(new IllegalArgumentException("no space"));
    }

    private static ProblemException notACursor(Exception cause) {
        return new ProblemException(
                ProblemCode.INVALID_PARAMETER,
                "The parameter 'cursor' is not one that this service gave; send the next_cursor of"
                        + " the page before, unchanged, or none for the first page.",
                cause);
    }
}
