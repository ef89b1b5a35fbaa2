package dev.hearth.dataset;

import dev.hearth.http.Owner;
import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A data set in any state.
 *
 * @param owner on whose account its bytes are
 * @param files as they were uploaded; once it is rejected or cancelled, their bytes are gone
 * @param options how the files are read
 * @param ready the data set itself, where its state is {@link DatasetState#READY}
 */
record DatasetEntry(
        DatasetId id,
        Owner owner,
        String name,
        List<StoredFile> files,
        DatasetOptions options,
        Lineage lineage,
        Standing standing,
        Instant createdAt,
        Optional<Dataset> ready) {

    DatasetEntry {
        files = List.copyOf(files);
    }

    /**
     * @throws ProblemException INVALID_STATE with the state and what to do about it
     */
    Dataset requireReady() {
        return ready.orElseThrow(() ->
                new ProblemException(
                        ProblemCode.INVALID_STATE,
                        "data set %s is %s%s"
                                .formatted(
                                        id,
                                        standing.state().text(),
                                        switch (standing.state()) {
                                            case PREPARING ->
                                                    "; wait until GET /v1/datasets/%s says ready"
                                                            .formatted(id);
                                            case REJECTED ->
                                                    "; GET /v1/datasets/%s says why, and the data has to be uploaded again"
                                                            .formatted(id);
                                            case CANCELLED -> "; upload the data again";
                                            case READY -> "";
                                        })));
    }
}
