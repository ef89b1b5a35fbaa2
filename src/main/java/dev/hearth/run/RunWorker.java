package dev.hearth.run;

import dev.hearth.job.JobContext;
import dev.hearth.job.JobHandler;
import dev.hearth.job.JobOutcome;
import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import dev.hearth.spec.TrainingRequest;
import dev.hearth.torchscript.LibTorch;
import dev.hearth.torchscript.NoMemoryException;
import dev.hearth.torchscript.UnfitValuesException;
import dev.hearth.train.DivergedException;
import java.io.IOException;
import java.util.Optional;
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
    private final RunAdmission admission;

    RunWorker(
            RunTable runs,
            RunRequests requests,
            RunLedger ledger,
            RunAttempt attempt,
            RunAdmission admission) {
        this.runs = runs;
        this.requests = requests;
        this.ledger = ledger;
        this.attempt = attempt;
        this.admission = admission;
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public JobOutcome execute(String id, JobContext context) throws IOException {
        RunJob job = RunJob.of(id);
        try (var _ = MDC.putCloseable("run_id", job.run().toString())) {
            return runs.find(job.run())
                    .map(found -> work(found, job, context))
                    .orElse(JobOutcome.DONE);
        }
    }

    @Override
    public void abandoned(String id, String reason) {
        ledger.abandoned(RunJob.of(id), reason);
    }

    private JobOutcome work(Run run, RunJob job, JobContext context) {
        TrainingRequest request = requests.parse(run.request());
        String device = device(request, context);
        Optional<RunAdmission.Admitted> admitted = admission.ask(run, request, job, device);
        if (admitted.isEmpty()) {
            return JobOutcome.NO_ROOM;
        }
        try (var share = admitted.get()) {
            return work(run, request, job, share, context);
        }
    }

    private JobOutcome work(
            Run run,
            TrainingRequest request,
            RunJob job,
            RunAdmission.Admitted share,
            JobContext context) {
        String device = share.device();
        var claimed = ledger.claim(job, device);
        if (claimed.isEmpty()) {
            log.info("nothing is left to do");
            return JobOutcome.DONE;
        }
        Lease lease = claimed.get();
        try {
            share.requireEnough();
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
            ledger.handBack(lease);
            return JobOutcome.HANDED_BACK;
        } catch (LeaseLostException e) {
            log.warn("{}; stopping", e.getMessage());
            return JobOutcome.DONE;
        } catch (DivergedException | UnfitValuesException e) {
            ledger.failed(
                    lease,
                    new Run.Failure(ProblemCode.TRAINING_FAILED, String.valueOf(e.getMessage())));
            return JobOutcome.DONE;
        } catch (NoMemoryException e) {
            ledger.failed(lease, share.failure(asked(e)));
            return JobOutcome.DONE;
        } catch (OutOfMemoryError e) {
            // What the run had is garbage by now, so the process goes on.
            log.warn("the heap was full", e);
            ledger.failed(
                    lease,
                    share.failure(
                            "the heap of the service was full (%s)".formatted(e.getMessage())));
            return JobOutcome.DONE;
        } catch (ProblemException e) {
            ledger.failed(lease, new Run.Failure(e.code(), e.detail()));
            return JobOutcome.DONE;
        } catch (IOException | RuntimeException e) {
            // The cause is ours, so the log has it and the caller is told where to look.
            log.error("training failed", e);
            ledger.failed(
                    lease,
                    new Run.Failure(
                            ProblemCode.INTERNAL_ERROR,
                            "training failed on our side; the log of run %s has the cause"
                                    .formatted(run.id())));
            return JobOutcome.DONE;
        }
    }

    private static String asked(NoMemoryException e) {
        return e.asked().isPresent()
                ? "%s could not be allocated".formatted(RunMemory.words(e.asked().getAsLong()))
                : "something could not be allocated";
    }

    /** The request's own device where it names one, else the worker's. */
    private static String device(TrainingRequest request, JobContext context) {
        return LibTorch.chooseDevice(
                request.device().equals("auto") ? context.slot().device() : request.device());
    }
}
