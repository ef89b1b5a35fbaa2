package dev.hearth.run;

import dev.hearth.job.JobContext;
import dev.hearth.job.JobHandler;
import dev.hearth.job.JobOutcome;
import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import dev.hearth.problem.UnavailableException;
import dev.hearth.spec.TrainingRequest;
import dev.hearth.torchscript.LibTorch;
import dev.hearth.torchscript.UnfitValuesException;
import dev.hearth.train.DivergedException;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.springframework.stereotype.Component;

/** Does the jobs of the queue: claims a run, trains it, and records how it ended. */
@Component
class RunWorker implements JobHandler {

    static final String KIND = "run";

    private static final Logger log = LoggerFactory.getLogger(RunWorker.class);

    private final RunTable runs;
    private final RunRequests requests;
    private final RunLedger ledger;
    private final RunAttempt attempt;

    RunWorker(RunTable runs, RunRequests requests, RunLedger ledger, RunAttempt attempt) {
        this.runs = runs;
        this.requests = requests;
        this.ledger = ledger;
        this.attempt = attempt;
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public JobOutcome execute(String id, JobContext context) throws IOException {
        RunJob job = RunJob.of(id);
        try (var _ = MDC.putCloseable("run_id", job.run().toString())) {
            var found = runs.find(job.run());
            return found.isPresent() ? work(found.get(), job, context) : JobOutcome.DONE;
        }
    }

    @Override
    public void abandoned(String id, String reason) {
        ledger.abandoned(RunJob.of(id), reason);
    }

    private JobOutcome work(Run run, RunJob job, JobContext context) throws UnavailableException {
        TrainingRequest request = requests.parse(run.request());
        String device = device(request, context);
        var claimed = ledger.claim(job, device);
        if (claimed.isEmpty()) {
            log.info("nothing is left to do");
            return JobOutcome.DONE;
        }
        Lease lease = claimed.get();
        try {
            log.info("training model {} on {}", run.model(), device);
            attempt.train(new RunAttempt.Claimed(run, request, lease, device), context::stopping);
            return JobOutcome.DONE;
        } catch (RunProgress.CancelledException e) {
            ledger.cancelled(lease);
            return JobOutcome.DONE;
        } catch (RunProgress.PausedException e) {
            ledger.paused(lease);
            return JobOutcome.DONE;
        } catch (RunProgress.HandedBackException e) {
            ledger.handBack(lease, "handed back by a process that is stopping");
            return JobOutcome.HANDED_BACK;
        } catch (LeaseLostException e) {
            log.warn("{}; stopping", e.getMessage());
            return JobOutcome.DONE;
        } catch (DivergedException | UnfitValuesException e) {
            ledger.failed(
                    lease,
                    new Run.Failure(ProblemCode.TRAINING_FAILED, String.valueOf(e.getMessage())));
            return JobOutcome.DONE;
        } catch (ProblemException e) {
            ledger.failed(lease, new Run.Failure(e.code(), e.detail()));
            return JobOutcome.DONE;
        } catch (IOException | RuntimeException e) {
            var unavailable = UnavailableException.in(e);
            if (unavailable.isPresent()) {
                // The queue tries again a little later, and counts how often.
                ledger.handBack(lease, RunFailure.words(e));
                throw unavailable.get();
            }
            log.error("training failed", e);
            ledger.failed(lease, RunFailure.of(run.id(), e));
            return JobOutcome.DONE;
        }
    }

    /** The request's own device where it names one, else the worker's. */
    private static String device(TrainingRequest request, JobContext context) {
        return LibTorch.chooseDevice(
                request.device().equals("auto") ? context.slot().device() : request.device());
    }
}
