package dev.hearth.database;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tukaani.xz.XZInputStream;

/**
 * PostgreSQL's own programs ({@code initdb}, {@code pg_ctl}, {@code postgres}), unpacked from the
 * class path once and run as child processes.
 *
 * @param folder holds {@code bin}, {@code lib} and {@code share}
 */
record PostgresPrograms(Path folder) {

    private static final Logger log = LoggerFactory.getLogger(PostgresPrograms.class);

    /** What a program printed, and how it ended. */
    record Outcome(int exitCode, String output) {
        boolean succeeded() {
            return exitCode == 0;
        }
    }

    /**
     * Unpacks the programs below {@code parent}, in a folder that the archive's checksum names, so
     * that another version never meets these files.
     */
    static PostgresPrograms unpackTo(Path parent) throws IOException {
        var archive = archiveName();
        var folder = parent.resolve(Long.toHexString(checksum(archive)));
        if (Files.isDirectory(folder)) {
            return new PostgresPrograms(folder);
        }
        Files.createDirectories(parent);
        try (var lockFile =
                        FileChannel.open(
                                parent.resolve("unpack.lock"),
                                StandardOpenOption.CREATE,
                                StandardOpenOption.WRITE);
                var _ = lockFile.lock()) {
            if (!Files.isDirectory(folder)) {
                log.info("Unpacking the embedded PostgreSQL");
                var unfinished = Files.createTempDirectory(parent, "unpacking-");
                unpack(archive, unfinished);
                Files.move(unfinished, folder);
            }
        }
        return new PostgresPrograms(folder);
    }

    /** Runs a program to its end. */
    Outcome run(String program, List<String> arguments) throws IOException {
        var command = new ArrayList<>(asOrdinaryUser());
        command.add(folder.resolve("bin").resolve(program).toString());
        command.addAll(arguments);
        return execute(command);
    }

    /**
     * PostgreSQL refuses to run as root, for good reasons. In a user namespace of its own it is an
     * ordinary user to which root's files belong.
     */
    private static List<String> asOrdinaryUser() throws IOException {
        if (!"root".equals(System.getProperty("user.name"))) {
            return List.of();
        }
        List<String> prefix = List.of("unshare", "--user");
        var probe = new ArrayList<>(prefix);
        probe.add("true");
        if (!execute(probe).succeeded()) {
            throw new UnusableDataFolderException(
                    "The embedded PostgreSQL cannot run as root here: user namespaces are not allowed.",
                    "Start Hearth as another user, or name a PostgreSQL server with HEARTH_DB_URL.",
                    null);
        }
        return prefix;
    }

    private static Outcome execute(List<String> command) throws IOException {
        // A file, not a pipe: the server inherits the output and would keep a pipe open for ever.
        var output = Files.createTempFile("hearth-postgres", ".log");
        try {
            var process =
                    new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(output.toFile())
                            .start();
            if (!process.waitFor(90, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return new Outcome(-1, "no answer within 90 seconds");
            }
            return new Outcome(process.exitValue(), Files.readString(output).strip());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for " + command.getLast(), e);
        } finally {
            Files.delete(output);
        }
    }

    private static void unpack(String archive, Path target) throws IOException {
        try (var tar = new TarArchiveInputStream(new XZInputStream(open(archive)))) {
            for (var entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                var path = entry.resolveIn(target);
                Files.createDirectories(Objects.requireNonNull(path.getParent()));
                if (entry.isDirectory()) {
                    Files.createDirectories(path);
                } else if (entry.isSymbolicLink()) {
                    Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
                } else {
                    Files.copy(tar, path);
                    if (path.startsWith(target.resolve("bin"))
                            && !path.toFile().setExecutable(true, false)) {
                        throw new IOException("cannot make " + path + " executable");
                    }
                }
            }
        }
    }

    private static long checksum(String archive) throws IOException {
        try (var in = new CheckedInputStream(open(archive), new CRC32())) {
            in.transferTo(OutputStream.nullOutputStream());
            return in.getChecksum().getValue();
        }
    }

    private static InputStream open(String archive) throws IOException {
        var in = PostgresPrograms.class.getResourceAsStream("/" + archive);
        if (in == null) {
            throw new UnusableDataFolderException(
                    "This build of Hearth has no embedded PostgreSQL for this machine ("
                            + archive
                            + ").",
                    "Name a PostgreSQL server with HEARTH_DB_URL.",
                    null);
        }
        return new BufferedInputStream(in);
    }

    private static String archiveName() {
        var architecture =
                switch (System.getProperty("os.arch")) {
                    case "amd64", "x86_64" -> "x86_64";
                    case "aarch64" -> "arm_64";
                    case String other -> other;
                };
        var name = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        var system = name.startsWith("mac") ? "darwin" : name;
        return "postgres-%s-%s.txz".formatted(system, architecture);
    }
}
