/** Makes model versions of weights that were trained elsewhere. */
@ApplicationModule(
        allowedDependencies = {
            "problem",
            "http",
            "storage",
            "upload",
            "spec",
            "torchscript",
            "model"
        })
@NullMarked
package dev.hearth.importing;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
