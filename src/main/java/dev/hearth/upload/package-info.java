/** Large files that arrive in parts: resumable, checked, and durable part by part. */
@ApplicationModule(allowedDependencies = {"problem", "http", "storage"})
@NullMarked
package dev.hearth.upload;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
