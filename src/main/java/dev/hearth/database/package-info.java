/** The connection to PostgreSQL: an embedded server in the data folder, or one named by its URL. */
@ApplicationModule(allowedDependencies = {"problem"})
@NullMarked
package dev.hearth.database;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
