package dev.hearth.dataset;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.apache.commons.text.similarity.LevenshteinDistance;

/** The categories that a column may have, in their order. */
record DeclaredCategories(List<String> categories) {

    private static final int SHOWN = 10;

    /** So far apart is nearest of no help. */
    private static final int FAR = 5;

    DeclaredCategories {
        categories = List.copyOf(categories);
    }

    /** Their cells, each as an entry at its place in the order. */
    DistinctCells cells() {
        var cells = new DistinctCells(categories.size(), new DistinctCells.Budget(Long.MAX_VALUE));
        for (String category : categories) {
            char[] text = category.toCharArray();
            cells.add(text, 0, text.length, CellHash.of(text, 0, text.length));
        }
        return cells;
    }

    /** What is expected in the place of another cell, with the category that is nearest to it. */
    String expected(String cell) {
        String known =
                categories.stream()
                        .limit(SHOWN)
                        .map(category -> "'" + category + "'")
                        .collect(Collectors.joining(", "));
        String more =
                categories.size() > SHOWN
                        ? " and %d more".formatted(categories.size() - SHOWN)
                        : "";
        return "one of the declared categories %s%s%s".formatted(known, more, nearest(cell));
    }

    private String nearest(String cell) {
        if (cell.length() > ColumnProfile.MAX_CATEGORY_CHARS) {
            return "";
        }
        var distance = new LevenshteinDistance(FAR);
        String wanted = cell.strip().toLowerCase(Locale.ROOT);
        record Near(String category, int apart) {}
        return categories.stream()
                .map(category ->
                        new Near(
                                category,
                                distance.apply(wanted, category.strip().toLowerCase(Locale.ROOT))))
                .filter(near -> near.apart() >= 0)
                .filter(near -> near.apart() < wanted.length())
                .min(Comparator.comparingInt(Near::apart))
                .map(near -> " (nearest: '%s')".formatted(near.category()))
                .orElse("");
    }
}
