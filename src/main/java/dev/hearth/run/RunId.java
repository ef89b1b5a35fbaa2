package dev.hearth.run;

import dev.hearth.http.Identifiers;
import java.util.UUID;

/** Names a run. */
public record RunId(UUID value) {

    /** Reads an ID as it stands in a URL. */
    static RunId parse(String text) {
        return new RunId(Identifiers.parse(text, "run"));
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
