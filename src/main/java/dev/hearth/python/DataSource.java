package dev.hearth.python;

import dev.hearth.dataset.FileForm;

/**
 * The files that a script reads.
 *
 * @param files how many there are
 */
public record DataSource(FileForm form, int files) {

    public DataSource {
        if (files < 1) {
            throw new IllegalArgumentException("no files");
        }
    }

    /** A CSV file as {@code csv.DictReader} reads it by itself. */
    static final String PLAIN_CSV =
            """
            with open(path, newline="", encoding="utf-8-sig") as file:
                rows = list(csv.DictReader(file))
            """;

    public boolean isOne() {
        return files == 1;
    }

    /** What {@code read} takes. */
    String parameter() {
        return isOne() ? "path" : "paths";
    }

    /** What the script takes of the command line. */
    String arguments() {
        return isOne() ? "sys.argv[1]" : "sys.argv[1:]";
    }

    /** What the files are called in the script's usage. */
    public String usage() {
        return isOne() ? "FILE" : "FILE FILE...";
    }
}
