/**
 * Files of tensors: the types of their elements, what stands before them in those that we write,
 * and strict readers of those that somebody sent, without copying them.
 */
@ApplicationModule(allowedDependencies = {"problem"})
@NullMarked
package dev.hearth.tensorfile;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
