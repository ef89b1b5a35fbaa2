/**
 * Files on their way in: counted as they arrive, in forms, as bodies, and large ones in parts that
 * are resumable, checked, and durable one by one.
 */
@ApplicationModule(allowedDependencies = {"problem", "http", "storage"})
@NullMarked
package dev.hearth.upload;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
