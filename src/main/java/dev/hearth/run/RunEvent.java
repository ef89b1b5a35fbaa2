package dev.hearth.run;

import java.time.Instant;

/**
 * Something that happened to a run.
 *
 * @param sequence rises with time, over all runs
 * @param type such as {@code queued}, {@code running} or {@code failed}
 */
record RunEvent(long sequence, String type, String detail, Instant createdAt) {}
