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
}
