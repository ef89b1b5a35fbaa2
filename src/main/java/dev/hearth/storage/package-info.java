/** Blobs by content hash, written atomically: a folder, or any S3-compatible store. */
@ApplicationModule(allowedDependencies = {"problem", "http"})
@NullMarked
package dev.hearth.storage;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
