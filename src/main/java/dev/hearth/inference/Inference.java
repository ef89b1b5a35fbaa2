package dev.hearth.inference;

import dev.hearth.inference.InferRequest.RequestedOutput;
import dev.hearth.inference.ModelInput.Input;
import dev.hearth.model.ModelVersion;
import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import dev.hearth.problem.Violation;
import dev.hearth.serving.Chosen;
import dev.hearth.serving.ModelReference;
import dev.hearth.serving.Rows;
import dev.hearth.serving.Serving;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.springframework.stereotype.Service;

/** Answers the protocol's requests for inference, whatever they came in. */
@Service
class Inference {

    /** Triton's priorities begin with the most urgent; those of serving end with it. */
    private static final int MOST_URGENT = 100;

    /**
     * Who asks.
     *
     * @param deadline until when the answer is of use to them; empty where they did not say
     * @param gone whether they still wait
     */
    record Caller(Optional<Duration> deadline, BooleanSupplier gone) {}

    private final Serving serving;

    Inference(Serving serving) {
        this.serving = serving;
    }

    /**
     * What a request names.
     *
     * @param name of a model, or {@code name@alias}
     * @param version a number, or empty for the latest
     */
    Named named(String name, String version) {
        var reference = ModelReference.of(name, version);
        return new Named(reference, serving.all(reference));
    }

    /**
     * What a request names.
     *
     * @param versions that may answer, which take the same and answer the same
     */
    record Named(ModelReference reference, List<ModelVersion> versions) {

        /** One that tells what all of them take and answer. */
        ModelVersion any() {
            return versions.getFirst();
        }
    }

    /** Whether there is such a version; it need not be in memory to be asked. */
    boolean isThere(String name, String version) {
        try {
            named(name, version);
            return true;
        } catch (ProblemException e) {
            return switch (e.code().category()) {
                case NOT_FOUND, CONFLICT -> false;
                case SYNTAX,
                        UNAUTHENTICATED,
                        FORBIDDEN,
                        METHOD_NOT_ALLOWED,
                        NOT_ACCEPTABLE,
                        PRECONDITION_FAILED,
                        TOO_LARGE,
                        UNSUPPORTED_TYPE,
                        UNPROCESSABLE,
                        QUOTA,
                        OVERLOADED,
                        INTERNAL ->
                        throw e;
            };
        }
    }

    /**
     * Answers a request.
     *
     * @throws ProblemException INVALID_INPUT with all that is wrong with it; or as {@link
     *     Serving#outputs} does
     */
    InferResponse infer(Named named, InferRequest request, Caller caller) {
        Chosen chosen = serving.choose(named.reference(), request.routingKey());
        ModelVersion version = chosen.version();
        ModelInput input = ModelInput.of(version);
        var output = new ModelOutput(version.target());
        Map<String, Tensor> tensors = byName(version, request, input, output);
        int rows = requireRows(request.inputs());
        List<RequestedOutput> wanted = wanted(request, output);
        Rows questions = input.rows(tensors, rows);
        float[] answers = serving.outputs(chosen, questions, waiting(request.schedule(), caller));
        return new InferResponse(
                chosen.asked(),
                String.valueOf(version.number()),
                request.id(),
                wanted.stream()
                        .map(each ->
                                new InferResponse.Output(
                                        output.tensor(each, answers, rows), each.binary()))
                        .toList());
    }

    private static Map<String, Tensor> byName(
            ModelVersion version, InferRequest request, ModelInput input, ModelOutput output) {
        var violations = new ArrayList<Violation>();
        var tensors = new LinkedHashMap<String, Tensor>();
        List<Input> inputs = input.inputs();
        for (Tensor tensor : request.inputs()) {
            if (tensors.put(tensor.name(), tensor) != null) {
                violations.add(violation(tensor.name(), "is there twice"));
            }
        }
        for (Input expected : inputs) {
            String name = expected.metadata().name();
            Tensor tensor = tensors.get(name);
            if (tensor == null) {
                violations.add(
                        violation(
                                name,
                                "missing; the model takes it as %s %s"
                                        .formatted(
                                                expected.metadata().datatype(),
                                                expected.metadata().shape())));
            } else {
                refusal(tensor, expected).ifPresent(why -> violations.add(violation(name, why)));
            }
        }
        for (String name : tensors.keySet()) {
            if (inputs.stream().noneMatch(each -> each.metadata().name().equals(name))) {
                violations.add(
                        violation(
                                name,
                                "unknown; the model takes "
                                        + inputs.stream()
                                                .map(each -> each.metadata().name())
                                                .toList()));
            }
        }
        for (RequestedOutput wanted : request.outputs().named()) {
            output.refusals(wanted)
                    .forEach(why ->
                            violations.add(
                                    new Violation("output '%s'".formatted(wanted.name()), why)));
        }
        if (!violations.isEmpty()) {
            throw new ProblemException(
                    ProblemCode.INVALID_INPUT,
                    "version %d of model '%s' cannot take this: %s: %s"
                            .formatted(
                                    version.number(),
                                    version.name(),
                                    violations.getFirst().pointer(),
                                    violations.getFirst().message()),
                    violations);
        }
        return tensors;
    }

