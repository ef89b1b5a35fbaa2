/** Decodes pictures to the values that Pillow gives them. */
@NullMarked
package dev.hearth.dataset.image;

import org.jspecify.annotations.NullMarked;
