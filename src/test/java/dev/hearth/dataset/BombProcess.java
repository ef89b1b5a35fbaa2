package dev.hearth.dataset;

import dev.hearth.problem.ProblemException;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.springframework.util.unit.DataSize;

/**
 * A process of its own that is sent one file, and tells on its last line what the answer is and
 * what it has cost. How much memory it may take is said when it is started.
 */
final class BombProcess {

    private BombProcess() {}

    /**
     * @param arguments the file, and a folder to work in
     */
    public static void main(String[] arguments) throws IOException {
        Path file = Path.of(arguments[0]);
        // As the service has it where nothing is set.
        var limits =
                new ImageSettings(
                        500_000,
                        DataSize.ofMegabytes(40),
                        50_000_000,
                        50,
                        DataSize.ofGigabytes(64),
                        0);
        try (var pictures = new Pictures(Path.of(arguments[1]), limits)) {
            long begin = System.nanoTime();
            String answer = answer(pictures, file);
            double seconds = (System.nanoTime() - begin) / 1e9;
            System.out.printf(
                    Locale.ROOT,
                    "%s;%d;%.3f;%.3f;%d;%d%n",
                    answer,
                    pictures.leftovers().size(),
                    seconds,
                    cpuSeconds(),
                    directBytes(),
                    residentKilobytes());
        }
    }

    private static String answer(Pictures pictures, Path file) throws IOException {
        var source =
                SourceFile.of(
                        file.getFileName().toString(),
                        Files.size(file),
                        () -> Files.newInputStream(file));
        try (var prepared = pictures.prepare(source)) {
            return prepared.rows() + " rows were accepted";
        } catch (ProblemException e) {
            return e.code().name();
        }
    }

    private static double cpuSeconds() {
        return ProcessHandle.current().info().totalCpuDuration().orElseThrow().toMillis() / 1e3;
    }

    private static long directBytes() {
        List<BufferPoolMXBean> pools = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class);
        return pools.stream()
                .filter(pool -> pool.getName().equals("direct"))
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
    }

    /** The most that it was, with what the JVM itself takes; 0 where the system does not tell. */
    private static long residentKilobytes() throws IOException {
        Path status = Path.of("/proc/self/status");
        if (!Files.exists(status)) {
            return 0;
        }
        return Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("VmHWM"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                .sum();
    }
}
