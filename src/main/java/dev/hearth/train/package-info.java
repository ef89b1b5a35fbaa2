/** The training algorithm: epochs, slices, metrics. */
@ApplicationModule(allowedDependencies = {"problem", "spec", "torchscript", "random"})
@NullMarked
package dev.hearth.train;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
