package dev.hearth.inference;

import dev.hearth.inference.InferResponse.Output;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import org.springframework.stereotype.Component;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.json.JsonMapper;

/** Writes answers in JSON, with the tensors that were asked for in binary behind it. */
@Component
class JsonResponses {

    /**
     * @param jsonLength how many bytes of it are JSON
     * @param isBinary whether any tensor was asked for in binary
     */
    @SuppressWarnings("ArrayRecordComponent") // a carrier, never compared
    record Body(byte[] bytes, int jsonLength, boolean isBinary) {}

    private final JsonMapper json;

    JsonResponses(JsonMapper json) {
        this.json = json;
    }

    Body write(InferResponse response) {
        var bytes = new ByteArrayOutputStream(1024);
        try (JsonGenerator generator = json.createGenerator(bytes)) {
            generator.writeStartObject();
            generator.writeStringProperty("model_name", response.modelName());
            generator.writeStringProperty("model_version", response.modelVersion());
            if (response.id() != null) {
                generator.writeStringProperty("id", response.id());
            }
            generator.writeArrayPropertyStart("outputs");
            for (Output output : response.outputs()) {
                write(output, generator);
            }
            generator.writeEndArray();
            generator.writeEndObject();
        }
        int jsonLength = bytes.size();
        boolean isBinary = false;
        for (Output output : response.outputs()) {
            if (output.binary()) {
                ByteBuffer data = output.tensor().data();
                bytes.write(data.array(), data.arrayOffset(), data.limit());
                isBinary = true;
            }
        }
        return new Body(bytes.toByteArray(), jsonLength, isBinary);
    }

    private static void write(Output output, JsonGenerator generator) {
        Tensor tensor = output.tensor();
        generator.writeStartObject();
        generator.writeStringProperty("name", tensor.name());
        generator.writeStringProperty("datatype", tensor.datatype().name());
        generator.writeArrayPropertyStart("shape");
        for (long extent : tensor.shape()) {
            generator.writeNumber(extent);
        }
        generator.writeEndArray();
        if (output.binary()) {
            generator.writeObjectPropertyStart("parameters");
            generator.writeNumberProperty("binary_data_size", tensor.data().limit());
            generator.writeEndObject();
        } else {
            generator.writeArrayPropertyStart("data");
            writeElements(tensor, generator);
            generator.writeEndArray();
        }
        generator.writeEndObject();
    }

    private static void writeElements(Tensor tensor, JsonGenerator generator) {
        if (tensor.datatype() == Datatype.BYTES) {
            tensor.texts().forEach(generator::writeString);
            return;
        }
        int count = tensor.count();
        for (int i = 0; i < count; i++) {
            switch (tensor.datatype()) {
                case BOOL -> generator.writeBoolean(tensor.number(i) != 0);
                case FP16, FP32 -> generator.writeNumber((float) tensor.number(i));
                case FP64 -> generator.writeNumber(tensor.number(i));
                case UINT8, UINT16, UINT32, UINT64, INT8, INT16, INT32, INT64 ->
                        generator.writeRawValue(tensor.digits(i));
                case BYTES -> throw new IllegalStateException("written above");
            }
        }
    }
}
