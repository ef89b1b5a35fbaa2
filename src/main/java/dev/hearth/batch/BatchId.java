package dev.hearth.batch;

import dev.hearth.http.Identifiers;
import java.util.UUID;

/** Names a prediction over a data set. */
record BatchId(UUID value) {

    /**
     * @throws dev.hearth.problem.ProblemException where {@code text} is no ID
     */
    static BatchId parse(String text) {
        return new BatchId(Identifiers.parse(text, "prediction"));
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
