package dev.hearth.inference;

import static dev.hearth.inference.StrictJson.refused;

import dev.hearth.inference.InferRequest.RequestedOutput;
import dev.hearth.inference.InferRequest.Schedule;
import dev.hearth.serving.RoutingKey;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** One request in JSON, while it is read. */
final class JsonRequest {

    /** More than any model has. */
    private static final int MOST_TENSORS = 100_000;

    private static final int MOST_EXTENTS = 32;

    /** What is known of an input. */
    private static final class Input {
        private @Nullable String name;
        private @Nullable Datatype datatype;
        private @Nullable List<Long> shape;
        private @Nullable Tensor tensor;
        private long binarySize = -1;

        /** Where data begins that came before what it is; −1 where it did not. */
        private long dataAt = -1;

        boolean isKnown() {
            return name != null && datatype != null && shape != null;
        }
    }

    /** What is known of an output. */
    private record Output(String name, Optional<Boolean> binary, int classes) {}

    private final JsonRequests requests;
    private final JsonParser parser;
    private final StrictJson json;
    private final byte[] body;
    private final int jsonLength;

    private @Nullable String id;
    private Schedule schedule = Schedule.USUAL;
    private Optional<RoutingKey> routingKey = Optional.empty();
    private boolean binaryOutput;
    private @Nullable List<Input> inputs;
    private List<Output> outputs = List.of();

    JsonRequest(JsonRequests requests, JsonParser parser, byte[] body, int jsonLength) {
        this.requests = requests;
        this.parser = parser;
        this.json = new StrictJson(parser);
        this.body = body;
        this.jsonLength = jsonLength;
    }

    InferRequest read() {
        json.document(field -> {
            switch (field) {
                case "id" -> id = json.text(field);
                case "parameters" -> json.object(field, this::parameter);
                case "inputs" -> inputs = json.list(field, MOST_TENSORS, this::input);
                case "outputs" -> outputs = json.list(field, MOST_TENSORS, this::output);
                // Examples of the protocol have these; the path alone says which model is asked.
                case "model_name", "model_version" -> json.text(field);
                default ->
                        throw refused(
                                field, "unknown field; there are id, parameters, inputs, outputs");
            }
        });
        if (inputs == null) {
            throw refused("inputs", "missing; expected a list of tensors");
        }
        return new InferRequest(
                id,
                routingKey,
                schedule,
                tensors(inputs),
                new InferRequest.Outputs(
                        outputs.stream()
                                .map(each ->
                                        new RequestedOutput(
                                                each.name(),
                                                each.binary().orElse(binaryOutput),
                                                each.classes()))
                                .toList(),
                        binaryOutput));
    }

    private void parameter(String name) {
        String place = "parameters/" + name;
        switch (name) {
            case "timeout" -> schedule = schedule.withTimeoutMicros(json.whole(place));
            case "timeout_ms" -> schedule = schedule.withTimeoutMillis(json.whole(place));
            case "priority" -> schedule = schedule.withPriority(json.whole(place));
            case RoutingKey.PARAMETER -> routingKey = Optional.of(new RoutingKey(json.text(place)));
            case "binary_data_output" -> binaryOutput = json.bool(place);
            default -> json.scalar(place);
        }
    }

    private Input input(String place) {
        var input = new Input();
        json.object(
                place,
                field -> {
                    String at = place + "/" + field;
                    switch (field) {
                        case "name" -> input.name = json.text(at);
                        case "datatype" -> input.datatype = Datatype.parse(json.text(at), at);
                        case "shape" -> input.shape = json.list(at, MOST_EXTENTS, json::whole);
                        case "parameters" ->
                                json.object(
                                        at, name -> inputParameter(input, name, at + "/" + name));
                        case "data" -> data(input, at);
                        default ->
                                throw refused(
                                        at,
                                        "unknown field; there are name, shape, datatype, parameters, data");
                    }
                });
        if (!input.isKnown()) {
            throw refused(place, "needs name, shape and datatype");
        }
        if (input.dataAt >= 0) {
            try (JsonParser again = requests.parser(body, (int) input.dataAt, lengthFrom(input))) {
                again.nextToken();
                input.tensor = elements(again, input);
            }
        }
        if ((input.tensor == null) == (input.binarySize < 0)) {
            throw refused(
                    place,
                    input.tensor == null
                            ? "needs data, or the parameter binary_data_size"
                            : "has both data and binary_data_size; send one of them");
        }
        return input;
    }

