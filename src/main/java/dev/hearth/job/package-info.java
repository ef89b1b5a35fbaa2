/** A durable queue on PostgreSQL that knows no machine learning. */
@ApplicationModule(allowedDependencies = {"problem"})
@NullMarked
package dev.hearth.job;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
