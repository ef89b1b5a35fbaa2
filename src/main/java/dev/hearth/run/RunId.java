package dev.hearth.run;

import java.util.UUID;

/** Names a run. */
public record RunId(UUID value) {

    @Override
    public String toString() {
        return value.toString();
    }
}
