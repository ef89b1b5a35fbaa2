package dev.hearth.dataset;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * What the first reading of a file found.
 *
 * @param profiles what was seen in each column, in their order
 * @param repeatedRows how many rows repeat an earlier one; empty where there are too many to tell
 */
record Schema(
        long rows, List<Column> columns, List<ColumnProfile> profiles, OptionalLong repeatedRows) {

    Schema {
        columns = List.copyOf(columns);
        profiles = List.copyOf(profiles);
    }

    static Schema of(long rows, List<ColumnProfile> profiles, OptionalLong repeatedRows) {
        var columns = new ArrayList<Column>();
        for (var profile : profiles) {
            var type = profile.type(rows);
            var categories =
                    type == ColumnType.CATEGORICAL ? categories(profile) : List.<String>of();
            columns.add(
                    new Column(
                            profile.name(),
                            type,
                            categories,
                            profile.missing(),
                            profile.declaration().missing(),
                            Optional.empty()));
        }
        return new Schema(rows, columns, profiles, repeatedRows);
    }

    /** As declared; else all that are there, and the one that stands for missing values. */
    private static List<String> categories(ColumnProfile profile) {
        var declared = profile.declaration();
        if (declared.hasCategories()) {
            return declared.categories();
        }
        return CodePoints.sorted(
                Stream.concat(
                                Stream.of(profile.distinct().texts()),
                                declared.missing().fillValue().stream())
                        .distinct()
                        .toArray(String[]::new));
    }
}
