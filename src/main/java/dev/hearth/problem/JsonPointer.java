package dev.hearth.problem;

/** Parts of JSON Pointers (RFC 6901). */
public final class JsonPointer {

    private JsonPointer() {}

    /** A field's name as it stands in a pointer. */
    public static String escaped(String name) {
        return name.replace("~", "~0").replace("/", "~1");
    }
}
