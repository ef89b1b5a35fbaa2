package dev.hearth.http;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Says of a call that answers JSON that it answers text of another type, too, such as {@code
 * text/csv}, where {@code Accept} asks for it. Another method does that, hidden in the OpenAPI
 * document, since one path is one call there.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface Also {
    /** The other media type. */
    String value();
}
