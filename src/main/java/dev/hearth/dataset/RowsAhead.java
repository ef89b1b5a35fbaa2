package dev.hearth.dataset;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * Rows of a text that a thread of its own reads while those before are worked on. What is wrong in
 * the text is told after the rows before it, as without the thread.
 */
final class RowsAhead implements Rows {

    private static final int BATCHES = 3;

    /** What comes from the thread; the last one has why there are no more. */
    private record Delivery(RowBatch batch, @Nullable Ending ending) {}

    /** The end of the file, or what has kept from reading on. */
    private record Ending(@Nullable Throwable failure) {}

    private final Rows rows;
    private final CellRow shown;
    private final BlockingQueue<RowBatch> free = new ArrayBlockingQueue<>(BATCHES);
    private final BlockingQueue<Delivery> read = new ArrayBlockingQueue<>(BATCHES);
    private final Thread reader;
    private volatile boolean closed;
    private @Nullable Delivery current;
    private int next;

    /**
     * Takes over {@code rows}, and closes them in the end.
     *
     * @param maxCells as they were opened with
     */
    RowsAhead(Rows rows, int maxCells) {
        this.rows = rows;
        this.shown = new CellRow(maxCells, "line");
        for (int i = 0; i < BATCHES; i++) {
            free.add(new RowBatch());
        }
        this.reader = Thread.ofPlatform().daemon().name("rows").start(this::readAll);
    }

    private void readAll() {
        try {
            Ending ending = null;
            while (ending == null && !closed) {
                RowBatch batch = free.take();
                if (!closed) {
                    batch.clear();
                    ending = fill(batch);
                    read.put(new Delivery(batch, ending));
                }
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts this thread", e);
        }
    }

    private @Nullable Ending fill(RowBatch batch) {
        try {
            while (!batch.isFull() && !closed) {
                CellRow row = rows.next();
                if (row == null) {
                    return new Ending(null);
                }
                batch.add(row);
            }
            return null;
        } catch (IOException | UnreadableException | RuntimeException | Error e) {
            return new Ending(e);
        }
    }

    @Override
    public @Nullable CellRow next() throws IOException, UnreadableException {
        Delivery delivery = current == null ? take() : current;
        while (next == delivery.batch().rows()) {
            if (delivery.ending() != null) {
                current = delivery;
                return ended(delivery.ending());
            }
            free.add(delivery.batch());
            delivery = take();
        }
        current = delivery;
        delivery.batch().show(next++, shown);
        return shown;
    }

    private Delivery take() throws InterruptedIOException {
        try {
            next = 0;
            return read.take();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while rows were read");
        }
    }

    private static @Nullable CellRow ended(Ending ending) throws IOException, UnreadableException {
        return switch (ending.failure()) {
            case null -> null;
            case IOException e -> throw e;
            case UnreadableException e -> throw e;
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            case Throwable e -> throw new IllegalStateException(e);
        };
    }

    @Override
    public void close() throws IOException {
        closed = true;
        // Wakes the thread where it waits for a batch.
        free.offer(new RowBatch());
        try {
            reader.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while rows were read");
        } finally {
            rows.close();
        }
    }
}
