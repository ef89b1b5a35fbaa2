/**
 * The JSON language of models, losses and optimisers: sealed records, validation, shape inference.
 */
@ApplicationModule(allowedDependencies = {"problem", "missing", "tensorfile"})
@NullMarked
package dev.hearth.spec;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
