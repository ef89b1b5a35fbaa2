package dev.hearth.run;

import dev.hearth.dataset.Dataset;
import dev.hearth.dataset.Datasets;
import dev.hearth.dataset.Table;
import dev.hearth.job.JobQueue;
import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import dev.hearth.spec.TrainingRequest;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Lets a run begin where there is memory for it. */
@Component
class RunAdmission {

    private static final Logger log = LoggerFactory.getLogger(RunAdmission.class);

    /** What a run waits for, in its view. */
    private static final String MEMORY = "memory";

    private final MemoryBudget budget;
    private final WorkersMemory workers;
    private final Datasets datasets;
    private final JobQueue queue;
    private final RunLedger ledger;

    /** Runs that found no room, so that they are not planned again each time. */
    private final Map<RunId, Optional<RunMemory>> waiting = new ConcurrentHashMap<>();

    RunAdmission(
            MemoryBudget budget,
            WorkersMemory workers,
            Datasets datasets,
            JobQueue queue,
            RunLedger ledger) {
        this.budget = budget;
        this.workers = workers;
        this.datasets = datasets;
        this.queue = queue;
        this.ledger = ledger;
    }

    /**
     * The share of a run that may begin; closing gives it back.
     *
     * @param memory what the run takes, where that can be told
     */
    record Admitted(MemoryBudget budget, RunId run, String device, Optional<RunMemory> memory)
            implements AutoCloseable {

        /**
         * What is said of a run that ran out of memory all the same.
         *
         * @param asked what could not be allocated, in a sentence's words
         */
        Run.Failure failure(String asked) {
            return memory.map(known -> known.failure(device, asked, budget.of(device)))
                    .orElseGet(() -> new Run.Failure(ProblemCode.OUT_OF_MEMORY, asked));
        }

        /**
         * @throws ProblemException where the device would not do even if it were free
         */
        void requireEnough() {
            long most = budget.of(device);
            if (memory.isPresent() && memory.get().bytes() > most) {
                throw memory.get().refusal(most);
            }
        }

        @Override
        public void close() {
            budget.giveBack(run, device);
        }
    }

    /**
     * Empty where the run has to wait, for runs that have the memory now, or for a worker with
     * more. What no worker has enough for may begin, to be told so.
     */
    Optional<Admitted> ask(Run run, TrainingRequest request, RunJob job, String device) {
        Optional<RunMemory> memory = waiting.computeIfAbsent(run.id(), _ -> memory(run, request));
        long bytes = memory.map(RunMemory::bytes).orElse(0L);
        boolean fitsNowhere =
                bytes > budget.of(device)
                        && bytes > workers.most(request.device()).orElse(budget.of(device));
        if (fitsNowhere || budget.take(run.id(), device, bytes)) {
            queue.waitsNoMore(RunWorker.KIND, job.text());
            waiting.remove(run.id());
            return Optional.of(new Admitted(budget, run.id(), device, memory));
        }
        if (queue.waitsFor(RunWorker.KIND, job.text(), MEMORY)) {
            String detail =
                    "it needs %s of memory; on %s %s of %s are free"
                            .formatted(
                                    RunMemory.words(bytes),
                                    device,
                                    RunMemory.words(budget.free(device)),
                                    RunMemory.words(budget.of(device)));
            ledger.waiting(run.id(), detail);
            log.info("waits for memory: {}", detail);
        }
        return Optional.empty();
    }

    /** Planned as when it was sent, since how many rows train depends on all of them. */
    private Optional<RunMemory> memory(Run run, TrainingRequest request) {
        Optional<Dataset> dataset = datasets.find(run.dataset());
        if (dataset.isEmpty()) {
            return Optional.empty();
        }
        try (Table table = datasets.open(dataset.get())) {
            RunPlan plan = RunPlan.of(request.spec(), dataset.get(), table);
            return Optional.of(
                    RunMemory.of(request.spec(), plan.split().training().length, plan.checked()));
        } catch (ProblemException e) {
            // The training itself will say so, and end the run with it.
            log.info("its memory cannot be estimated: {}", e.detail());
            return Optional.empty();
        }
    }
}
