package dev.hearth.dataset;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What a data set is like; made once, at its upload.
 *
 * @param sizeBytes of the uploaded file
 * @param duplicateRows how many rows repeat an earlier one; left out where there are too many rows
 *     to tell cheaply
 * @param images what the pictures are like; left out where there are none
 * @param relations columns that tell others, and may leak the target; left out of reports of images
 *     and of those that are older than this
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Report(
        long rows,
        int columnCount,
        long sizeBytes,
        @Nullable Long duplicateRows,
        List<ColumnReport> columns,
        @Nullable ImageReport images,
        @Nullable List<Relation> relations) {

    private static final int VALUES_SHOWN = 20;

    /**
     * What a column is like.
     *
     * @param missingPolicy what stands for missing cells in the runs on the data set, unless they
     *     say otherwise; left out of reports that are older than this
     * @param filled how many of the missing cells are then filled
     * @param distinct how many different cells there are, as they are written; at least so many
     *     where {@code distinctExact} is false
     * @param constant whether all cells that are there are the same
     * @param std of a sample (n − 1)
     * @param values the most frequent cells, with their share of the cells that are there: the
     *     balance of a class; left out for real numbers and texts
     * @param distribution of numbers
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record ColumnReport(
            String name,
            String type,
            long missing,
            @Nullable MissingPolicyView missingPolicy,
            @Nullable Long filled,
            long distinct,
            boolean distinctExact,
            boolean constant,
            @Nullable Number min,
            @Nullable Number max,
            @Nullable Double mean,
            @Nullable Double std,
            @Nullable List<ValueCount> values,
            @Nullable Distribution distribution) {}

    /** How often a cell is there. */
    record ValueCount(String value, long count, double fraction) {}

    /**
     * @param table as it was written; read again for what needs all values at once
     */
    static Report of(Schema schema, List<NumberSummary> summaries, Table table, long sizeBytes) {
        var columns =
                IntStream.range(0, schema.columns().size())
                        .parallel() // each is gone through several times
                        .mapToObj(i ->
                                column(
                                        schema.columns().get(i),
                                        schema.profiles().get(i),
                                        summaries.get(i),
                                        table))
                        .toList();
        var repeated = schema.repeatedRows();
        return new Report(
                schema.rows(),
                columns.size(),
                sizeBytes,
                repeated.isPresent() ? repeated.getAsLong() : null,
                columns,
                null,
                Relation.among(schema, summaries, table));
    }

    /**
     * With pictures beside these columns.
     *
     * @param ofUpload the size of all uploaded files
     */
    Report withImages(ImageReport ofImages, long ofRows, long ofUpload) {
        var all = new ArrayList<>(columns);
        all.add(
                new ColumnReport(
                        ofImages.column(),
                        ColumnType.IMAGE.wireName(),
                        0,
                        null,
                        null,
                        ofRows - ofImages.repeated(),
                        true,
                        ofRows - ofImages.repeated() == 1,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null));
        return new Report(ofRows, all.size(), ofUpload, duplicateRows, all, ofImages, relations);
    }

    /** With columns of which no more is told than their types. */
    Report withColumns(List<Column> others) {
        var all = new ArrayList<>(columns);
        for (var other : others) {
            all.add(
                    new ColumnReport(
                            other.name(),
                            other.type().wireName(),
                            other.missing(),
                            MissingPolicyView.of(other),
                            null,
                            rows,
                            false,
                            false,
                            null,
                            null,
                            null,
                            null,
                            null,
                            null));
        }
        return new Report(rows, all.size(), sizeBytes, duplicateRows, all, images, relations);
    }

    private static ColumnReport column(
            Column column, ColumnProfile profile, NumberSummary numbers, Table table) {
        var distinct = profile.distinct();
        var isNumber = column.type().isNumber() && numbers.count() > 0;
        return new ColumnReport(
                column.name(),
                column.type().wireName(),
                column.missing(),
                MissingPolicyView.of(column),
                column.policy().fills() ? column.missing() : 0,
                distinct.size(),
                !distinct.overflowed(),
                isNumber
                        ? numbers.min() == numbers.max()
                        : distinct.size() <= 1 && !distinct.overflowed(),
                isNumber ? plain(column.type(), numbers.min()) : null,
                isNumber ? plain(column.type(), numbers.max()) : null,
                isNumber && numbers.mean().isPresent() ? numbers.mean().getAsDouble() : null,
                isNumber && numbers.std().isPresent() ? numbers.std().getAsDouble() : null,
                values(column.type(), profile),
                isNumber
                        ? Distribution.of(table.values(column.name()), table.rows(), numbers)
                        : null);
    }

    private static Number plain(ColumnType type, double value) {
        // Beyond 2^53 the double is what the training sees; a long would pretend to know better.
        return type == ColumnType.INTEGER && Math.abs(value) <= 1L << 53
                ? (Number) (long) value
                : (Number) value;
    }

    private static @Nullable List<ValueCount> values(ColumnType type, ColumnProfile profile) {
        var distinct = profile.distinct();
        var worthwhile =
                switch (type) {
                    case INTEGER, BOOLEAN, CATEGORICAL -> !distinct.overflowed();
                    case NUMERIC, TEXT, IMAGE, TENSOR -> false;
                };
        if (!worthwhile) {
            return null;
        }
        return IntStream.range(0, distinct.size())
                .boxed()
                .sorted(
                        Comparator.comparingLong((Integer entry) -> -distinct.count(entry))
                                .thenComparing(distinct::text, CodePoints::compare))
                .limit(VALUES_SHOWN)
                .map(entry ->
                        new ValueCount(
                                distinct.text(entry),
                                distinct.count(entry),
                                (double) distinct.count(entry) / profile.filled()))
                .toList();
    }
}
