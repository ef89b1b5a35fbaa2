/** Trained models: versions, aliases, lineage, files. */
@ApplicationModule(
        allowedDependencies = {"problem", "http", "spec", "storage", "torchscript", "python"})
@NullMarked
package dev.hearth.model;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
