package dev.hearth.dataset;

import dev.hearth.missing.MissingPolicy;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What the options say of a column.
 *
 * @param type empty where it is to be found by looking at all cells
 * @param categories in their order; empty where they are to be found likewise
 * @param missing what stands for missing values in the runs on the data set
 */
record ColumnDeclaration(
        Optional<ColumnType> type, List<String> categories, MissingPolicy missing) {

    static final ColumnDeclaration NONE =
            new ColumnDeclaration(Optional.empty(), List.of(), MissingPolicy.REJECT);

    ColumnDeclaration {
        categories = List.copyOf(categories);
        if (!categories.isEmpty() && !type.equals(Optional.of(ColumnType.CATEGORICAL))) {
            throw new IllegalArgumentException("categories of a column that is " + type);
        }
    }

    boolean hasCategories() {
        return !categories.isEmpty();
    }

    /**
     * Why the policy does not do for a column of this type, with the field that it is about; empty
     * if it does.
     */
    Optional<Misfit> misfit(ColumnType of) {
        boolean isNumber = of.isNumber();
        if (missing.fills() && !isNumber && !isChoice(of)) {
            return Optional.of(
                    new Misfit(
                            "",
                            "the column is %s, of which no value can stand for a missing one; leave it out"
                                    .formatted(of.wireName())));
        }
        if (missing.strategy().needsNumbers() && !isNumber) {
            return Optional.of(
                    new Misfit(
                            "",
                            "the column is %s, and %s takes numbers; write most_frequent or constant"
                                    .formatted(of.wireName(), missing.strategy().wireName())));
        }
        Predicate<String> fits =
                isNumber
                        ? NumberCell::isFinite
                        : of == ColumnType.BOOLEAN
                                ? cell -> cell.equals("true") || cell.equals("false")
                                : cell ->
                                        hasCategories()
                                                ? categories.contains(cell)
                                                : cell.length() <= ColumnProfile.MAX_CATEGORY_CHARS;
        return missing.fillValue()
                .filter(fits.negate())
                .map(cell ->
                        new Misfit(
                                "/fill_value",
                                "the column is %s; expected %s, got '%s'"
                                        .formatted(
                                                of.wireName(),
                                                isNumber
                                                        ? "a finite number"
                                                        : of == ColumnType.BOOLEAN
                                                                ? "true or false"
                                                                : "one of its categories",
                                                cell)));
    }

    /**
     * @param field within the policy, as the end of a JSON Pointer
     */
    record Misfit(String field, String message) {}

    private static boolean isChoice(ColumnType type) {
        return switch (type) {
            case BOOLEAN, CATEGORICAL -> true;
            case NUMERIC, INTEGER, TEXT, IMAGE, TENSOR -> false;
        };
    }
}
