package dev.hearth.run;

import dev.hearth.job.ProcessRoles;
import dev.hearth.torchscript.LibTorch;
import jakarta.annotation.PreDestroy;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** How much memory the devices of all processes with workers have, told by each of its own. */
@Component
class WorkersMemory {

    private static final Duration FORGOTTEN_AFTER = Duration.ofMinutes(2);

    private final UUID process = UUID.randomUUID();
    private final MemoryBudget budget;
    private final ProcessRoles roles;
    private final JdbcClient jdbc;
    private final InstantSource clock;

    WorkersMemory(MemoryBudget budget, ProcessRoles roles, JdbcClient jdbc, InstantSource clock) {
        this.budget = budget;
        this.roles = roles;
        this.jdbc = jdbc;
        this.clock = clock;
    }

    @Scheduled(fixedDelay = 30, timeUnit = TimeUnit.SECONDS)
    void tell() {
        if (!roles.works()) {
            return;
        }
        Instant now = clock.instant();
        Stream.concat(
                        Stream.of("cpu"),
                        IntStream.range(0, LibTorch.cudaDevices()).mapToObj(i -> "cuda:" + i))
                .forEach(device ->
                        jdbc.sql(
                                        """
                                        INSERT INTO worker_memory (process, device, bytes, seen_at)
                                        VALUES (:process, :device, :bytes, :now)
                                        ON CONFLICT (process, device)
                                            DO UPDATE SET bytes = :bytes, seen_at = :now
                                        """)
                                .param("process", process)
                                .param("device", device)
                                .param("bytes", budget.of(device))
                                .param("now", Timestamp.from(now))
                                .update());
        jdbc.sql("DELETE FROM worker_memory WHERE seen_at < :before")
                .param("before", Timestamp.from(now.minus(FORGOTTEN_AFTER)))
                .update();
    }

    @PreDestroy
    void leave() {
        jdbc.sql("DELETE FROM worker_memory WHERE process = :process")
                .param("process", process)
                .update();
    }

    /**
     * The most that one device has.
     *
     * @param requested the device of a run; {@code auto} for any
     * @return empty where no process with workers is known
     */
    OptionalLong most(String requested) {
        Long most =
                jdbc.sql(
                                """
                                SELECT max(bytes) FROM worker_memory
                                WHERE seen_at >= :since AND (:device = 'auto' OR device = :device)
                                """)
                        .param("since", Timestamp.from(clock.instant().minus(FORGOTTEN_AFTER)))
                        .param("device", requested.equals("cuda") ? "cuda:0" : requested)
                        .query((row, _) -> row.getObject(1, Long.class))
                        .list()
                        .getFirst();
        return most == null ? OptionalLong.empty() : OptionalLong.of(most);
    }
}
