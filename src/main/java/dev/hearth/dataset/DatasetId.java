package dev.hearth.dataset;

import java.util.UUID;

public record DatasetId(UUID value) {

    @Override
    public String toString() {
        return value.toString();
    }
}
