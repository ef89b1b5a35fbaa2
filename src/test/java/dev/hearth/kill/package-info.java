/** Several processes, and what is done to them. */
@NullMarked
package dev.hearth.kill;

import org.jspecify.annotations.NullMarked;
