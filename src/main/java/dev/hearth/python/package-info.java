/**
 * Writes models and runs as plain PyTorch: files that a user could have written by hand, and that
 * make the same numbers. Of data sets it knows how their files are written.
 */
@ApplicationModule(allowedDependencies = {"problem", "spec", "dataset", "missing"})
@NullMarked
package dev.hearth.python;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
