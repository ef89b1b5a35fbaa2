package dev.hearth.inference;

import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.exc.InputCoercionException;

/** Reads JSON token by token, where each value has to be of the form that its place has. */
final class StrictJson {

    private final JsonParser parser;

    StrictJson(JsonParser parser) {
        this.parser = parser;
    }

    JsonParser parser() {
        return parser;
    }

    /** The whole of the JSON is one object. */
    void document(Consumer<String> field) {
        parser.nextToken();
        object("the body", field);
        if (parser.nextToken() != null) {
            throw refused("the body", "expected its end, found more after the object");
        }
    }

    /**
     * Reads the object at hand.
     *
     * @param field reads the value of the field of this name, which is at hand then, to its end
     */
    void object(String place, Consumer<String> field) {
        require(JsonToken.START_OBJECT, place, "an object");
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            field.accept(name);
        }
    }

    /**
     * Reads the list at hand.
     *
     * @param element reads an element, which is at hand then, at the place that it is given
     */
    <T> List<T> list(String place, int most, Function<String, T> element) {
        require(JsonToken.START_ARRAY, place, "a list");
        var elements = new ArrayList<T>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (elements.size() == most) {
                throw refused(place, "expected at most %d elements".formatted(most));
            }
            elements.add(element.apply(place + "/" + elements.size()));
        }
        return elements;
    }

    String text(String place) {
        require(JsonToken.VALUE_STRING, place, "a text");
        return parser.getString();
    }

    boolean bool(String place) {
        JsonToken token = parser.currentToken();
        if (token != JsonToken.VALUE_TRUE && token != JsonToken.VALUE_FALSE) {
            throw refused(place, "expected true or false");
        }
        return token == JsonToken.VALUE_TRUE;
    }

    long whole(String place) {
        require(JsonToken.VALUE_NUMBER_INT, place, "a whole number");
        try {
            return parser.getLongValue();
        } catch (InputCoercionException e) {
            throw refused(place, "expected a number of at most 64 bits");
        }
    }

    /** A value that nobody asks for: of a parameter that this service does not know. */
    void scalar(String place) {
        if (!parser.currentToken().isScalarValue()) {
            throw refused(place, "expected a text, a number or a boolean");
        }
    }

    private void require(JsonToken token, String place, String what) {
        if (parser.currentToken() != token) {
            throw refused(place, "expected " + what);
        }
    }

    static ProblemException refused(String place, String why) {
        return ProblemException.at(ProblemCode.INVALID_REQUEST, place, why);
    }
}
