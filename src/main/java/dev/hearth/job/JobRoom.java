package dev.hearth.job;

import java.sql.Timestamp;
import java.time.Duration;
import java.time.InstantSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Remembers which jobs a worker had no room for, so that they are not offered again at once. */
final class JobRoom {

    /** Long enough for other jobs to be taken, short enough not to matter to who waits. */
    static final Duration PAUSE = Duration.ofSeconds(2);

    private final JdbcClient sql;
    private final InstantSource time;

    JobRoom(JdbcClient sql, InstantSource time) {
        this.sql = sql;
        this.time = time;
    }

    void wanting(String kind, String id) {
        sql.sql(
                        """
                        UPDATE scheduled_tasks SET not_before = :later
                        WHERE task_name = :kind AND task_instance = :id
                        """)
                .param("later", Timestamp.from(time.instant().plus(PAUSE)))
                .param("kind", kind)
                .param("id", id)
                .update();
    }
}
