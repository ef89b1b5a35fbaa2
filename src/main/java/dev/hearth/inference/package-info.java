/** The Open Inference Protocol V2: REST with the binary tensor extension, and gRPC. */
@ApplicationModule(
        allowedDependencies = {
            "problem",
            "http",
            "job",
            "spec",
            "model",
            "serving",
            "tensorfile",
            "torchscript"
        })
@NullMarked
package dev.hearth.inference;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
