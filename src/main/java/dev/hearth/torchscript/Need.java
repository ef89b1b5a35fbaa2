package dev.hearth.torchscript;

/** What an evaluation is to find out beside the loss and its {@link Measure}s. */
public enum Need {
    /** For each class how many rows are of it, said to be of it, and both. */
    TALLIES(1),
    /** How many rows of each class are said to be of each. */
    CONFUSION(2),
    /** How many rows have their class at each place in the order of probabilities. */
    RANKS(4),
    /** What the model says of each row, and what is so. */
    SCORES(8),
    /** For each target the sums of absolute and squared errors. */
    ERRORS(16);

    private final int bit;

    Need(int bit) {
        this.bit = bit;
    }

    /** What stands for it in the program's argument. */
    int bit() {
        return bit;
    }
}
