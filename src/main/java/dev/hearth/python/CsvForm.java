package dev.hearth.python;

/**
 * How a CSV file is written.
 *
 * @param isPlain whether the first line holds the column names as they are, without spaces around
 *     them
 */
public record CsvForm(char delimiter, boolean isPlain) {

    /** Statements that read {@code path} to {@code rows}, a list of dictionaries by column name. */
    String statements(String path) {
        String separator =
                delimiter == ',' ? "" : ", delimiter=" + Literal.of(String.valueOf(delimiter));
        String open =
                "with open(%s, newline=\"\", encoding=\"utf-8-sig\") as file:\n".formatted(path);
        return isPlain
                ? open + "    rows = list(csv.DictReader(file%s))\n".formatted(separator)
                : open
                        + "    names, *cells = [row for row in csv.reader(file%s) if row]\n"
                                .formatted(separator)
                        + "rows = [dict(zip([name.strip() for name in names], row)) for row in"
                        + " cells]\n";
    }
}
