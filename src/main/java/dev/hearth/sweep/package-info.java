/**
 * Many runs as one resource: sweeps over a run's values, and cross-validation. One mechanism starts
 * the runs of both, a few at a time, and goes on when one ends.
 */
@ApplicationModule(
        allowedDependencies = {
            "problem", "http", "storage", "job", "random", "spec", "dataset", "run"
        })
@NullMarked
package dev.hearth.sweep;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
