/** Hearth: trains and serves PyTorch models over HTTP from one JVM process. */
@NullMarked
package dev.hearth;

import org.jspecify.annotations.NullMarked;
