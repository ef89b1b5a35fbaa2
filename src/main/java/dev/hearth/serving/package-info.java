/** Loads models, admits requests, predicts. */
@ApplicationModule(
        allowedDependencies = {
            "problem",
            "http",
            "spec",
            "storage",
            "torchscript",
            "model",
            "dataset :: image"
        })
@NullMarked
package dev.hearth.serving;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
