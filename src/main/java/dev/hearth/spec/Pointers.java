package dev.hearth.spec;

import dev.hearth.problem.JsonPointer;

/** JSON Pointers (RFC 6901). */
public final class Pointers {

    static final String MODEL = "/model";

    /** A pointer may not be longer than what it helps with. */
    private static final int LONGEST_NAME = 200;

    private Pointers() {}

    /**
     * To the field {@code name} of the object at {@code pointer}; to the object if absurdly long.
     */
    public static String field(String pointer, String name) {
        return name.length() > LONGEST_NAME ? pointer : pointer + "/" + JsonPointer.escaped(name);
    }

    /** To an element of the array at {@code pointer}. */
    public static String element(String pointer, int index) {
        return pointer + "/" + index;
    }

    /** To the layers of the model, or to what its {@code forward} does with them. */
    static String ofModel(LayerSpec.Container model) {
        return MODEL + (model instanceof LayerSpec.Module ? "/forward" : "/layers");
    }
}
