package dev.hearth.run;

import dev.hearth.dataset.Dataset;
import dev.hearth.dataset.DatasetId;
import dev.hearth.dataset.Datasets;
import dev.hearth.http.Idempotency;
import dev.hearth.http.Owner;
import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import dev.hearth.spec.TrainingRequest;
import dev.hearth.spec.TrainingRequest.Purpose;
import dev.hearth.storage.Sha256;
import dev.hearth.torchscript.LibTorch;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.springframework.stereotype.Service;

/** From a request's bytes to a queued run: everything that can be known is checked first. */
@Service
class RunSubmission {

    private final RunRequests requests;
    private final SpecCheck check;
    private final Datasets datasets;
    private final Runs runs;
    private final Idempotency idempotency;

    RunSubmission(
            RunRequests requests,
            SpecCheck check,
            Datasets datasets,
            Runs runs,
            Idempotency idempotency) {
        this.requests = requests;
        this.check = check;
        this.datasets = datasets;
        this.runs = runs;
        this.idempotency = idempotency;
    }

    /** What {@code POST /v1/specs:check} answers. */
    SpecCheck.Answer check(byte[] body) {
        TrainingRequest request = requests.parse(body, Purpose.CHECK);
        requireDevice(request);
        return check.check(request, request.dataset().map(this::dataset));
    }

    /** Reads again what was accepted. */
    TrainingRequest parse(String accepted) {
        return requests.parse(accepted);
    }

    /** A request that a run can be made of. */
    record Accepted(TrainingRequest request, Dataset dataset) {}

    /**
     * Looks at everything that can be known of a run before it is queued.
     *
     * @throws ProblemException with all that is wrong
     */
    Accepted accept(byte[] body) {
        TrainingRequest request = requests.parse(body, Purpose.RUN);
        requireDevice(request);
        Dataset dataset = dataset(request.dataset().orElseThrow());
        check.plan(request, dataset);
        return new Accepted(request, dataset);
    }

    RunId submit(byte[] body, Optional<String> key) {
        Owner owner = Owner.current();
        var wanted =
                NewRun.of(
                        accept(body).request(),
                        new String(body, StandardCharsets.UTF_8),
                        owner,
                        Optional.empty());
        return new RunId(
                idempotency.once(
                        key,
                        "POST /v1/runs",
                        fingerprint(body),
                        () -> {
                            runs.requireRoom(owner);
                            return runs.queue(wanted).value();
                        }));
    }

    private Dataset dataset(String id) {
        return datasets.require(DatasetId.parse(id));
    }

    private static void requireDevice(TrainingRequest request) {
        try {
            LibTorch.chooseDevice(request.device());
        } catch (IllegalArgumentException e) {
            throw ProblemException.at(
                    ProblemCode.INVALID_SPECIFICATION, "/device", String.valueOf(e.getMessage()));
        }
    }

    private static String fingerprint(byte[] body) {
        var digest = Sha256.newDigest();
        digest.update(body);
        return Sha256.of(digest).hex();
    }
}
