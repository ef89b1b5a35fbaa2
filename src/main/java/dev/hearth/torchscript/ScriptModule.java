package dev.hearth.torchscript;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import java.util.stream.Collectors;

/**
 * A module of a TorchScript archive: a class and its one instance.
 *
 * @param className unique within the archive
 * @param attributes with the values that they are loaded with
 * @param methods each a whole {@code def}, see {@link Method}
 */
record ScriptModule(String className, List<Attribute> attributes, List<Method> methods) {

    ScriptModule {
        attributes = List.copyOf(attributes);
        methods = List.copyOf(methods);
    }

    record Attribute(String name, Value value) {}

    sealed interface Value {}

    /** A tensor that {@code parameters()} and {@code state_dict()} list. */
    record ParameterValue(TensorData tensor) implements Value {}

    /** A tensor that {@code buffers()} and {@code state_dict()} list. */
    record BufferValue(TensorData tensor) implements Value {}

    /** A tensor that is the program's own business. */
    record TensorValue(TensorData tensor) implements Value {}

    record RealValue(double value) implements Value {}

    record BooleanValue(boolean value) implements Value {}

    /**
     * @param type in TorchScript, such as {@code Optional[Generator]}
     */
    record NoneValue(String type) implements Value {}

    record ModuleValue(ScriptModule module) implements Value {}

    /**
     * A method of a module.
     *
     * @param parameters without {@code self}; each a tensor's name, or {@code name: type}
     * @param result in TorchScript, such as {@code Tensor}
     */
    record Method(String name, List<String> parameters, String result, List<String> body) {
        Method {
            parameters = List.copyOf(parameters);
            body = List.copyOf(body);
        }
    }

    String qualifiedName() {
        return "__torch__." + className;
    }

    /** The source text of this class and of those that it uses, each before its first use. */
    String source() {
        var classes = new LinkedHashSet<String>();
        collectSources(classes);
        return String.join("\n", classes);
    }

    private void collectSources(SequencedSet<String> classes) {
        for (Attribute attribute : attributes) {
            if (attribute.value() instanceof ModuleValue(ScriptModule module)) {
                module.collectSources(classes);
            }
        }
        classes.add(ownSource());
    }

    private String ownSource() {
        var lines = new ArrayList<String>();
        lines.add("class " + className + "(Module):");
        lines.add("  __parameters__ = [" + names(ParameterValue.class) + "]");
        lines.add("  __buffers__ = [" + names(BufferValue.class) + "]");
        for (Attribute attribute : attributes) {
            // A name such as 0 is no identifier, so it is declared through the annotations.
            lines.add(
                    "  __annotations__[\"%s\"] = %s"
                            .formatted(attribute.name(), typeOf(attribute.value())));
        }
        for (Method method : methods) {
            lines.add(
                    method.parameters().stream()
                            .map(p -> ", " + (p.contains(":") ? p : p + ": Tensor"))
                            .collect(
                                    Collectors.joining(
                                            "",
                                            "  def %s(self: %s"
                                                    .formatted(method.name(), qualifiedName()),
                                            ") -> " + method.result() + ":")));
            method.body().forEach(line -> lines.add("    " + line));
        }
        return String.join("\n", lines) + "\n";
    }

    private String names(Class<? extends Value> kind) {
        return attributes.stream()
                .filter(attribute -> kind.isInstance(attribute.value()))
                .map(attribute -> "\"" + attribute.name() + "\", ")
                .collect(Collectors.joining());
    }

    private static String typeOf(Value value) {
        return switch (value) {
            case ParameterValue _, BufferValue _, TensorValue _ -> "Tensor";
            case RealValue _ -> "float";
            case BooleanValue _ -> "bool";
            case NoneValue(String type) -> type;
            case ModuleValue(ScriptModule module) -> module.qualifiedName();
        };
    }

    /** Pushes the instance. */
    void pickle(Pickle pickle) {
        pickle.global("__torch__", className).emptyTuple().newObject().emptyDict().mark();
        for (Attribute attribute : attributes) {
            pickle.string(attribute.name());
            switch (attribute.value()) {
                case ParameterValue(TensorData tensor) -> pickle.tensor(tensor, true);
                case BufferValue(TensorData tensor) -> pickle.tensor(tensor, false);
                case TensorValue(TensorData tensor) -> pickle.tensor(tensor, false);
                case RealValue(double value) -> pickle.real(value);
                case BooleanValue(boolean value) -> pickle.bool(value);
                case NoneValue _ -> pickle.none();
                case ModuleValue(ScriptModule module) -> module.pickle(pickle);
            }
        }
        pickle.setItems().build();
    }
}
