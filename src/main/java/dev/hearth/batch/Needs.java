package dev.hearth.batch;

import dev.hearth.dataset.Dataset;
import dev.hearth.dataset.Datasets;
import dev.hearth.model.ModelVersion;
import dev.hearth.model.Models;
import org.springframework.stereotype.Component;

/** Finds the model version and the data set of a prediction. */
@Component
class Needs {

    /** The two. */
    record Found(ModelVersion version, Dataset dataset) {}

    private final Models models;
    private final Datasets datasets;

    Needs(Models models, Datasets datasets) {
        this.models = models;
        this.datasets = datasets;
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
