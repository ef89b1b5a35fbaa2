package dev.hearth.job;

/**
 * Where a job stands among those that wait.
 *
 * @param owner who it is for; owners share the workers fairly
 * @param priority higher ones go first, whoever they are for; what a smallint holds
 */
public record JobRank(String owner, int priority) {

    /** Of jobs that nobody in particular waits for. */
    public static final JobRank ORDINARY = new JobRank("default", 0);

    public JobRank {
        if (priority != (short) priority) {
            throw new IllegalArgumentException("priority %d is out of range".formatted(priority));
        }
    }
}
