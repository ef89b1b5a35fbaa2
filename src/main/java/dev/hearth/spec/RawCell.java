package dev.hearth.spec;

import java.util.List;
import java.util.OptionalDouble;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Cells as text and as the raw values that an {@link Encoding} takes. */
final class RawCell {

    private static final Pattern NUMBER =
            Pattern.compile("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?");

    private RawCell() {}

    static OptionalDouble read(Encoding.Feature feature, String cell) {
        return switch (feature) {
            case Encoding.Standardized _, Encoding.Numeric _, Encoding.Scaled _ -> number(cell);
            case Encoding.Flag _ ->
                    switch (cell) {
                        case "true" -> OptionalDouble.of(1);
                        case "false" -> OptionalDouble.of(0);
                        default -> OptionalDouble.empty();
                    };
            case Encoding.OneHot(_, List<String> categories) -> index(categories, cell);
            case Encoding.Ordinal(_, List<String> categories) -> index(categories, cell);
        };
    }

    static @Nullable Object write(Encoding.Feature feature, double raw) {
        return switch (feature) {
            case Encoding.Standardized _, Encoding.Numeric _, Encoding.Scaled _ -> raw;
            case Encoding.Flag _ -> (raw == 0 || raw == 1) ? Boolean.valueOf(raw == 1) : null;
            case Encoding.OneHot(_, List<String> categories) -> category(categories, raw);
            case Encoding.Ordinal(_, List<String> categories) -> category(categories, raw);
        };
    }

    private static OptionalDouble number(String cell) {
        if (!NUMBER.matcher(cell).matches()) {
            return OptionalDouble.empty();
        }
        double value = Double.parseDouble(cell);
        return Double.isFinite(value) ? OptionalDouble.of(value) : OptionalDouble.empty();
    }

    private static OptionalDouble index(List<String> categories, String cell) {
        int index = categories.indexOf(cell);
        return index >= 0 ? OptionalDouble.of(index) : OptionalDouble.empty();
    }

    private static @Nullable String category(List<String> categories, double raw) {
        return raw == Math.rint(raw) && raw >= 0 && raw < categories.size()
                ? categories.get((int) raw)
                : null;
    }
}
