/**
 * Upload, schema inference, reports, immutable tables stored as memory-mappable tensors, splits.
 */
@ApplicationModule(allowedDependencies = {"problem", "http", "storage", "random"})
@NullMarked
package dev.hearth.dataset;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
