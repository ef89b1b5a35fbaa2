package dev.hearth.job;

/**
 * The order in which jobs are taken: the highest priority first; among those the job of the owner
 * who has the fewest with a worker; among those the owner who has had the workers for the least
 * time of late; then the oldest job.
 *
 * <p>An owner's second job stands behind everybody's first, as it will when the first is taken. So
 * the line is right for as many as are taken at once, and for those further behind a good guess:
 * what is running will end, and then owners have had more time.
 */
final class JobLine {

    /** After which time of the workers' that an owner has had counts for half. */
    static final int HALF_LIFE_SECONDS = 3600;

    /**
     * Common table expressions, to be followed by a query: {@code given} has {@code now} and {@code
     * kinds}, which are the two parameters; {@code line} has the waiting jobs of those kinds with
     * their {@code place}, from 1.
     */
    static final String CTE =
            """
            WITH given AS (SELECT ?::timestamptz AS now, ?::text[] AS kinds),
            had AS (
                SELECT owner, sum(running) AS running, sum(seconds) AS seconds
                FROM (SELECT owner, 0 AS running,
                             seconds * power(0.5, greatest(0, extract(epoch FROM now - at)) / %d) AS seconds
                      FROM job_use, given
                      UNION ALL
                      SELECT owner, 1, coalesce(greatest(0, extract(epoch FROM now - picked_at)), 0)
                      FROM scheduled_tasks, given
                      WHERE picked AND task_name = ANY (kinds)) AS each
                GROUP BY owner),
            line AS (
                SELECT task_name, task_instance,
                       row_number() OVER (ORDER BY priority DESC, running + ahead, seconds,
                           execution_time, task_instance) AS place
                FROM (SELECT job.task_name, job.task_instance, job.priority, job.execution_time,
                             coalesce(had.running, 0) AS running, coalesce(had.seconds, 0) AS seconds,
                             row_number() OVER (PARTITION BY job.owner
                                 ORDER BY job.priority DESC, job.execution_time, job.task_instance) - 1
                                 AS ahead
                      FROM scheduled_tasks AS job CROSS JOIN given LEFT JOIN had USING (owner)
                      WHERE NOT job.picked AND job.task_name = ANY (given.kinds)) AS waiting)
            """
                    .formatted(HALF_LIFE_SECONDS);

    private JobLine() {}
}
