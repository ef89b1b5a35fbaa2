package dev.hearth.python;

import dev.hearth.dataset.FileForm;
import dev.hearth.python.Expression.Call;
import dev.hearth.python.PythonFile.Import;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Writes how files become {@code rows}: a list of dictionaries by column name, whose cells are text
 * as in a CSV file, whatever the form.
 */
final class RowsCode {

    private static final String JSON_CELL =
            """
            def cell(value):
                \"""A value as a CSV file has it; numbers are text already.\"""
                return {None: "", True: "true", False: "false"}.get(value, value)
            """;

    private static final String PARQUET_ROWS =
            """
            def parquet_rows(file):
                \"""The rows of a Parquet file, with cells as a CSV file has them.\"""
                table = pyarrow.parquet.read_table(file)
                singles = [field.name for field in table.schema if field.type == pyarrow.float32()]
                return [
                    {name.strip(): cell(value, name in singles) for name, value in row.items()}
                    for row in table.to_pylist()
                ]
            """;

    private static final String PARQUET_CELL =
            """
            def cell(value, is_single):
                \"""A value as a CSV file has it; one of single precision with its own few digits.\"""
                if value is None:
                    return ""
                if isinstance(value, bool):
                    return str(value).lower()
                if isinstance(value, bytes):
                    return value.decode()
                if isinstance(value, Decimal):
                    return format(value, "f")
                return str(numpy.float32(value) if is_single else value)
            """;

    private final PythonFile file;

    RowsCode(PythonFile file) {
        this.file = file;
    }

    /** Statements that read one file, {@code path}, to {@code rows}. */
    String one(FileForm.Rows form) {
        return switch (form) {
            case FileForm.Csv csv -> csv(csv);
            case FileForm.JsonLines lines -> {
                file.require(Import.JSON, Import.DEFAULTDICT);
                file.define("cell", JSON_CELL);
                yield opened(lines.encoding(), lines.isCompressed(), false)
                        + """
                            lines = [line for line in file if line.strip()]
                        objects = [json.loads(line, parse_int=str, parse_float=str) for line in lines]
                        rows = [
                            defaultdict(str, {name.strip(): cell(value) for name, value in each.items()})
                            for each in objects
                        ]
                        """;
            }
            case FileForm.Parquet(boolean isCompressed) -> {
                file.require(Import.PARQUET, Import.NUMPY, Import.DECIMAL);
                file.define("cell", PARQUET_CELL);
                file.define("parquet_rows", PARQUET_ROWS);
                if (isCompressed) {
                    file.require(Import.GZIP);
                }
                yield isCompressed
                        ? "rows = parquet_rows(gzip.open(path))\n"
                        : "rows = parquet_rows(path)\n";
            }
        };
    }

    /** Statements that read {@code paths} to {@code rows}, file after file. */
    String several(FileForm.Rows form) {
        file.define(
                "read_rows",
                """
                def read_rows(path):
                    \"""The rows of one file, as dictionaries by column name.\"""
                """
                        + one(form).indent(4)
                        + "    return rows\n");
        return "rows = [row for path in paths for row in read_rows(path)]\n";
    }

    private String csv(FileForm.Csv form) {
        file.require(Import.CSV);
        Call reader =
                Call.of("csv.DictReader", "file")
                        .unless(",", "delimiter", literal(form.delimiter()))
                        .unless("\"", "quotechar", literal(form.quote()));
        String open = opened(form.encoding(), form.isCompressed(), true);
        return switch (form.header()) {
            case PLAIN -> open + "    rows = list(%s)\n".formatted(reader.flat());
            case NONE ->
                    open
                            + "    names = [f\"column_{i}\" for i in range(1, %d + 1)]\n"
                                    .formatted(form.columns())
                            + "    rows = list(%s)\n".formatted(named(reader).flat());
            case SPACED ->
                    open
                            + "    names, *cells = [row for row in %s if row]\n"
                                    .formatted(new Call("csv.reader", reader.arguments()).flat())
                            + "rows = [dict(zip([name.strip() for name in names], row)) for row in"
                            + " cells]\n";
        };
    }

    private static Call named(Call reader) {
        Call call = Call.of(reader.function(), reader.arguments().getFirst(), "names");
        for (Expression argument : reader.arguments().subList(1, reader.arguments().size())) {
            call = call.with(argument);
        }
        return call;
    }

    private static Object literal(char c) {
        return c == ',' || c == '"'
                ? String.valueOf(c)
                : Expression.of(Literal.of(String.valueOf(c)));
    }

    private String opened(Charset encoding, boolean isCompressed, boolean isCsv) {
        if (isCompressed) {
            file.require(Import.GZIP);
        }
        return "with %s(path%s%s, encoding=%s) as file:\n"
                .formatted(
                        isCompressed ? "gzip.open" : "open",
                        isCompressed ? ", \"rt\"" : "",
                        isCsv ? ", newline=\"\"" : "",
                        Literal.of(python(encoding)));
    }

    /** A byte order mark of UTF-8 is skipped. */
    private static String python(Charset encoding) {
        return encoding.equals(StandardCharsets.UTF_8)
                ? "utf-8-sig"
                : encoding.name().toLowerCase(Locale.ROOT);
    }
}
