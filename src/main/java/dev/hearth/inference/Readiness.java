package dev.hearth.inference;

import dev.hearth.model.ModelVersion;
import dev.hearth.model.Models;
import dev.hearth.serving.ModelReference;
import dev.hearth.serving.Serving;
import java.util.List;
import java.util.Set;
import org.springframework.boot.health.actuate.endpoint.HealthEndpoint;
import org.springframework.boot.health.contributor.Status;
import org.springframework.stereotype.Component;

/** What the protocol asks of the server and of the models beside inference. */
@Component
class Readiness {

    /**
     * A version in the repository's index.
     *
     * @param state {@code READY} in memory, {@code UNAVAILABLE} not
     * @param reason why it is not; empty where it is
     */
    record IndexEntry(String name, String version, String state, String reason) {}

    private static final String NOT_LOADED =
            "not in memory; the first request, or load, brings it there";

    private final HealthEndpoint health;
    private final Models models;
    private final Serving serving;

    Readiness(HealthEndpoint health, Models models, Serving serving) {
        this.health = health;
        this.models = models;
        this.serving = serving;
    }

    /** Whether the server takes requests: it has started, is not stopping, and has its database. */
    boolean isReady() {
        var readiness = health.healthForPath("readiness");
        return readiness != null && readiness.getStatus().equals(Status.UP);
    }

    ModelMetadata metadata(Inference.Named named) {
        ModelVersion version = named.any();
        return new ModelMetadata(
                named.reference().asked(),
                versions(named).stream().map(String::valueOf).toList(),
                ModelMetadata.PLATFORM,
                ModelInput.of(version).inputs().stream().map(ModelInput.Input::metadata).toList(),
                new ModelOutput(version.target()).outputs());
    }

    private List<Integer> versions(Inference.Named named) {
        return switch (named.reference()) {
            case ModelReference.Latest _, ModelReference.Numbered _ ->
                    models.numbers(named.any().name());
            case ModelReference.Aliased _ ->
                    named.versions().stream().map(ModelVersion::number).toList();
        };
    }

    /**
     * All versions of all models.
     *
     * @param onlyLoaded those in memory alone
     */
    List<IndexEntry> index(boolean onlyLoaded) {
        return models.index().stream()
                .map(this::entry)
                .filter(entry -> !onlyLoaded || entry.reason().isEmpty())
                .toList();
    }

    private IndexEntry entry(Models.Place place) {
        boolean isLoaded = serving.isLoaded(place.name(), place.number());
        return new IndexEntry(
                place.name().value(),
                String.valueOf(place.number()),
                isLoaded ? "READY" : "UNAVAILABLE",
                isLoaded ? "" : NOT_LOADED);
    }

    /** A model is what was trained: its configuration and files are not replaced by a request. */
    void requireNoOverride(Set<String> parameters) {
        if (!parameters.isEmpty()) {
            throw StrictJson.refused(
                    "parameters",
                    "%s cannot be set; a model is loaded as it was trained".formatted(parameters));
        }
    }

    /** Brings the latest version into memory, or those of an alias. */
    void load(String name) {
        serving.all(ModelReference.of(name, null)).forEach(serving::load);
    }

    /** Lets all versions of a model go, or those of an alias. */
    void unload(String name) {
        var reference = ModelReference.of(name, null);
        List<Integer> numbers =
                switch (reference) {
                    case ModelReference.Latest(var model) -> models.numbers(model);
                    case ModelReference.Numbered(_, int number) -> List.of(number);
                    case ModelReference.Aliased alias ->
                            serving.all(alias).stream().map(ModelVersion::number).toList();
                };
        numbers.forEach(number -> serving.unload(reference.model(), number));
    }
}
