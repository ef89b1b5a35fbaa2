package dev.hearth.serving;

import dev.hearth.model.ModelVersion;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.springframework.stereotype.Component;

/** Finds the version that a request is for. */
@Component
class ModelReferences {

    private final ServedVersions versions;
    private final ServedAliases aliases;
    private final Shadows shadows;

    ModelReferences(ServedVersions versions, ServedAliases aliases, Shadows shadows) {
        this.versions = versions;
        this.aliases = aliases;
        this.shadows = shadows;
    }

    /**
     * Chooses the version that answers.
     *
     * @param key sends requests with the same key of an alias the same way; without one, each goes
     *     its own
     * @throws dev.hearth.problem.ProblemException NOT_FOUND, or MODEL_NOT_READY for a model that
     *     has no version yet
     */
    Chosen choose(ModelReference reference, Optional<RoutingKey> key) {
        return switch (reference) {
            case ModelReference.Latest(var model) ->
                    new Chosen(versions.latest(model), reference.asked(), Chosen.Witness.NOBODY);
            case ModelReference.Numbered(var model, int number) ->
                    new Chosen(
                            versions.numbered(model, number),
                            reference.asked(),
                            Chosen.Witness.NOBODY);
            case ModelReference.Aliased alias -> choose(alias, key);
        };
    }

    private Chosen choose(ModelReference.Aliased reference, Optional<RoutingKey> key) {
        ServedAlias served = aliases.require(reference);
        double point =
                key.map(each -> each.point(reference))
                        .orElseGet(() -> ThreadLocalRandom.current().nextDouble());
        ModelVersion version = served.routes().get(served.alias().setting().route(point));
        return new Chosen(version, reference.asked(), shadows.witness(served, version));
    }

    /** All versions that may answer, the first of which is as good as any to tell what they take. */
    List<ModelVersion> all(ModelReference reference) {
        return switch (reference) {
            case ModelReference.Latest(var model) -> List.of(versions.latest(model));
            case ModelReference.Numbered(var model, int number) ->
                    List.of(versions.numbered(model, number));
            case ModelReference.Aliased alias -> aliases.require(alias).routes();
        };
    }
}
