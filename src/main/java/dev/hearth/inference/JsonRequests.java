package dev.hearth.inference;

import dev.hearth.problem.JsonProblems;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads requests in JSON, with binary tensors behind it or without: token by token, so that numbers
 * become a tensor's bytes without anything between.
 */
@Component
class JsonRequests {

    private final JsonMapper json;

    JsonRequests(JsonMapper json) {
        this.json = json;
    }

    /**
     * @param body JSON, and behind it the binary tensors in the order of the inputs
     * @param jsonLength how many bytes of it are JSON
     */
    InferRequest read(byte[] body, int jsonLength) {
        try (JsonParser parser = parser(body, 0, jsonLength)) {
            return new JsonRequest(this, parser, body, jsonLength).read();
        } catch (JacksonException e) {
            throw JsonProblems.of(e);
        }
    }

    /** A parser of a part of the body; to be closed. */
    JsonParser parser(byte[] body, int first, int length) {
        return json.createParser(body, first, length);
    }
}