    private static Violation violation(String name, String why) {
        return new Violation("input '%s'".formatted(name), why);
    }

    private static Optional<String> refusal(Tensor tensor, Input expected) {
        TensorMetadata metadata = expected.metadata();
        if (!expected.accepted().contains(tensor.datatype())) {
            return Optional.of(
                    "expected %s, got %s"
                            .formatted(
                                    expected.accepted().size() == 1
                                            ? metadata.datatype()
                                            : "one of "
                                                    + expected.accepted().stream()
                                                            .sorted()
                                                            .toList(),
                                    tensor.datatype()));
        }
        return fits(tensor.shape(), metadata.shape())
                ? Optional.empty()
                : Optional.of(
                        "expected the shape %s, where -1 is any, got %s"
                                .formatted(metadata.shape(), tensor.shape()));
    }

    /** A column's last extent, which is 1, may be left out. */
    private static boolean fits(List<Long> shape, List<Long> expected) {
        if (shape.size() == 1 && expected.equals(List.of(TensorMetadata.FREE, 1L))) {
            return true;
        }
        if (shape.size() != expected.size()) {
            return false;
        }
        for (int i = 0; i < shape.size(); i++) {
            if (expected.get(i) != TensorMetadata.FREE && !expected.get(i).equals(shape.get(i))) {
                return false;
            }
        }
        return true;
    }

    /** The first extent of all tensors. */
    private int requireRows(List<Tensor> tensors) {
        long rows = tensors.getFirst().shape().getFirst();
        for (Tensor tensor : tensors) {
            if (tensor.shape().getFirst() != rows) {
                throw Tensor.refused(
                        tensor.name(),
                        "has %d rows, and tensor '%s' has %d; all are to have the same"
                                .formatted(
                                        tensor.shape().getFirst(),
                                        tensors.getFirst().name(),
                                        rows));
            }
        }
        if (rows == 0 || tensors.stream().anyMatch(each -> each.shape().contains(0L))) {
            throw Tensor.refused(
                    tensors.getFirst().name(),
                    "%s has no elements; send at least one row"
                            .formatted(tensors.getFirst().shape()));
        }
        if (rows > serving.maxRows()) {
            throw new ProblemException(
                    ProblemCode.BATCH_TOO_LARGE,
                    "a request may hold %d rows, got %d; send several requests"
                            .formatted(serving.maxRows(), rows));
        }
        return (int) rows;
    }

    private static List<RequestedOutput> wanted(InferRequest request, ModelOutput output) {
        return request.outputs().named().isEmpty()
                ? output.outputs().stream()
                        .map(each ->
                                new RequestedOutput(each.name(), request.outputs().allBinary(), 0))
                        .toList()
                : request.outputs().named();
    }

    private static Serving.Waiting waiting(InferRequest.Schedule schedule, Caller caller) {
        Optional<Duration> timeout =
                schedule.timeout()
                        .map(own ->
                                caller.deadline()
                                        .filter(each -> each.compareTo(own) < 0)
                                        .orElse(own))
                        .or(caller::deadline);
        int priority =
                schedule.priority() == 0
                        ? 0
                        : (int) Math.max(-MOST_URGENT, MOST_URGENT + 1 - schedule.priority());
        return new Serving.Waiting(timeout, priority, caller.gone());
    }

    /**
     * The request that a raw body is: the model's one input, in a batch of one, of which at most
     * one extent is free; all outputs are wanted, in binary.
     */
    InferRequest raw(ModelVersion version, byte[] body) {
        List<Input> inputs = ModelInput.of(version).inputs();
        if (inputs.size() != 1) {
            throw new ProblemException(
                    ProblemCode.INVALID_INPUT,
                    "a body of bytes alone (Inference-Header-Content-Length: 0) is for models with one input; this one has %d, so send JSON that names them"
                            .formatted(inputs.size()));
        }
        TensorMetadata metadata = inputs.getFirst().metadata();
        return new InferRequest(
                null,
                Optional.empty(),
                InferRequest.Schedule.USUAL,
                List.of(RawBody.tensor(metadata, body)),
                new InferRequest.Outputs(List.of(), true));
    }
}
