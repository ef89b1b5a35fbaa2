/** Decodes pictures to the values that Pillow gives them. */
@NamedInterface("image")
@NullMarked
package dev.hearth.dataset.image;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
