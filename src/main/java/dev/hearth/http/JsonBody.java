package dev.hearth.http;

import dev.hearth.problem.JsonProblems;
import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads a whole body as JSON, strictly: for controllers that take {@code byte[]}. */
public final class JsonBody {

    private final JsonMapper json;

    JsonBody(JsonMapper json) {
        this.json = json;
    }

    /**
     * @param body exactly one JSON value, in UTF-8
     * @throws ProblemException MALFORMED_REQUEST with line and column
     */
    public JsonNode parse(byte[] body) {
        try {
            var node = json.readTree(body);
            if (node.isMissingNode()) {
                throw new ProblemException(
                        ProblemCode.MALFORMED_REQUEST, "The body is empty; send a JSON document.");
            }
            return node;
        } catch (JacksonException e) {
            throw JsonProblems.of(e);
        }
    }

    /**
     * @param body an object of the form of {@code type}, in UTF-8
     * @throws ProblemException MALFORMED_REQUEST as {@link #parse}; INVALID_REQUEST with the
     *     pointer of what is of another form
     */
    public <T> T read(byte[] body, Class<T> type) {
        var node = parse(body);
        if (!node.isObject()) {
            throw ProblemException.at(ProblemCode.INVALID_REQUEST, "", "expected an object");
        }
        try {
            return json.treeToValue(node, type);
        } catch (JacksonException e) {
            throw JsonProblems.of(e);
        }
    }
}
