package dev.hearth.run;

import dev.hearth.dataset.Column;
import dev.hearth.dataset.Table;
import dev.hearth.dataset.Values;
import dev.hearth.spec.SpecErrors;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * When the rows are, by a column: its numbers, whatever their unit, or its texts that are dates
 * (ISO 8601, such as {@code 2024-05-31}, {@code 2024-05-31T12:30:00.5} or {@code 2024-05-31
 * 12:30+02:00}), which are of UTC unless they say.
 */
final class TimeCells {

    private static final Pattern ISO =
            Pattern.compile(
                    "(\\d{4}-\\d\\d-\\d\\d)(?:[T ](\\d\\d:\\d\\d)(:\\d\\d)?(\\.\\d{3}(?:\\d{3})?)?(Z|[+-]\\d\\d:\\d\\d)?)?");

    private TimeCells() {}

    /**
     * Numbers that are ascending as the times are. What cannot be read is an error, and 0.
     *
     * @param pointer to where the column is named
     */
    static long[] of(Column column, Table table, String pointer, SpecErrors errors) {
        return switch (column.type()) {
            case NUMERIC, INTEGER -> numbers(table.values(column.name()), table.rows());
            case TEXT, CATEGORICAL -> dates(column, table, pointer, errors);
            case BOOLEAN, IMAGE, TENSOR -> {
                errors.add(
                        pointer,
                        "column '%s' is %s; a time is a number, or a text such as 2024-05-31 or 2024-05-31T12:30:00"
                                .formatted(column.name(), column.type().wireName()));
                yield new long[Math.toIntExact(table.rows())];
            }
        };
    }

    private static long[] numbers(Values values, long rows) {
        var numbers = new long[Math.toIntExact(rows)];
        for (int row = 0; row < numbers.length; row++) {
            // The bits of a double are ascending with it, but for the sign; 0 and −0 are one time.
            long bits = Double.doubleToLongBits(values.at(row) + 0.0);
            numbers[row] = bits < 0 ? Long.MIN_VALUE - bits : bits;
        }
        return numbers;
    }

    private static long[] dates(Column column, Table table, String pointer, SpecErrors errors) {
        var known = new HashMap<String, Optional<Long>>();
        var times = new long[Math.toIntExact(table.rows())];
        for (int row = 0; row < times.length; row++) {
            String text = table.text(column.name(), row).orElse("");
            Optional<Long> time = known.computeIfAbsent(text, TimeCells::microseconds);
            if (time.isEmpty()) {
                errors.add(
                        pointer,
                        "row %d of column '%s' says '%s'; expected a date such as 2024-05-31, or a time such as 2024-05-31T12:30:00Z"
                                .formatted(row + 1, column.name(), text));
            }
            times[row] = time.orElse(0L);
        }
        return times;
    }

    /** Since 1970; empty for what is no date. */
    static Optional<Long> microseconds(String text) {
        Matcher parts = ISO.matcher(text.strip());
        if (!parts.matches()) {
            return Optional.empty();
        }
        try {
            LocalDate date = LocalDate.parse(parts.group(1));
            if (date.getYear() == 0) {
                return Optional.empty();
            }
            LocalDateTime time = date.atStartOfDay();
            if (parts.group(2) != null) {
                if (parts.group(4) != null && parts.group(3) == null) {
                    return Optional.empty();
                }
                time =
                        LocalDateTime.parse(
                                parts.group(1)
                                        + "T"
                                        + parts.group(2)
                                        + (parts.group(3) == null ? "" : parts.group(3))
                                        + (parts.group(4) == null ? "" : parts.group(4)));
            }
            var zone = parts.group(5) == null ? ZoneOffset.UTC : ZoneOffset.of(parts.group(5));
            return Optional.of(
                    ChronoUnit.MICROS.between(
                            LocalDateTime.of(1970, 1, 1, 0, 0).atOffset(ZoneOffset.UTC),
                            time.atOffset(zone)));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
