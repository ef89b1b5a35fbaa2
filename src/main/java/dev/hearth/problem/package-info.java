/** The catalogue of errors and their RFC 9457 rendering. */
@ApplicationModule(allowedDependencies = {})
@NullMarked
package dev.hearth.problem;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
