/**
 * What all endpoints share: pages and cursors, idempotency keys, credentials, size limits, OpenAPI.
 */
@ApplicationModule(allowedDependencies = {"problem"})
@NullMarked
package dev.hearth.http;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
