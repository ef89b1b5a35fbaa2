/** Reads files of tensors that somebody sent, strictly and without copying them. */
@ApplicationModule(allowedDependencies = {"problem"})
@NullMarked
package dev.hearth.tensorfile;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
