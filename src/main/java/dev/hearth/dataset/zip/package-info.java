/** Reads zip archives from anywhere: strictly, with flat memory, and counting real bytes. */
@NullMarked
package dev.hearth.dataset.zip;

import org.jspecify.annotations.NullMarked;
