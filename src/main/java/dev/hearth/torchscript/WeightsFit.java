package dev.hearth.torchscript;

import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import dev.hearth.problem.Violation;
import dev.hearth.spec.ModelPlan;
import dev.hearth.tensorfile.BadFile;
import dev.hearth.tensorfile.ElementType;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.Set;

/**
 * Compares a file's tensors with what a model has, as PyTorch's {@code load_state_dict(…,
 * strict=True)} does, and then reads them.
 *
 * @param prefix that the file's names have and the model's have not
 */
record WeightsFit(ModelPlan plan, String prefix) {

    private static final int LISTED = 100;

    /** What wrappers of modules put before the names. */
    private static final List<String> KNOWN_PREFIXES =
            List.of("module.", "_orig_mod.", "model.", "module._orig_mod.", "_orig_mod.module.");

    /** A parameter or buffer of the model. */
    private record Wanted(TensorData.Type type, List<Long> shape) {}

    /**
     * @param notes gets what was converted
     */
    StateDict fit(SequencedMap<String, StoredTensor> found, List<String> notes) {
        SequencedMap<String, Wanted> wanted = wanted();
        var given = new LinkedHashMap<String, StoredTensor>();
        var violations = new ArrayList<Violation>();
        found.forEach((name, tensor) -> {
            if (name.startsWith(prefix)) {
                given.put(name.substring(prefix.length()), tensor);
            } else {
                violations.add(violation(name, "it does not begin with " + BadFile.quoted(prefix)));
            }
        });
        compare(wanted, given, violations);
        if (!violations.isEmpty()) {
            throw refused(violations, hint(wanted.keySet(), found.keySet()));
        }
        var state = new LinkedHashMap<String, TensorData>();
        var converted = new EnumMap<ElementType, List<String>>(ElementType.class);
        wanted.forEach((name, want) -> {
            StoredTensor tensor = Objects.requireNonNull(given.get(name));
            if (!tensor.type().name().equals(want.type().name())) {
                converted.computeIfAbsent(tensor.type(), _ -> new ArrayList<>()).add(name);
            }
            state.put(name, tensor.read(want.type()));
        });
        converted.forEach((type, names) ->
                notes.add(
                        "converted from %s to float32: %s%s"
                                .formatted(
                                        type.dtype,
                                        String.join(
                                                ", ", names.subList(0, Math.min(3, names.size()))),
                                        names.size() > 3
                                                ? " and %d more".formatted(names.size() - 3)
                                                : "")));
        return new StateDict(state);
    }

    private SequencedMap<String, Wanted> wanted() {
        var wanted = new LinkedHashMap<String, Wanted>();
        for (StateTensor tensor : StateTensor.of(plan)) {
            wanted.put(tensor.name(), new Wanted(tensor.type(), tensor.shape().dims()));
        }
        return wanted;
    }

    private static void compare(
            Map<String, Wanted> wanted,
            Map<String, StoredTensor> given,
            List<Violation> violations) {
        wanted.forEach((name, want) -> {
            StoredTensor tensor = given.get(name);
            if (tensor == null) {
                violations.add(
                        violation(
                                name,
                                "missing; the model has it, of shape %s".formatted(want.shape())));
            } else if (!tensor.shape().equals(want.shape())) {
                violations.add(
                        violation(
                                name,
                                "expected shape %s, got %s"
                                        .formatted(want.shape(), tensor.shape())));
            } else if (!tensor.becomes(want.type())) {
                violations.add(
                        violation(
                                name,
                                "expected %s, got %s"
                                        .formatted(expected(want.type()), tensor.type().dtype)));
            }
        });
        given.keySet().stream()
                .filter(name -> !wanted.containsKey(name))
                .forEach(name -> violations.add(violation(name, "the model has no such tensor")));
    }

    private static String expected(TensorData.Type type) {
        return switch (type) {
            case FLOAT32 -> "float32 (or float64, float16, bfloat16)";
            case FLOAT64 -> "float64";
            case INT64 -> "int64";
        };
    }

    private static Violation violation(String name, String message) {
        return new Violation(BadFile.tensor(name), message);
    }

    private static ProblemException refused(List<Violation> violations, String hint) {
        int count = violations.size();
        return new ProblemException(
                ProblemCode.INVALID_MODEL_FILE,
                "%d tensor%s not fit the model; the first: %s: %s%s"
                        .formatted(
                                count,
                                count == 1 ? " does" : "s do",
                                violations.getFirst().pointer(),
                                violations.getFirst().message(),
                                hint),
                violations.subList(0, Math.min(LISTED, count)));
    }

    private String hint(Set<String> wanted, Set<String> found) {
        for (String candidate : KNOWN_PREFIXES) {
            var without = new LinkedHashSet<String>();
            found.stream()
                    .filter(name -> name.startsWith(candidate))
                    .forEach(name -> without.add(name.substring(candidate.length())));
            if (!candidate.equals(prefix)
                    && without.size() == found.size()
                    && without.stream().anyMatch(wanted::contains)) {
                return ". All names begin with '%s', as a wrapped module's do: add \"strip_prefix\": \"%s\" to the specification"
                        .formatted(candidate, candidate);
            }
        }
        return "";
    }
}
