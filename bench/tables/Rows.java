import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;

/**
 * Writes a CSV file of 20 columns of all types, the same for the same number of rows.
 *
 * <p>{@code java bench/tables/Rows.java ROWS FILE}
 */
class Rows {

    private static final String[] CITIES = {
        "Brno", "Praha", "Ostrava", "Plzeň", "Liberec", "Olomouc", "\"Hradec, Králové\"", "Zlín"
    };
    private static final String HEADER =
            "id,x1,x2,x3,x4,x5,x6,x7,x8,x9,count,age,year,amount,flag,member,city,grade,note,label\n";

    public static void main(String[] args) throws IOException {
        var rows = Long.parseLong(args[0]);
        try (OutputStream out =
                new BufferedOutputStream(Files.newOutputStream(Path.of(args[1])), 1 << 20)) {
            write(rows, out);
        }
    }

    private static void write(long rows, OutputStream out) throws IOException {
        out.write(HEADER.getBytes(StandardCharsets.UTF_8));
        var random = new SplittableRandom(1);
        var line = new StringBuilder();
        for (long row = 0; row < rows; row++) {
            line.setLength(0);
            line.append(row);
            for (var i = 1; i <= 9; i++) {
                // Six decimals, as most programs write measurements.
                line.append(',').append(random.nextInt(-5_000_000, 5_000_000) / 1e6);
            }
            line.append(',').append(random.nextInt(1000));
            line.append(',').append(random.nextInt(100) == 0 ? "" : random.nextInt(18, 99));
            line.append(',').append(random.nextInt(1990, 2026));
            line.append(',').append(random.nextInt(1_000_000_000) / 100.0);
            line.append(',').append(random.nextBoolean());
            line.append(',').append(random.nextInt(10) == 0 ? "false" : "true");
            line.append(',').append(CITIES[random.nextInt(CITIES.length)]);
            line.append(',').append((char) ('A' + random.nextInt(6)));
            line.append(",note ").append(Long.toString(random.nextLong() >>> 20, 36));
            line.append(',').append(random.nextInt(4) == 0 ? "yes" : "no").append('\n');
            out.write(line.toString().getBytes(StandardCharsets.UTF_8));
        }
    }
}
