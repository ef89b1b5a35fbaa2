/** What stands for the missing values of a column: the policies' names, and how they are read. */
@ApplicationModule(allowedDependencies = {"problem"})
@NullMarked
package dev.hearth.missing;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
