package dev.hearth.database;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;

/**
 * A real PostgreSQL that belongs to this process: started on a free port of the loopback interface,
 * stopped with it, its data kept. Durable: it syncs to disk as any server does.
 *
 * <p>Only one Hearth may use a data folder; a file lock tells. Whoever holds the lock may therefore
 * stop a server that a killed Hearth left running, and clear away what it left behind.
 */
final class EmbeddedDatabase implements JdbcConnectionDetails, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(EmbeddedDatabase.class);

    private static final String USER = "hearth";
    private static final int PORTS_TO_TRY = 3;

    private final FileChannel lock;
    private final PostgresPrograms programs;
    private final Path cluster;
    private final String password;
    private final int port;

    private EmbeddedDatabase(FileChannel lock, PostgresPrograms programs, Path folder)
            throws IOException {
        this.lock = lock;
        this.programs = programs;
        this.cluster = folder.resolve("cluster");
        var passwordFile = folder.resolve("password");
        if (Files.notExists(cluster)) {
            initialize(folder, passwordFile);
        }
        this.password = Files.readString(passwordFile);
        stopLeftover();
        this.port = startOnAFreePort(folder.resolve("server.log"));
    }

    /**
     * Starts the server, making its data first where there is none.
     *
     * @param folder the server's own folder
     * @param programsDir where its programs are unpacked
     */
    static EmbeddedDatabase start(Path folder, Path programsDir) {
        var started = System.nanoTime();
        FileChannel lock = null;
        try {
            lock = lock(folder);
            var programs = PostgresPrograms.unpackTo(programsDir);
            var database = new EmbeddedDatabase(lock, programs, folder);
            log.info(
                    "Embedded PostgreSQL in {} answers on port {} after {} ms",
                    folder,
                    database.port,
                    (System.nanoTime() - started) / 1_000_000);
            return database;
        } catch (IOException e) {
            release(lock);
            throw new UnusableDataFolderException(
                    "The embedded PostgreSQL in %s cannot start: %s".formatted(folder, e),
                    "Check that the folder can be written and has space, choose another with"
                            + " HEARTH_DATA_DIR, or name a PostgreSQL server with HEARTH_DB_URL.",
                    e);
        } catch (RuntimeException e) {
            release(lock);
            throw e;
        }
    }

    @Override
    public String getJdbcUrl() {
        return "jdbc:postgresql://127.0.0.1:" + port + "/postgres";
    }

    @Override
    public String getUsername() {
        return USER;
    }

    @Override
    public String getPassword() {
        return password;
    }

    /** Stops the server; Spring calls it after the pool is closed. */
    @Override
    public void close() {
        try {
            stop();
            log.info("Embedded PostgreSQL stopped");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            release(lock);
        }
    }

    /** Forgets the server without stopping it, as a kill of this process would. */
    void abandon() {
        release(lock);
    }

    private static FileChannel lock(Path folder) throws IOException {
        Files.createDirectories(folder);
        var channel =
                FileChannel.open(
                        folder.resolve("hearth.lock"),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE);
        try {
            if (channel.tryLock() != null) {
                return channel;
            }
        } catch (OverlappingFileLockException e) {
            log.debug("Locked by this very process", e);
        }
        channel.close();
        throw new UnusableDataFolderException(
                "Another Hearth is using the data folder " + folder.getParent() + ".",
                "Stop it, or give this one a folder of its own with HEARTH_DATA_DIR.",
                null);
    }

    private static void release(@Nullable FileChannel lock) {
        try {
            if (lock != null) {
                lock.close();
            }
        } catch (IOException e) {
            log.warn("Cannot release the lock of the data folder", e);
        }
    }

    /** In a folder of another name until it is complete: a kill half-way leaves no half cluster. */
    private void initialize(Path folder, Path passwordFile) throws IOException {
        log.info("Making a new database in {}", folder);
        var random = new byte[24];
        new SecureRandom().nextBytes(random);
        Files.deleteIfExists(passwordFile);
        Files.createFile(
                passwordFile,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(passwordFile, HexFormat.of().formatHex(random));
        var unfinished = Files.createTempDirectory(folder, "initializing-");
        var outcome =
                programs.run(
                        "initdb",
                        List.of(
                                "--pgdata=" + unfinished,
                                "--username=" + USER,
                                "--auth=scram-sha-256",
                                "--pwfile=" + passwordFile,
                                "--encoding=UTF8",
                                "--no-locale",
                                "--no-instructions"));
        if (!outcome.succeeded()) {
            throw new IOException("initdb failed: " + outcome.output());
        }
        Files.move(unfinished, cluster);
    }

    /** What a Hearth that was killed left: a server still running, or just its PID file. */
    private void stopLeftover() throws IOException {
        var pidFile = cluster.resolve("postmaster.pid");
        if (Files.notExists(pidFile)) {
            return;
        }
        var pid = Long.parseLong(Files.readAllLines(pidFile).getFirst().strip());
        if (serves(pid)) {
            log.info("Stopping the PostgreSQL that an earlier Hearth left running");
            stop();
        } else {
            // The number may by now belong to any other process, and PostgreSQL would believe it.
            Files.deleteIfExists(pidFile);
        }
    }

    private boolean serves(long pid) {
        return ProcessHandle.of(pid)
                .flatMap(process -> process.info().commandLine())
                .filter(line -> line.contains("postgres") && line.contains(cluster.toString()))
                .isPresent();
    }

    private int startOnAFreePort(Path serverLog) throws IOException {
        var output = "";
        for (var attempt = 0; attempt < PORTS_TO_TRY; attempt++) {
            var candidate = freePort();
            var options =
                    "-p %d -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c timezone=UTC"
                            .formatted(candidate);
            var outcome =
                    programs.run(
                            "pg_ctl",
                            List.of(
                                    "--pgdata=" + cluster,
                                    "--log=" + serverLog,
                                    "--wait",
                                    "--silent",
                                    "--options=" + options,
                                    "start"));
            if (outcome.succeeded()) {
                return candidate;
            }
            output = outcome.output();
        }
        throw new IOException("%s (see %s)".formatted(output, serverLog));
    }

    private void stop() throws IOException {
        var outcome =
                programs.run(
                        "pg_ctl",
                        List.of(
                                "--pgdata=" + cluster,
                                "--mode=fast",
                                "--wait",
                                "--silent",
                                "stop"));
        if (!outcome.succeeded()) {
            throw new IOException("pg_ctl stop failed: " + outcome.output());
        }
    }

    /** Free now; where another process is quicker to take it, the next one is tried. */
    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
