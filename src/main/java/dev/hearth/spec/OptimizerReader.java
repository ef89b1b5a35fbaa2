package dev.hearth.spec;

import dev.hearth.spec.OptimizerSpec.Betas;
import dev.hearth.spec.Values.Range;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Reads an optimiser: its bare name for PyTorch's defaults, or an object with its arguments and its
 * parameter groups.
 */
final class OptimizerReader {

    static final String GROUPS = "groups";
    static final String PARAMETERS = "parameters";

    /** PyTorch's Adagrad takes it from its constructor, whatever a group says. */
    private static final String INITIAL = "initial_accumulator_value";

    /** As many as anyone needs, and few enough to list. */
    static final int MAX_GROUPS = 100;

    /** An optimiser and its groups. */
    record Read(OptimizerSpec optimizer, List<ParameterGroup> groups) {}

    /**
     * A form of optimiser.
     *
     * @param fields its arguments
     * @param defaults PyTorch's
     * @param form reads the arguments that are given; the others are as in {@code defaults}
     */
    private record Kind<T extends OptimizerSpec>(List<String> fields, T defaults, Form<T> form) {

        OptimizerSpec read(Fields given) {
            return form.read(given, defaults);
        }

        /** A group's arguments, where those that are not given are the optimiser's own. */
        @SuppressWarnings("unchecked") // The optimiser was read by this very kind.
        OptimizerSpec override(Fields given, OptimizerSpec optimizer) {
            return form.read(given, (T) optimizer);
        }
    }

    private interface Form<T> {
        T read(Fields given, T otherwise);
    }

    private static final Types<Kind<?>> KINDS = new Types<>("optimizer", kinds());

    private OptimizerReader() {}

    static List<String> names() {
        return KINDS.names();
    }

    /** The fields of each optimiser but {@code type}, by its name. */
    static Map<String, List<String>> vocabulary() {
        var fields = new LinkedHashMap<String, List<String>>();
        KINDS.forms().forEach((type, kind) -> fields.put(type, kind.fields()));
        return fields;
    }

    static Optional<Read> read(JsonNode node, String pointer, SpecErrors errors) {
        JsonNode object = node.isString() ? JsonNodeFactory.instance.objectNode() : node;
        return KINDS.ofNameOrObject(node, pointer, errors)
                .flatMap(kind ->
                        Fields.open(
                                        object,
                                        pointer,
                                        kind.name(),
                                        Types.withType(with(kind.form().fields(), GROUPS)),
                                        errors)
                                .map(fields -> read(kind, fields, errors)));
    }

    private static Read read(Types.Named<Kind<?>> kind, Fields fields, SpecErrors errors) {
        OptimizerSpec optimizer = kind.form().read(fields);
        return new Read(optimizer, groups(kind, fields, optimizer, errors));
    }

    private static List<ParameterGroup> groups(
            Types.Named<Kind<?>> kind, Fields fields, OptimizerSpec optimizer, SpecErrors errors) {
        Optional<JsonNode> node = fields.node(GROUPS);
        if (node.filter(n -> n.isArray() && n.size() > MAX_GROUPS).isPresent()) {
            fields.reject(
                    GROUPS,
                    "expected at most %d groups, got %s"
                            .formatted(MAX_GROUPS, Wording.number(node.get().size())));
            return List.of();
        }
        return fields.list(
                        GROUPS,
                        "an array of parameter groups",
                        (_, group, pointer) -> group(kind, group, pointer, optimizer, errors))
                .orElse(List.of());
    }

    private static Optional<ParameterGroup> group(
            Types.Named<Kind<?>> kind,
            JsonNode node,
            String pointer,
            OptimizerSpec optimizer,
            SpecErrors errors) {
        List<String> known =
                Stream.concat(Stream.of(PARAMETERS), kind.form().fields().stream())
                        .filter(field -> !field.equals(INITIAL))
                        .toList();
        Optional<Fields> fields = Fields.open(node, pointer, "a parameter group", known, errors);
        if (fields.isEmpty()) {
            return Optional.empty();
        }
        fields.get().required(PARAMETERS, "write a pattern of parameter names such as \"*.bias\"");
        List<NamePattern> patterns = patterns(fields.get(), PARAMETERS);
        OptimizerSpec arguments = kind.form().override(fields.get(), optimizer);
        return patterns.isEmpty()
                ? Optional.empty()
                : Optional.of(new ParameterGroup(patterns, arguments));
    }

