package dev.hearth.torchscript;

/** What an evaluation is to find out beside the loss and its {@link Measure}s. */
public enum Need {
    /** For each class how many rows are of it, said to be of it, and both. */
    TALLIES,
    /** How many rows of each class are said to be of each. */
    CONFUSION,
    /** How many rows have their class at each place in the order of probabilities. */
    RANKS,
    /** What the model says of each row, and what is so. */
    SCORES,
    /** For each target the sums of absolute and squared errors. */
    ERRORS;

    int bit() {
        return 1 << ordinal();
    }
}
