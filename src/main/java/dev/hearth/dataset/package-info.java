/**
 * Upload, schema inference, reports, immutable versions stored as memory-mappable tensors, splits.
 * It uses the queue, where large data sets are prepared.
 */
@ApplicationModule(
        allowedDependencies = {
            "problem",
            "http",
            "storage",
            "job",
            "upload",
            "random",
            "tensorfile",
            "missing"
        })
@NullMarked
package dev.hearth.dataset;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
