package dev.hearth.dataset;

import java.util.Locale;

/** What a row of a split is for. */
public enum Part {
    /** The model learns from it. */
    TRAINING,
    /** The model is measured with it after each epoch. */
    VALIDATION,
    /** The finished model is measured with it, once. */
    TEST;

    /** The name in JSON, such as {@code validation}. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
