package dev.hearth.model;

import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import dev.hearth.storage.BlobStore;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.IntFunction;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Trained models by name and version. */
@Service
public class Models {

    /** Where a version is found. */
    public record Place(ModelName name, int number) {}

    private final ModelTable table;
    private final BlobStore blobs;
    private final ApplicationEventPublisher events;
    private final Optional<PendingVersions> pending;
    private final List<ModelUse> uses;

    Models(
            ModelTable table,
            BlobStore blobs,
            ApplicationEventPublisher events,
            Optional<PendingVersions> pending,
            List<ModelUse> uses) {
        this.table = table;
        this.blobs = blobs;
        this.events = events;
        this.pending = pending;
        this.uses = uses;
    }

    /**
     * Adds the next version of a model, in the caller's transaction.
     *
     * @param version makes the version of a given number; its files are already stored
     */
    @Transactional
    public ModelVersion publish(ModelName name, IntFunction<ModelVersion> version) {
        ModelVersion published = version.apply(table.nextNumber(name));
        table.insert(published);
        published
                .files()
                .forEach(file ->
                        blobs.own(
                                owner(name, published.number()),
                                published.owner(),
                                file.blob().hash()));
        events.publishEvent(new ModelPublished(name, published.number()));
        return published;
    }

    /** A version, or a problem that says which there are. */
    public ModelVersion require(ModelName name, int number) {
        return table.find(name, number)
                .orElseThrow(() -> {
                    int latest = latestNumber(name);
                    return new ProblemException(
                            ProblemCode.NOT_FOUND,
                            "model '%s' has no version %d; its latest is %d"
                                    .formatted(name, number, latest));
                });
    }

    public ModelVersion requireLatest(ModelName name) {
        return require(name, latestNumber(name));
    }

    /** The ID of a version that was published, for those who refer to things by ID. */
    public UUID id(ModelVersion version) {
        return table.id(version.name(), version.number());
    }

    /** The version of an ID, or a problem that says that it is gone. */
    public ModelVersion require(UUID id) {
        return table.find(id)
                .orElseThrow(() ->
                        new ProblemException(
                                ProblemCode.NOT_FOUND,
                                "the model version that was made is deleted by now"));
    }

    /** The numbers of all versions of a model, ascending; a problem where it has none. */
    public List<Integer> numbers(ModelName name) {
        List<Integer> numbers = table.numbers(name);
        if (numbers.isEmpty()) {
            throw noVersion(name);
        }
        return numbers;
    }

    /** All versions of all models, by name and number. */
    public List<Place> index() {
        return table.index();
    }

    /**
     * Deletes a version that nothing needs, and gives its bytes back.
     *
     * @throws ProblemException IN_USE as long as something does, such as an alias
     */
    @Transactional
    public void delete(ModelName name, int number) {
        // Waits for those who are about to refer to it.
        if (!table.lock(name, number)) {
            throw new ProblemException(
                    ProblemCode.NOT_FOUND, "model '%s' has no version %d".formatted(name, number));
        }
        uses.stream()
                .flatMap(use -> use.user(name, number).stream())
                .findFirst()
                .ifPresent(user -> {
                    throw new ProblemException(
                            ProblemCode.IN_USE,
                            "version %d of model '%s' is needed: %s"
                                    .formatted(number, name, user));
                });
        table.delete(name, number);
        blobs.release(owner(name, number));
        events.publishEvent(new ModelDeleted(name, number));
    }

    List<ModelTable.Head> heads(String after, int limit) {
        return table.heads(after, limit);
    }

    List<ModelVersion> versions(ModelName name, int below, int limit) {
        return table.versions(name, below, limit);
    }

    private int latestNumber(ModelName name) {
        return table.latest(name).orElseThrow(() -> noVersion(name));
    }

    private ProblemException noVersion(ModelName name) {
        return pending.flatMap(runs -> runs.pending(name))
                .map(what ->
                        new ProblemException(
                                ProblemCode.MODEL_NOT_READY,
                                "model '%s' has no version yet: %s".formatted(name, what)))
                .orElseGet(() ->
                        new ProblemException(
                                ProblemCode.NOT_FOUND,
                                "there is no model '%s'; GET /v1/models lists those that are"
                                        .formatted(name)));
    }

    static ProblemException noSuchFile(ModelVersion version, String fileName) {
        return new ProblemException(
                ProblemCode.NOT_FOUND,
                "version %d of model '%s' has no file '%s'; it has %s"
                        .formatted(
                                version.number(),
                                version.name(),
                                fileName,
                                version.files().stream().map(ModelFile::name).toList()));
    }

    private static String owner(ModelName name, int number) {
        return "model:" + name + ":" + number;
    }
}