    /** A pattern, or an array of at least one; empty where the field is missing or wrong. */
    static List<NamePattern> patterns(Fields fields, String name) {
        Optional<JsonNode> node = fields.node(name);
        if (node.isEmpty()) {
            return List.of();
        }
        if (!node.get().isArray()) {
            return fields.string(name).map(NamePattern::new).stream().toList();
        }
        if (node.get().isEmpty()) {
            fields.reject(name, "expected at least one pattern of parameter names");
        }
        return fields.list(
                        name,
                        "a pattern of parameter names, or an array of patterns",
                        (values, element, pointer) ->
                                values.string(element, pointer).map(NamePattern::new))
                .orElse(List.of());
    }

    private static List<String> with(List<String> fields, String more) {
        var all = new ArrayList<>(fields);
        all.add(more);
        return all;
    }

    private static Map<String, Kind<?>> kinds() {
        var kinds = new LinkedHashMap<String, Kind<?>>();
        add(kinds, OptimizerSpec.SGD.DEFAULT, OptimizerReader::sgd);
        add(kinds, OptimizerSpec.Adam.DEFAULT, OptimizerReader::adam);
        add(kinds, OptimizerSpec.AdamW.DEFAULT, OptimizerReader::adamW);
        add(kinds, OptimizerSpec.NAdam.DEFAULT, OptimizerReader::nadam);
        add(kinds, OptimizerSpec.RAdam.DEFAULT, OptimizerReader::radam);
        add(kinds, OptimizerSpec.RMSprop.DEFAULT, OptimizerReader::rmsprop);
        add(kinds, OptimizerSpec.Adagrad.DEFAULT, OptimizerReader::adagrad);
        add(kinds, OptimizerSpec.Adadelta.DEFAULT, OptimizerReader::adadelta);
        add(kinds, OptimizerSpec.Adamax.DEFAULT, OptimizerReader::adamax);
        return kinds;
    }

    private static <T extends OptimizerSpec> void add(
            Map<String, Kind<?>> kinds, T defaults, Form<T> form) {
        List<String> fields = List.copyOf(defaults.arguments().keySet());
        kinds.put(defaults.type(), new Kind<>(fields, defaults, form));
    }

    private static OptimizerSpec.SGD sgd(Fields given, OptimizerSpec.SGD otherwise) {
        double lr = lr(given, otherwise);
        double momentum = given.number("momentum", Range.NOT_NEGATIVE, otherwise.momentum());
        double dampening = given.number("dampening", Range.ANY, otherwise.dampening());
        double weightDecay = weightDecay(given, otherwise.weightDecay());
        boolean nesterov = given.bool("nesterov", otherwise.nesterov());
        boolean maximize = maximize(given, otherwise);
        if (nesterov && !given.failed() && (momentum == 0 || dampening != 0)) {
            given.reject(
                    "nesterov",
                    "Nesterov's momentum needs momentum above 0 and dampening 0, got momentum "
                            + momentum
                            + " and dampening "
                            + dampening
                            + "; add \"momentum\": 0.9 or leave nesterov out");
        }
        return new OptimizerSpec.SGD(
                lr, momentum, dampening, weightDecay, nesterov && !given.failed(), maximize);
    }

    private static OptimizerSpec.Adam adam(Fields given, OptimizerSpec.Adam otherwise) {
        return new OptimizerSpec.Adam(
                lr(given, otherwise),
                betas(given, otherwise.betas()),
                eps(given, otherwise.eps()),
                weightDecay(given, otherwise.weightDecay()),
                given.bool("amsgrad", otherwise.amsgrad()),
                maximize(given, otherwise));
    }

    private static OptimizerSpec.AdamW adamW(Fields given, OptimizerSpec.AdamW otherwise) {
        return new OptimizerSpec.AdamW(
                lr(given, otherwise),
                betas(given, otherwise.betas()),
                eps(given, otherwise.eps()),
                weightDecay(given, otherwise.weightDecay()),
                given.bool("amsgrad", otherwise.amsgrad()),
                maximize(given, otherwise));
    }

