package dev.hearth.serving;

import dev.hearth.model.AliasSetting.Shadow;
import dev.hearth.model.ModelVersion;
import dev.hearth.problem.Category;
import dev.hearth.problem.ProblemException;
import dev.hearth.serving.Question.Patience;
import dev.hearth.serving.ShadowMeters.Outcome;
import dev.hearth.torchscript.Cell;
import jakarta.annotation.PreDestroy;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Asks shadows what requests asked, when those have their answers, and compares.
 *
 * <p>A shadow is asked when there is nothing else to compute. What would have to wait longer, or
 * with more than there is room for, is dropped: requests never wait for a shadow and never fail for
 * one.
 */
@Component
class Shadows {

    private static final Logger log = LoggerFactory.getLogger(Shadows.class);

    /** As many as are computed together; more wait their turn here and not in the scheduler. */
    private static final int AT_ONCE = 32;

    private static final int MOST_WAITING = 256;
    private static final long MOST_WAITING_BYTES = 64 << 20;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Predictor predictor;
    private final ShadowMeters meters;
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicLong waitingBytes = new AtomicLong();
    private final ExecutorService asking =
            Executors.newFixedThreadPool(AT_ONCE, Thread.ofVirtual().name("shadow-", 0).factory());

    Shadows(Predictor predictor, ShadowMeters meters) {
        this.predictor = predictor;
        this.meters = meters;
    }

    /**
     * Who is told of the answer to a request.
     *
     * @param version that answers it
     */
    Chosen.Witness witness(ServedAlias alias, ModelVersion version) {
        Shadow setting = alias.alias().setting().shadow().orElse(null);
        ModelVersion shadow = alias.shadow().orElse(null);
        if (setting == null
                || shadow == null
                || ThreadLocalRandom.current().nextDouble() >= setting.fraction()) {
            return Chosen.Witness.NOBODY;
        }
        return (rows, outputs) -> offer(new Task(alias, setting, version, shadow), rows, outputs);
    }

    private record Task(
            ServedAlias alias, Shadow setting, ModelVersion real, ModelVersion shadow) {}

    private void offer(Task task, Rows rows, float[] outputs) {
        long bytes = bytes(rows) + (long) outputs.length * Float.BYTES;
        int all = waiting.incrementAndGet();
        long allBytes = waitingBytes.addAndGet(bytes);
        if (all > MOST_WAITING || allBytes > MOST_WAITING_BYTES) {
            drop(task, bytes);
            return;
        }
        try {
            asking.execute(() -> {
                try {
                    ask(task, rows, outputs);
                } finally {
                    leave(bytes);
                }
            });
        } catch (RejectedExecutionException _) {
            drop(task, bytes); // the service is stopping
        }
    }

    private void drop(Task task, long bytes) {
        leave(bytes);
        count(task, Outcome.DROPPED);
    }

    private void leave(long bytes) {
        waiting.decrementAndGet();
        waitingBytes.addAndGet(-bytes);
    }

    private void ask(Task task, Rows rows, float[] outputs) {
        try {
            float[] answer =
                    predictor.uncounted(
                            task.shadow(),
                            ShadowRows.of(rows, task.real(), task.shadow()),
                            Patience.inBackground(PATIENCE));
            meters.count(
                    task.alias().alias(),
                    task.shadow(),
                    ShadowComparison.of(
                            task.real().target(),
                            outputs,
                            answer,
                            rows.count(),
                            task.setting().tolerance()));
        } catch (ProblemException e) {
            if (e.code().category() == Category.OVERLOADED) {
                count(task, Outcome.DROPPED);
            } else {
                failed(task, e);
            }
        } catch (RuntimeException | Error e) {
            failed(task, e);
        }
    }

    private void failed(Task task, Throwable e) {
        count(task, Outcome.FAILED);
        log.debug("the shadow of {} had no answer", task.alias().alias(), e);
    }

    private void count(Task task, Outcome outcome) {
        meters.count(task.alias().alias(), task.shadow(), outcome);
    }

    private static long bytes(Rows rows) {
        return switch (rows) {
            case Rows.OfTable table -> (long) table.raw().length * Double.BYTES;
            case Rows.OfBlock(List<Cell> cells) ->
                    cells.stream().mapToLong(cell -> cell.bytes().remaining()).sum();
        };
    }

    @PreDestroy
    void close() {
        asking.shutdownNow();
    }
}
