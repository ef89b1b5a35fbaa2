package dev.hearth.dataset;

/** The numbers of one column: the number itself, 0 or 1 for a boolean, a category's index. */
public interface Values {

    /**
     * The value in a row, counted from 0; 0 where it is missing. Whole numbers beyond 2⁵³ are
     * rounded.
     */
    double at(long row);

    boolean missingAt(long row);
}
