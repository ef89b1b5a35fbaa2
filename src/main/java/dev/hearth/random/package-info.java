/** PyTorch's random numbers, in Java. */
@ApplicationModule(allowedDependencies = {})
@NullMarked
package dev.hearth.random;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