    private static OptimizerSpec.NAdam nadam(Fields given, OptimizerSpec.NAdam otherwise) {
        return new OptimizerSpec.NAdam(
                lr(given, otherwise),
                betas(given, otherwise.betas()),
                eps(given, otherwise.eps()),
                weightDecay(given, otherwise.weightDecay()),
                given.number("momentum_decay", Range.NOT_NEGATIVE, otherwise.momentumDecay()),
                given.bool("decoupled_weight_decay", otherwise.decoupledWeightDecay()),
                maximize(given, otherwise));
    }

    private static OptimizerSpec.RAdam radam(Fields given, OptimizerSpec.RAdam otherwise) {
        return new OptimizerSpec.RAdam(
                lr(given, otherwise),
                betas(given, otherwise.betas()),
                eps(given, otherwise.eps()),
                weightDecay(given, otherwise.weightDecay()),
                given.bool("decoupled_weight_decay", otherwise.decoupledWeightDecay()),
                maximize(given, otherwise));
    }

    private static OptimizerSpec.RMSprop rmsprop(Fields given, OptimizerSpec.RMSprop otherwise) {
        return new OptimizerSpec.RMSprop(
                lr(given, otherwise),
                given.number("alpha", Range.NOT_NEGATIVE, otherwise.alpha()),
                eps(given, otherwise.eps()),
                weightDecay(given, otherwise.weightDecay()),
                given.number("momentum", Range.NOT_NEGATIVE, otherwise.momentum()),
                given.bool("centered", otherwise.centered()),
                maximize(given, otherwise));
    }

    private static OptimizerSpec.Adagrad adagrad(Fields given, OptimizerSpec.Adagrad otherwise) {
        return new OptimizerSpec.Adagrad(
                lr(given, otherwise),
                given.number("lr_decay", Range.NOT_NEGATIVE, otherwise.lrDecay()),
                weightDecay(given, otherwise.weightDecay()),
                given.number(INITIAL, Range.NOT_NEGATIVE, otherwise.initialAccumulatorValue()),
                eps(given, otherwise.eps()),
                maximize(given, otherwise));
    }

    private static OptimizerSpec.Adadelta adadelta(Fields given, OptimizerSpec.Adadelta otherwise) {
        return new OptimizerSpec.Adadelta(
                lr(given, otherwise),
                given.number("rho", Range.ZERO_TO_ONE, otherwise.rho()),
                eps(given, otherwise.eps()),
                weightDecay(given, otherwise.weightDecay()),
                maximize(given, otherwise));
    }

    private static OptimizerSpec.Adamax adamax(Fields given, OptimizerSpec.Adamax otherwise) {
        return new OptimizerSpec.Adamax(
                lr(given, otherwise),
                betas(given, otherwise.betas()),
                eps(given, otherwise.eps()),
                weightDecay(given, otherwise.weightDecay()),
                maximize(given, otherwise));
    }

    private static double lr(Fields given, OptimizerSpec otherwise) {
        return given.number("lr", Range.NOT_NEGATIVE, otherwise.lr());
    }

    private static double eps(Fields given, double otherwise) {
        return given.number("eps", Range.NOT_NEGATIVE, otherwise);
    }

    private static double weightDecay(Fields given, double otherwise) {
        return given.number("weight_decay", Range.NOT_NEGATIVE, otherwise);
    }

    private static boolean maximize(Fields given, OptimizerSpec otherwise) {
        return given.bool("maximize", otherwise.maximize());
    }

    private static Betas betas(Fields given, Betas otherwise) {
        Optional<JsonNode> node = given.node("betas");
        if (node.isPresent() && node.get().isArray() && node.get().size() != 2) {
            given.reject(
                    "betas", "expected two numbers such as [0.9, 0.999], got " + node.get().size());
            return otherwise;
        }
        return given.list("betas", "an array of two numbers", OptimizerReader::beta)
                .filter(betas -> betas.size() == 2)
                .map(betas -> new Betas(betas.getFirst(), betas.getLast()))
                .orElse(otherwise);
    }

    private static Optional<Double> beta(Values values, JsonNode node, String pointer) {
        return values.number(node, pointer, Range.FRACTION).stream().boxed().findFirst();
    }
}
