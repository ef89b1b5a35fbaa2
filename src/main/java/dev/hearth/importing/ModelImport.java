package dev.hearth.importing;

import dev.hearth.http.Idempotency;
import dev.hearth.model.ModelVersion;
import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import dev.hearth.spec.ImportRequest;
import dev.hearth.storage.Reservation;
import dev.hearth.storage.Scratch;
import dev.hearth.storage.Sha256;
import dev.hearth.torchscript.TensorFile;
import java.io.IOException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.springframework.stereotype.Service;

/** From a file of weights to a model's version: all is checked first, then all of it is kept. */
@Service
class ModelImport {

    private static final long LONGEST_WAIT_SECONDS = 60;

    private final ImportRecipes recipes;
    private final Scratch scratch;
    private final ImportedVersions versions;
    private final Idempotency idempotency;

    /** One at a time: a model may be a gigabyte, in the file and in memory. */
    private final ReentrantLock turn = new ReentrantLock(true);

    ModelImport(
            ImportRecipes recipes,
            Scratch scratch,
            ImportedVersions versions,
            Idempotency idempotency) {
        this.recipes = recipes;
        this.scratch = scratch;
        this.versions = versions;
        this.idempotency = idempotency;
    }

    /**
     * @param file what was sent
     * @param room that is reserved for it; grows by what is made of it
     * @param key the request's {@code Idempotency-Key}
     * @throws ProblemException with all that is wrong; nothing is left behind
     */
    ModelVersion importModel(
            byte[] specification, UploadedFile.Source file, Reservation room, Optional<String> key)
            throws IOException {
        ImportRequest request = recipes.parse(specification);
        try (var upload = UploadedFile.receive(file, scratch)) {
            await();
            try (var tensors = TensorFile.open(upload.path())) {
                Recipe recipe = recipes.recipe(request, specification);
                var weights = tensors.weights(recipe.model().plan(), request.stripPrefix());
                var draft =
                        new ImportedVersions.Draft(
                                request.name(), recipe, upload, tensors.format(), weights);
                versions.requireRuns(draft);
                UUID id =
                        idempotency.once(
                                key,
                                "POST /v1/models",
                                fingerprint(specification, upload),
                                () -> versions.publish(draft, room));
                return versions.require(id);
            } finally {
                turn.unlock();
            }
        }
    }

    private void await() {
        try {
            if (turn.tryLock(LONGEST_WAIT_SECONDS, TimeUnit.SECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ProblemException(ProblemCode.OVERLOADED, "the server is stopping", e);
        }
        throw new ProblemException(
                ProblemCode.OVERLOADED, "other imports are going on; try again shortly");
    }

    private static String fingerprint(byte[] specification, UploadedFile file) {
        MessageDigest digest = Sha256.newDigest();
        digest.update(specification);
        digest.update(HexFormat.of().parseHex(file.sha256()));
        return Sha256.of(digest).hex();
    }
}
