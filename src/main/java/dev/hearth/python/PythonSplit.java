package dev.hearth.python;

import dev.hearth.spec.SplitSpec;
import dev.hearth.spec.TargetColumn;
import java.util.Optional;

/**
 * Which rows are held out.
 *
 * @param stratified whether each class gives the same fraction of its rows
 * @param column what is written in the column that the split goes by, if there is one
 * @param tests whether rows are held out to test with
 */
public record PythonSplit(
        SplitSpec spec, boolean stratified, Optional<TargetColumn.Kind> column, boolean tests) {

    /** Whether rows are held out to be measured after each epoch. */
    boolean validates() {
        return spec.validates();
    }

    boolean holdsOut() {
        return validates() || tests;
    }
}
