package dev.hearth.spec;

import dev.hearth.missing.MissingPolicy;
import dev.hearth.missing.MissingPolicyReader;
import dev.hearth.problem.ProblemException;
import dev.hearth.spec.TrainingRequest.Purpose;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * Reads a request to train or check. Everything that is wrong with it is told at once, also shapes
 * that cannot fit whatever the input is.
 */
public final class SpecReader {

    public static final int MAX_EPOCHS = 1_000_000;
    static final int MAX_BATCH_SIZE = 1_000_000;
    static final int MAX_INPUT_DIMENSIONS = 8;

    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]{0,62}");
    private static final Pattern DEVICE = Pattern.compile("auto|cpu|cuda(:[0-9]{1,3})?");

    private final Limits limits;

    /** The fields that a request may have, in the order in which they are described. */
    public static List<String> fields() {
        return Vocabulary.REQUEST;
    }

    public SpecReader(Limits limits) {
        this.limits = limits;
    }

    /**
     * @param body as parsed; duplicate keys and syntax are the parser's business
     * @throws ProblemException {@code INVALID_SPECIFICATION} with all that is wrong
     */
    public TrainingRequest read(JsonNode body, Purpose purpose) {
        var errors = new SpecErrors();
        Optional<TrainingRequest> request =
                Fields.open(body, "", "a request", Vocabulary.REQUEST, errors)
                        .flatMap(fields -> request(fields, purpose, errors));
        errors.throwIfAny();
        return request.orElseThrow();
    }

    /** Present if there are no errors. */
    private Optional<TrainingRequest> request(Fields fields, Purpose purpose, SpecErrors errors) {
        Optional<String> name = name(fields, purpose);
        Optional<String> dataset = required(fields, "dataset", purpose);
        Optional<Shape> given = inputShape(fields, purpose);
        List<String> targets = ObjectiveReader.targets(fields, purpose);
        List<String> named = features(fields, targets);
        Optional<Draft> model = model(fields, purpose, errors);
        Optional<Objective> objective = ObjectiveReader.read(fields, targets, errors);
        List<String> features =
                model.flatMap(draft -> inputColumns(draft, fields, targets)).orElse(named);
        Optional<OptimizationSpec> optimization = OptimizationReader.read(fields, errors);
        TrainingSpec.Schedule schedule = schedule(fields, errors);
        SplitSpec split = SplitReader.read(fields, objective, errors);
        TrainingSpec.Preprocessing preprocessing = preprocessing(fields, errors);
        Transforms transforms =
                fields.node("transforms")
                        .map(node ->
                                new TransformReader(errors)
                                        .read(node, fields.pointer("transforms")))
                        .orElse(Transforms.NONE);
        int priority = priority(fields);
        String device = device(fields);
        CheckpointPolicy checkpoints = CheckpointReader.read(fields, errors);
        Optional<Shape> implied = implied(fields, purpose, model);
        Optional<Shape> input = given.or(() -> implied);
        if (!errors.isEmpty()) {
            model.ifPresent(draft ->
                    new ModelWalk(limits, errors, Pointers.MODEL)
                            .walk(draft, new GraphInputs(given, Optional.empty())));
            return Optional.empty();
        }
        var spec =
                new TrainingSpec(
                        (LayerSpec.Container) model.orElseThrow().spec(),
                        objective.orElseThrow(),
                        features,
                        preprocessing,
                        transforms,
                        optimization.orElseThrow(),
                        schedule,
                        split);
        schedule.stopping()
                .early()
                .ifPresent(early ->
                        new EpochMetrics(spec)
                                .require(early.metric(), "/early_stopping/metric", errors));
        checkpoints
                .metric()
                .ifPresent(metric ->
                        new EpochMetrics(spec).require(metric, "/checkpoint/metric", errors));
        return Optional.of(
                new TrainingRequest(name, dataset, input, priority, device, checkpoints, spec));
    }

    private static Optional<String> required(Fields fields, String name, Purpose purpose) {
        if (purpose == Purpose.RUN) {
            fields.required(name, "a run needs it");
        }
        return fields.string(name);
    }

    static Optional<String> name(Fields fields, Purpose purpose) {
        Optional<String> name = required(fields, "name", purpose);
        if (name.isPresent() && !NAME.matcher(name.get()).matches()) {
            fields.reject(
                    "name",
                    "expected 1 to 63 lower-case letters, digits, '.', '_' or '-', beginning with a"
                            + " letter or digit, got "
                            + Wording.quoted(name.get()));
        }
        return name;
    }

    private static Optional<Shape> inputShape(Fields fields, Purpose purpose) {
        if (purpose == Purpose.RUN && fields.has("input_shape")) {
            fields.reject("input_shape", "a run takes it from the data set; leave it out");
            return Optional.empty();
        }
        if (fields.has("input_shape") && fields.has("dataset")) {
            fields.reject("input_shape", "the data set says it already; leave one of the two out");
        }
        Optional<List<Long>> dims =
                fields.list("input_shape", "an array of whole numbers", SpecReader::extent);
        if (dims.isEmpty()) {
            return Optional.empty();
        }
        int count = fields.node("input_shape").map(JsonNode::size).orElse(0);
        if (count < 1 || count > MAX_INPUT_DIMENSIONS) {
            fields.reject(
                    "input_shape",
                    "expected the 1 to %d extents of one sample, such as [4], got %s"
                            .formatted(MAX_INPUT_DIMENSIONS, Wording.number(count)));
            return Optional.empty();
        }
        return dims.filter(read -> read.size() == count).map(Shape::new);
    }

    private static Optional<Long> extent(Values values, JsonNode node, String pointer) {
        return values.integer(node, pointer, 1, Long.MAX_VALUE).stream().boxed().findFirst();
    }

    /** Without a data set or an input shape, what the first layer says that it takes. */
    private static Optional<Shape> implied(Fields fields, Purpose purpose, Optional<Draft> model) {
        if (purpose == Purpose.RUN || fields.has("dataset") || model.isEmpty()) {
            return Optional.empty();
        }
        List<Graph.Input> inputs =
                model.get() instanceof Draft.Custom custom ? custom.inputs() : List.of();
        boolean named = inputs.stream().anyMatch(input -> input.source() instanceof Graph.Extents);
        if (named && fields.has("input_shape")) {
            fields.reject("input_shape", "the model's inputs say it already; leave it out");
        }
        if (named || fields.has("input_shape")) {
            return GraphInputs.extents(inputs);
        }
        if (FirstLayer.isUnread(model.get())) {
            return Optional.empty();
        }
        OptionalLong features = FirstLayer.inFeatures(model.get());
        if (features.isPresent()) {
            return Optional.of(Shape.of(features.getAsLong()));
        }
        fields.reject(
                "input_shape",
                "the model's input is not known; name a dataset, write input_shape, or let the"
                        + " first layer be a Linear with in_features");
        return Optional.empty();
    }

    /** What a model's inputs name; empty if they name no columns. */
    private static Optional<List<String>> inputColumns(
            Draft model, Fields fields, List<String> targets) {
        List<String> columns =
                model instanceof Draft.Custom custom
                        ? GraphInputs.columns(custom.inputs())
                        : List.of();
        if (columns.isEmpty()) {
            return Optional.empty();
        }
        if (fields.has("features")) {
            fields.reject("features", "the model's inputs name the columns already; leave it out");
        }
        Optional<String> weight = fields.node("sample_weight").flatMap(JsonNode::stringValueOpt);
        targets.stream()
                .filter(columns::contains)
                .forEach(target ->
                        fields.reject(
                                "target",
                                "column %s is the target, which must not be in an input; leave it out there"
                                        .formatted(Wording.quoted(target))));
        weight.filter(columns::contains)
                .ifPresent(column ->
                        fields.reject(
                                "sample_weight",
                                "column %s is in an input of the model, so it cannot be a weight; leave it out there"
                                        .formatted(Wording.quoted(column))));
        return Optional.of(columns);
    }

    private static List<String> features(Fields fields, List<String> targets) {
        Optional<String> weight = fields.node("sample_weight").flatMap(JsonNode::stringValueOpt);
        if (fields.node("features").filter(node -> node.isArray() && node.isEmpty()).isPresent()) {
            fields.reject(
                    "features",
                    "expected at least one column; leave the field out for every column but the"
                            + " target");
        }
        var seen = new HashSet<String>();
        return fields.list(
                        "features",
                        "an array of column names",
                        (values, node, pointer) -> {
                            Optional<String> column = values.string(node, pointer);
                            if (column.isPresent() && !seen.add(column.get())) {
                                values.errors()
                                        .add(
                                                pointer,
                                                "column %s is listed twice; leave it out here"
                                                        .formatted(Wording.quoted(column.get())));
                            }
                            String role =
                                    column.filter(targets::contains).isPresent()
                                            ? "target"
                                            : column.isPresent() && column.equals(weight)
                                                    ? "sample weight"
                                                    : "";
                            if (!role.isEmpty()) {
                                values.errors()
                                        .add(
                                                pointer,
                                                "column %s is the %s, which must not be an input;"
                                                                .formatted(
                                                                        Wording.quoted(
                                                                                column
                                                                                        .orElseThrow()),
                                                                        role)
                                                        + " leave it out here");
                            }
                            return column;
                        })
                .orElse(List.of());
    }

    private static Optional<Draft> model(Fields fields, Purpose purpose, SpecErrors errors) {
        boolean hasDataset = purpose == Purpose.RUN || fields.has("dataset");
        return fields.required("model", "write {\"layers\": [...]}")
                .flatMap(node ->
                        Fields.open(
                                        node,
                                        fields.pointer("model"),
                                        "model",
                                        Vocabulary.MODEL,
                                        errors)
                                .flatMap(model ->
                                        new LayerReader(errors).model(node, model, hasDataset)));
    }

    private static TrainingSpec.Schedule schedule(Fields fields, SpecErrors errors) {
        long epochs = fields.integer("epochs", 1, MAX_EPOCHS).orElse(10);
        return new TrainingSpec.Schedule(
                Math.toIntExact(epochs),
                batchSize(fields),
                fields.bool("shuffle", true),
                fields.bool("drop_last", false),
                fields.integer("seed", 0, Long.MAX_VALUE).orElse(0),
                StoppingReader.read(fields, errors));
    }

    private static OptionalInt batchSize(Fields fields) {
        Optional<JsonNode> node = fields.node("batch_size");
        if (node.isPresent() && node.get().isString()) {
            if (!node.get().stringValue().equals("all")) {
                fields.reject(
                        "batch_size",
                        "expected a whole number or \"all\", got " + Wording.found(node.get()));
            }
            return OptionalInt.empty();
        }
        OptionalLong size = fields.integer("batch_size", 1, MAX_BATCH_SIZE);
        return OptionalInt.of(Math.toIntExact(size.orElse(32)));
    }

    private static TrainingSpec.Preprocessing preprocessing(Fields fields, SpecErrors errors) {
        var usual = TrainingSpec.Preprocessing.DEFAULT;
        return nested(fields, "preprocessing", Vocabulary.PREPROCESSING, errors)
                .map(given ->
                        new TrainingSpec.Preprocessing(
                                given.bool("standardize", usual.standardize()),
                                given.bool("one_hot", usual.oneHot()),
                                given.node("columns")
                                        .map(node ->
                                                new ColumnStepReader(errors)
                                                        .read(node, given.pointer("columns")))
                                        .orElse(usual.columns()),
                                given.node("missing")
                                        .map(node ->
                                                missing(node, given.pointer("missing"), errors))
                                        .orElse(usual.missing())))
                .orElse(usual);
    }

    /** By column name. */
    private static Map<String, MissingPolicy> missing(
            JsonNode node, String pointer, SpecErrors errors) {
        var policies = new LinkedHashMap<String, MissingPolicy>();
        if (!node.isObject()) {
            new Values(errors).wrongType("an object of columns and policies", node, pointer);
            return policies;
        }
        var reader = new MissingPolicyReader(errors::add);
        for (String column : node.propertyNames()) {
            reader.read(node.path(column), Pointers.field(pointer, column))
                    .ifPresent(policy -> policies.put(column, policy));
        }
        return policies;
    }

    private static Optional<Fields> nested(
            Fields fields, String name, List<String> known, SpecErrors errors) {
        return fields.node(name)
                .flatMap(node -> Fields.open(node, fields.pointer(name), name, known, errors));
    }

    private static int priority(Fields fields) {
        return (int)
                fields.integer(
                                "priority",
                                TrainingRequest.LOWEST_PRIORITY,
                                TrainingRequest.HIGHEST_PRIORITY)
                        .orElse(0);
    }

    private static String device(Fields fields) {
        Optional<String> device = fields.string("device");
        if (device.isPresent() && !DEVICE.matcher(device.get()).matches()) {
            fields.reject(
                    "device",
                    "expected auto, cpu, cuda or such as cuda:0, got "
                            + Wording.quoted(device.get()));
        }
        return device.orElse("auto");
    }
}
