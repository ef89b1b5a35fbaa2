/** Predictions over whole data sets: a queued job for each, and its result as CSV. */
@ApplicationModule(
        allowedDependencies = {
            "problem",
            "http",
            "storage",
            "job",
            "spec",
            "tensorfile",
            "dataset",
            "torchscript",
            "train",
            "model",
            "serving"
        })
@NullMarked
package dev.hearth.batch;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
