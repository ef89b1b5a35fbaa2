package dev.hearth.torchscript;

import dev.hearth.torchscript.PageAdvice.Advice;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;

/**
 * Has the rows of the next mini-batches read from a mapped file while those before train. Left to
 * itself, the system reads megabytes around each row that it does not find in memory, of which
 * shuffled mini-batches use kilobytes. So it is told not to, and which rows come next.
 *
 * <p>Only for a file that does not fit in memory: what does is soon there, and stays.
 */
final class ReadAhead implements AutoCloseable {

    /** The part of the memory that rows may take which are read before they are needed. */
    private static final int SHARE = 16;

    /** Where a mapped file's values are in memory. */
    record Mapping(long address, long bytes) {}

    /** Where rows are among the values, in bytes: begins and ends. */
    interface Rows {
        /** Of mini-batches {@code first} to {@code end − 1} of the epoch. */
        long[][] of(long first, long end);
    }

    private final PageAdvice advice;
    private final Mapping values;
    private final long mostBytes;
    private final ExecutorService reader =
            Executors.newSingleThreadExecutor(
                    Thread.ofPlatform().daemon().name("read-ahead").factory());

    private Advice given = Advice.NORMAL;
    private Future<?> reading = done();
    private long asked;
    private long bytesPerBatch = 1;

    private ReadAhead(PageAdvice advice, Mapping values, long memoryBytes) {
        this.advice = advice;
        this.values = values;
        this.mostBytes = memoryBytes / SHARE;
    }

    /**
     * Empty where reading ahead would not help or cannot be asked for.
     *
     * @param values which stay mapped until this is closed
     * @param memoryBytes that all of the process may take
     */
    static Optional<ReadAhead> of(Mapping values, long memoryBytes) {
        return values.bytes() <= memoryBytes / 2
                ? Optional.empty()
                : PageAdvice.ofSystem().map(advice -> new ReadAhead(advice, values, memoryBytes));
    }

    /** Before the first mini-batch of an epoch, or the next one of an epoch that is resumed. */
    void startEpoch() {
        await();
        asked = 0;
    }

    /**
     * Before mini-batches {@code first} to {@code first + count − 1} train: their rows are in
     * memory or on their way when this returns, and those of as many further ones begin to be read.
     *
     * @param batches of the epoch
     */
    void beforeSteps(long first, long count, long batches, Rows rows) {
        give(Advice.RANDOM);
        long end = first + count;
        asked = Math.max(asked, first);
        if (asked < end) {
            ask(end, rows);
        }
        await();
        long further = Math.clamp(mostBytes / bytesPerBatch, 1, count);
        if (asked < Math.min(batches, end + further)) {
            ask(Math.min(batches, end + further), rows);
        }
    }

    /** Before rows are gone through from the first to the last. */
    void beforeEvaluation() {
        await();
        give(Advice.NORMAL);
    }

    private void give(Advice wanted) {
        if (given != wanted) {
            advice.give(wanted, values.address(), values.address() + values.bytes());
            given = wanted;
        }
    }

    private void ask(long end, Rows rows) {
        long[][] spans = rows.of(asked, end);
        long bytes = Arrays.stream(spans).mapToLong(span -> span[1] - span[0]).sum();
        bytesPerBatch = Math.max(1, bytes / (end - asked));
        asked = end;
        // Asking takes time where much is being read already.
        reading = reader.submit(() -> read(spans));
    }

    private void read(long[][] spans) {
        Arrays.sort(spans, Comparator.comparingLong(span -> span[0]));
        for (long[] span : spans) {
            advice.give(Advice.WILL_NEED, values.address() + span[0], values.address() + span[1]);
        }
    }

    private void await() {
        try {
            reading.get();
        } catch (InterruptedException e) {
            // The training goes on, and whoever interrupts it is heard where it listens.
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            throw new IllegalStateException("reading ahead failed", e.getCause());
        }
    }

    private static Future<?> done() {
        var nothing = new FutureTask<Void>(() -> {}, null);
        nothing.run();
        return nothing;
    }

    @Override
    public void close() {
        reader.close();
    }
}
