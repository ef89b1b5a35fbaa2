package dev.hearth.dataset;

import dev.hearth.http.Identifiers;
import java.util.UUID;

/** Names a data set. */
public record DatasetId(UUID value) {

    /**
     * @throws dev.hearth.problem.ProblemException where {@code text} is no ID
     */
    public static DatasetId parse(String text) {
        return new DatasetId(Identifiers.parse(text, "data set"));
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
