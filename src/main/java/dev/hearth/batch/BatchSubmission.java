package dev.hearth.batch;

import dev.hearth.dataset.Dataset;
import dev.hearth.http.Idempotency;
import dev.hearth.http.JsonBody;
import dev.hearth.http.Owner;
import dev.hearth.problem.ProblemException;
import dev.hearth.problem.Violation;
import dev.hearth.storage.Sha256;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Service;

/** From a request's bytes to a queued prediction: all that can be known is checked first. */
@Service
class BatchSubmission {

    private final JsonBody json;
    private final Needs needs;
    private final Batches batches;
    private final Idempotency idempotency;

    BatchSubmission(JsonBody json, Needs needs, Batches batches, Idempotency idempotency) {
        this.json = json;
        this.needs = needs;
        this.batches = batches;
        this.idempotency = idempotency;
    }

    /**
     * @throws ProblemException INVALID_REQUEST with all that is wrong; NOT_FOUND, and INVALID_STATE
     *     for a data set that is not ready
     */
    BatchId submit(byte[] body, Optional<String> key) {
        NewBatch asked = json.read(body, BatchRequest.class).read(Owner.current(), needs::version);
        var found = needs.of(asked);
        var violations = new ArrayList<>(InputFit.violations(found.version(), found.dataset()));
        violations.addAll(copied(asked.columns(), found.dataset()));
        BatchRequest.require(violations);
        return new BatchId(
                idempotency.once(
                        key,
                        "POST /v1/predictions",
                        fingerprint(body),
                        () -> batches.queue(asked).value()));
    }

    private static List<Violation> copied(List<String> columns, Dataset dataset) {
        var violations = new ArrayList<Violation>();
        for (int i = 0; i < columns.size(); i++) {
            String name = columns.get(i);
            String pointer = "/columns/" + i;
            dataset.column(name)
                    .ifPresentOrElse(
                            column -> {
                                if (column.block().isPresent()) {
                                    violations.add(
                                            new Violation(
                                                    pointer,
                                                    "column '%s' is %s, which CSV does not hold"
                                                            .formatted(
                                                                    name,
                                                                    column.type().wireName())));
                                }
                            },
                            () ->
                                    violations.add(
                                            new Violation(
                                                    pointer,
                                                    "the data set has no column '%s'"
                                                            .formatted(name))));
        }
        return violations;
    }

    private static String fingerprint(byte[] body) {
        var digest = Sha256.newDigest();
        digest.update(body);
        return Sha256.of(digest).hex();
    }
}