    private int lengthFrom(Input input) {
        return jsonLength - (int) input.dataAt;
    }

    private void inputParameter(Input input, String name, String place) {
        switch (name) {
            case "binary_data_size" -> {
                input.binarySize = json.whole(place);
                if (input.binarySize < 0) {
                    throw refused(place, "expected how many bytes, got " + input.binarySize);
                }
            }
            case "shared_memory_region", "shared_memory_byte_size", "shared_memory_offset" ->
                    throw sharedMemory(place);
            default -> json.scalar(place);
        }
    }

    private void data(Input input, String place) {
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            throw refused(place, "expected a list, flat or nested");
        }
        if (input.isKnown()) {
            input.tensor = elements(parser, input);
        } else {
            input.dataAt = parser.currentTokenLocation().getByteOffset();
            parser.skipChildren();
        }
    }

    @SuppressWarnings("NullAway") // isKnown
    private static Tensor elements(JsonParser from, Input input) {
        return JsonElements.read(from, input.name, input.datatype, input.shape);
    }

    private Output output(String place) {
        var wanted =
                new Object() {
                    @Nullable String name;
                    Optional<Boolean> binary = Optional.empty();
                    int classes;
                };
        json.object(
                place,
                field -> {
                    String at = place + "/" + field;
                    switch (field) {
                        case "name" -> wanted.name = json.text(at);
                        case "parameters" ->
                                json.object(
                                        at,
                                        name -> {
                                            String where = at + "/" + name;
                                            switch (name) {
                                                case "binary_data" ->
                                                        wanted.binary =
                                                                Optional.of(json.bool(where));
                                                case "classification" ->
                                                        wanted.classes =
                                                                Math.clamp(
                                                                        json.whole(where),
                                                                        -1,
                                                                        Integer.MAX_VALUE);
                                                case "shared_memory_region",
                                                        "shared_memory_byte_size",
                                                        "shared_memory_offset" ->
                                                        throw sharedMemory(where);
                                                default -> json.scalar(where);
                                            }
                                        });
                        default -> throw refused(at, "unknown field; there are name, parameters");
                    }
                });
        if (wanted.name == null) {
            throw refused(place, "needs a name");
        }
        return new Output(wanted.name, wanted.binary, wanted.classes);
    }

    private static RuntimeException sharedMemory(String place) {
        return refused(place, "shared memory is not supported; send the tensor in the body");
    }

    /** Gives the inputs that are binary their bytes, which follow the JSON in their order. */
    private List<Tensor> tensors(List<Input> drafts) {
        long at = jsonLength;
        var tensors = new ArrayList<Tensor>(drafts.size());
        for (Input draft : drafts) {
            if (draft.tensor != null) {
                tensors.add(draft.tensor);
                continue;
            }
            if (draft.binarySize > body.length - at) {
                throw Tensor.refused(
                        String.valueOf(draft.name),
                        "binary_data_size is %d, and the body has %d bytes left"
                                .formatted(draft.binarySize, body.length - at));
            }
            tensors.add(binary(draft, (int) at));
            at += draft.binarySize;
        }
        if (at != body.length) {
            throw refused(
                    "the body",
                    "%d bytes follow that belong to no input; the sizes of the JSON (Inference-Header-Content-Length) and of all binary inputs (binary_data_size) are to add up to the body's"
                            .formatted(body.length - at));
        }
        return tensors;
    }

    @SuppressWarnings("NullAway") // isKnown
    private Tensor binary(Input draft, int at) {
        return new Tensor(
                draft.name,
                draft.datatype,
                draft.shape,
                ByteBuffer.wrap(body, at, (int) draft.binarySize));
    }
}
