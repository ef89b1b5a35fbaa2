package dev.hearth.inference;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.hearth.inference.InferRequest.RequestedOutput;
import dev.hearth.inference.InferRequest.Schedule;
import dev.hearth.inference.wire.Wire.InferParameter;
import dev.hearth.inference.wire.Wire.ModelInferRequest;
import dev.hearth.inference.wire.Wire.ModelInferRequest.InferInputTensor;
import dev.hearth.inference.wire.Wire.ModelInferRequest.InferRequestedOutputTensor;
import dev.hearth.inference.wire.Wire.ModelInferResponse;
import dev.hearth.inference.wire.Wire.ModelMetadataResponse;
import dev.hearth.serving.RoutingKey;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What gRPC's messages say, and what they are answered with. */
final class GrpcMessages {

    private GrpcMessages() {}

    static InferRequest request(ModelInferRequest message) {
        var schedule = Schedule.USUAL;
        for (Map.Entry<String, InferParameter> each : message.getParametersMap().entrySet()) {
            String name = each.getKey();
            schedule =
                    switch (name) {
                        case "timeout" -> schedule.withTimeoutMicros(whole(name, each.getValue()));
                        case "timeout_ms" ->
                                schedule.withTimeoutMillis(whole(name, each.getValue()));
                        case "priority" -> schedule.withPriority(whole(name, each.getValue()));
                        default -> schedule;
                    };
        }
        return new InferRequest(
                message.getId().isEmpty() ? null : message.getId(),
                routingKey(message),
                schedule,
                tensors(message),
                new InferRequest.Outputs(
                        message.getOutputsList().stream().map(GrpcMessages::output).toList(),
                        isRaw(message)));
    }

    private static Optional<RoutingKey> routingKey(ModelInferRequest message) {
        InferParameter key = message.getParametersMap().get(RoutingKey.PARAMETER);
        if (key == null) {
            return Optional.empty();
        }
        if (key.getParameterChoiceCase() != InferParameter.ParameterChoiceCase.STRING_PARAM) {
            throw StrictJson.refused("parameters/" + RoutingKey.PARAMETER, "expected a text");
        }
        return Optional.of(new RoutingKey(key.getStringParam()));
    }

    /** Whether tensors come as bytes, and so are answered as bytes. */
    static boolean isRaw(ModelInferRequest message) {
        return message.getRawInputContentsCount() > 0;
    }

    private static RequestedOutput output(InferRequestedOutputTensor message) {
        message.getParametersMap().keySet().forEach(GrpcMessages::requireNoSharedMemory);
        InferParameter classes = message.getParametersMap().get("classification");
        return new RequestedOutput(
                message.getName(),
                false,
                classes == null
                        ? 0
                        : Math.clamp(whole("classification", classes), -1, Integer.MAX_VALUE));
    }

    private static void requireNoSharedMemory(String parameter) {
        if (parameter.startsWith("shared_memory_")) {
            throw StrictJson.refused(
                    parameter, "shared memory is not supported; send the tensor in the request");
        }
    }

    private static long whole(String name, InferParameter parameter) {
        return switch (parameter.getParameterChoiceCase()) {
            case INT64_PARAM -> parameter.getInt64Param();
            case UINT64_PARAM ->
                    parameter.getUint64Param() < 0 ? Long.MAX_VALUE : parameter.getUint64Param();
            case BOOL_PARAM, STRING_PARAM, DOUBLE_PARAM, PARAMETERCHOICE_NOT_SET ->
                    throw StrictJson.refused("parameters/" + name, "expected a whole number");
        };
    }

    private static List<Tensor> tensors(ModelInferRequest message) {
        List<InferInputTensor> inputs = message.getInputsList();
        boolean raw = isRaw(message);
        if (raw && message.getRawInputContentsCount() != inputs.size()) {
            throw StrictJson.refused(
                    "raw_input_contents",
                    "expected one for each of the %d inputs, got %d"
                            .formatted(inputs.size(), message.getRawInputContentsCount()));
        }
        var tensors = new ArrayList<Tensor>(inputs.size());
        for (int i = 0; i < inputs.size(); i++) {
            InferInputTensor input = inputs.get(i);
            if (raw && input.hasContents()) {
                throw Tensor.refused(
                        input.getName(),
                        "has contents beside raw_input_contents; send one of them");
            }
            input.getParametersMap().keySet().forEach(GrpcMessages::requireNoSharedMemory);
            tensors.add(raw ? tensor(input, message.getRawInputContents(i)) : typed(input));
        }
        return tensors;
    }

    private static Tensor tensor(InferInputTensor input, ByteString bytes) {
        return tensor(input, bytes.asReadOnlyByteBuffer());
    }

    private static Tensor tensor(InferInputTensor input, ByteBuffer bytes) {
        return new Tensor(input.getName(), datatype(input), input.getShapeList(), bytes);
    }

    private static Datatype datatype(InferInputTensor input) {
        return Datatype.parse(input.getDatatype(), "tensor '" + input.getName() + "'");
    }

    private static Tensor typed(InferInputTensor input) {
        return tensor(
                input, GrpcContents.bytes(input.getName(), datatype(input), input.getContents()));
    }

    /**
     * @param raw whether the tensors are bytes, else contents of their types
     */
    static ModelInferResponse response(InferResponse response, boolean raw) {
        var message =
                ModelInferResponse.newBuilder()
                        .setModelName(response.modelName())
                        .setModelVersion(response.modelVersion());
        if (response.id() != null) {
            message.setId(response.id());
        }
        for (InferResponse.Output output : response.outputs()) {
            Tensor tensor = output.tensor();
            var described =
                    ModelInferResponse.InferOutputTensor.newBuilder()
                            .setName(tensor.name())
                            .setDatatype(tensor.datatype().name())
                            .addAllShape(tensor.shape());
            if (raw) {
                message.addRawOutputContents(UnsafeByteOperations.unsafeWrap(tensor.data()));
            } else {
                described.setContents(GrpcContents.of(tensor));
            }
            message.addOutputs(described);
        }
        return message.build();
    }

    static ModelMetadataResponse metadata(ModelMetadata metadata) {
        return ModelMetadataResponse.newBuilder()
                .setName(metadata.name())
                .addAllVersions(metadata.versions())
                .setPlatform(metadata.platform())
                .addAllInputs(metadata.inputs().stream().map(GrpcMessages::metadata).toList())
                .addAllOutputs(metadata.outputs().stream().map(GrpcMessages::metadata).toList())
                .build();
    }

    private static ModelMetadataResponse.TensorMetadata metadata(TensorMetadata tensor) {
        return ModelMetadataResponse.TensorMetadata.newBuilder()
                .setName(tensor.name())
                .setDatatype(tensor.datatype())
                .addAllShape(tensor.shape())
                .build();
    }
}
