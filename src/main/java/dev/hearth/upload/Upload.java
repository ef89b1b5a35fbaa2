package dev.hearth.upload;

import dev.hearth.http.Owner;
import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import dev.hearth.storage.Blob;
import dev.hearth.storage.Sha256;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * A file that arrives in parts.
 *
 * @param owner on whose account its parts are
 * @param sizeBytes of the whole file
 * @param partBytes of each part; the last one has what is left
 * @param sha256 of the whole file, if it was announced
 * @param received the parts that are stored, by number, from 1
 * @param expiresAt when it is deleted, unless something comes before
 */
record Upload(
        UploadId id,
        Owner owner,
        String name,
        long sizeBytes,
        long partBytes,
        Optional<Sha256> sha256,
        SortedMap<Integer, Blob> received,
        Instant createdAt,
        Instant expiresAt) {

    Upload {
        received = new TreeMap<>(received);
    }

    int parts() {
        return Math.toIntExact(Math.ceilDiv(sizeBytes, partBytes));
    }

    /**
     * How many bytes a part has to have.
     *
     * @throws ProblemException NOT_FOUND where there is no such part
     */
    long partBytes(int number) {
        if (number < 1 || number > parts()) {
            throw new ProblemException(
                    ProblemCode.NOT_FOUND,
                    "upload %s has no part %d; its parts are 1 to %d"
                            .formatted(id, number, parts()));
        }
        return Math.min(partBytes, sizeBytes - (number - 1) * partBytes);
    }

    long receivedBytes() {
        return received.values().stream().mapToLong(Blob::sizeBytes).sum();
    }

    List<Integer> missing() {
        return IntStream.rangeClosed(1, parts())
                .filter(number -> !received.containsKey(number))
                .boxed()
                .toList();
    }
}
