package dev.hearth.upload;

import dev.hearth.storage.Reservation;
import jakarta.servlet.http.HttpServletRequest;

/** The room that is reserved for what a request brings. */
public final class Intake {

    private static final String NAME = Intake.class.getName();

    private Intake() {}

    static void remember(HttpServletRequest request, Reservation room) {
        request.setAttribute(NAME, room);
    }

    /**
     * @throws IllegalStateException where nothing that the request brings is to be kept
     */
    public static Reservation of(HttpServletRequest request) {
        if (request.getAttribute(NAME) instanceof Reservation room) {
            return room;
        }
        throw new IllegalStateException(
                "no room is reserved for " + request.getMethod() + " " + request.getRequestURI());
    }
}
