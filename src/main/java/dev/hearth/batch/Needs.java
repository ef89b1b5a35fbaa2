package dev.hearth.batch;

import dev.hearth.dataset.Dataset;
import dev.hearth.dataset.Datasets;
import dev.hearth.model.Aliases;
import dev.hearth.model.ModelVersion;
import dev.hearth.model.Models;
import dev.hearth.serving.ModelReference;
import org.springframework.stereotype.Component;

/** Finds the model version and the data set of a prediction. */
@Component
class Needs {

    /** The two. */
    record Found(ModelVersion version, Dataset dataset) {}

    private final Models models;
    private final Aliases aliases;
    private final Datasets datasets;

    Needs(Models models, Aliases aliases, Datasets datasets) {
        this.models = models;
        this.aliases = aliases;
        this.datasets = datasets;
    }

    /**
     * The version that is meant now, by what the database says and not by what this process
     * remembers: one query is nothing beside a prediction, and whoever has switched an alias means
     * the new version from then on. Of several versions that share an alias' requests it is the one
     * that gets most of them.
     *
     * @throws dev.hearth.problem.ProblemException NOT_FOUND, or MODEL_NOT_READY for a model that
     *     has no version yet
     */
    int version(ModelReference reference) {
        return switch (reference) {
            case ModelReference.Latest(var model) -> models.requireLatest(model).number();
            case ModelReference.Numbered(_, int version) -> version;
            case ModelReference.Aliased(var model, var alias) ->
                    aliases.require(model, alias).setting().main().version();
        };
    }

    /** Both, or a problem that says which is not there, or not ready. */
    Found of(NewBatch asked) {
        return new Found(
                models.require(asked.model(), asked.version()), datasets.require(asked.dataset()));
    }

    /** The same, and keeps both from being deleted until the caller's transaction ends. */
    Found hold(NewBatch asked) {
        return new Found(
                models.hold(asked.model(), asked.version()), datasets.hold(asked.dataset()));
    }
}
