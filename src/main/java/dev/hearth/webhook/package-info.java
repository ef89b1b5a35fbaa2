/** Tells other services of what happens to runs: signed, in order, until they have it. */
@ApplicationModule(allowedDependencies = {"problem", "http", "storage", "job", "run"})
@NullMarked
package dev.hearth.webhook;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
