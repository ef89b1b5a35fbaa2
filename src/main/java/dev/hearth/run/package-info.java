/** The training run as a resource; its job handler joins data set, training and model. */
@ApplicationModule(
        allowedDependencies = {
            "problem",
            "http",
            "storage",
            "job",
            "spec",
            "tensorfile",
            "dataset",
            "missing",
            "torchscript",
            "python",
            "train",
            "model"
        })
@NullMarked
package dev.hearth.run;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
