package dev.hearth.spec;

import dev.hearth.problem.ProblemException;
import dev.hearth.spec.TrainingRequest.Purpose;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads a request to import a model. Everything that is wrong with it is told at once, and model
 * and loss are read by the reader that training uses.
 */
public final class ImportReader {

    private static final String FILL_VALUES = "fill_values";
    private static final List<String> LIKE_REQUEST = List.of("name", "like", "strip_prefix");
    private static final List<String> OWN_REQUEST =
            List.of("name", "model", "loss", "features", FILL_VALUES, "target", "strip_prefix");
    private static final List<String> LIKE = List.of("name", "version");
    private static final List<String> TARGET = List.of("column", "task", "classes");
    private static final int MOST_CLASSES = 10_000;

    private final Limits limits;

    public ImportReader(Limits limits) {
        this.limits = limits;
    }

    /**
     * @throws ProblemException {@code INVALID_SPECIFICATION} with all that is wrong
     */
    public ImportRequest read(JsonNode body) {
        var errors = new SpecErrors();
        List<String> known = body.has("like") ? LIKE_REQUEST : OWN_REQUEST;
        Optional<ImportRequest> request =
                Fields.open(body, "", "an import", known, errors)
                        .flatMap(fields -> request(body, fields, errors));
        errors.throwIfAny();
        return request.orElseThrow();
    }

    /**
     * Reads the model and the loss of a specification that was accepted before, whatever else is in
     * it.
     */
    public ImportRequest.ServedModel stored(JsonNode specification, InputForm input) {
        var errors = new SpecErrors();
        Optional<ImportRequest.ServedModel> model =
                model(specification, Optional.of(input), Optional.empty(), errors);
        errors.throwIfAny();
        return model.orElseThrow();
    }

    /** Present if there are no errors. */
    private Optional<ImportRequest> request(JsonNode body, Fields fields, SpecErrors errors) {
        fields.required("name", "name the model whose next version the import makes");
        Optional<String> name = SpecReader.name(fields, Purpose.CHECK);
        String prefix = fields.string("strip_prefix").orElse("");
        Optional<ImportRequest.Source> source =
                fields.has("like")
                        ? like(fields, errors).map(like -> like)
                        : own(body, fields, errors).map(own -> own);
        return errors.isEmpty()
                ? Optional.of(new ImportRequest(name.orElseThrow(), prefix, source.orElseThrow()))
                : Optional.empty();
    }

    private static Optional<ImportRequest.Like> like(Fields fields, SpecErrors errors) {
        return fields.node("like")
                .flatMap(node -> Fields.open(node, fields.pointer("like"), "like", LIKE, errors))
                .flatMap(like -> {
                    like.required("name", "name the model whose specification is to be taken");
                    OptionalLong version = like.integer("version", 1, Integer.MAX_VALUE);
                    return SpecReader.name(like, Purpose.CHECK)
                            .map(name ->
                                    new ImportRequest.Like(
                                            name,
                                            version.isPresent()
                                                    ? OptionalInt.of((int) version.getAsLong())
                                                    : OptionalInt.empty()));
                });
    }

    private Optional<ImportRequest.Own> own(JsonNode body, Fields fields, SpecErrors errors) {
        Optional<ImportRequest.Target> target = target(fields, errors);
        Optional<Encoding> encoding =
                fields.required(
                                "features",
                                "list the input columns, such as [{\"type\": \"numeric\", \"column\":"
                                        + " \"age\"}]")
                        .flatMap(node ->
                                new EncodingReader(errors)
                                        .read(
                                                node,
                                                fields.pointer("features"),
                                                target.map(ImportRequest.Target::column)))
                        .map(read -> filled(read, fields));
        Optional<ImportRequest.ServedModel> model =
                model(body, encoding.map(known -> known), target, errors);
        if (model.isEmpty() || encoding.isEmpty() || target.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new ImportRequest.Own(model.get(), encoding.get(), target.get()));
    }

    /** With what stands for missing values, where that is told. */
    private static Encoding filled(Encoding encoding, Fields fields) {
        Optional<JsonNode> given = fields.node(FILL_VALUES);
        if (given.isEmpty()) {
            return encoding;
        }
        if (!given.get().isObject()) {
            fields.reject(FILL_VALUES, "expected an object of columns and values");
            return encoding;
        }
        var fills = new LinkedHashMap<String, Double>();
        for (String column : given.get().propertyNames()) {
            JsonNode cell = given.get().path(column);
            Optional<Encoding.Feature> feature =
                    encoding.features().stream()
                            .filter(each -> each.column().equals(column))
                            .findFirst();
            OptionalDouble raw =
                    feature.isPresent() && cell.isValueNode()
                            ? feature.get().raw(cell.asString())
                            : OptionalDouble.empty();
            if (raw.isPresent()) {
                fills.put(column, raw.getAsDouble());
            } else {
                fields.reject(
                        FILL_VALUES,
                        feature.isEmpty()
                                ? "%s is none of the features".formatted(Wording.quoted(column))
                                : "expected a value of column %s, got %s"
                                        .formatted(Wording.quoted(column), Wording.found(cell)));
            }
        }
        return new Encoding(encoding.features(), fills);
    }

    private static Optional<ImportRequest.Target> target(Fields fields, SpecErrors errors) {
        Optional<Fields> target =
                fields.required("target", "say what the model predicts: {\"column\": \"price\"}")
                        .flatMap(node ->
                                Fields.open(
                                        node, fields.pointer("target"), "target", TARGET, errors));
        if (target.isEmpty()) {
            return Optional.empty();
        }
        target.get().required("column", "name the column that the model predicts");
        Optional<String> column = target.get().string("column");
        // What GET shows beside it follows from the loss, and may be sent back as it was shown.
        target.get().string("task");
        var kinds = new HashSet<TargetColumn.Kind>();
        List<String> classes = classes(target.get(), kinds);
        return column.map(name ->
                new ImportRequest.Target(
                        name,
                        kinds.isEmpty() ? TargetColumn.Kind.NUMERIC : kinds.iterator().next(),
                        classes));
    }

    private static List<String> classes(Fields target, Set<TargetColumn.Kind> kinds) {
        var seen = new HashSet<String>();
        List<String> classes =
                target.list(
                                "classes",
                                "an array of classes",
                                (values, node, pointer) ->
                                        label(values, node, pointer, kinds)
                                                .filter(label ->
                                                        isNew(label, seen, values, pointer)))
                        .orElse(List.of());
        if (kinds.size() > 1) {
            target.reject("classes", "expected all texts, all whole numbers, or true and false");
        }
        if (classes.size() > MOST_CLASSES) {
            target.reject("classes", "expected at most " + Wording.number(MOST_CLASSES));
        }
        return classes;
    }

    private static boolean isNew(String label, Set<String> seen, Values values, String pointer) {
        boolean isNew = seen.add(label);
        if (!isNew) {
            values.errors()
                    .add(pointer, "class %s is listed twice".formatted(Wording.quoted(label)));
        }
        return isNew;
    }

    private static Optional<String> label(
            Values values, JsonNode node, String pointer, Set<TargetColumn.Kind> kinds) {
        if (node.isString() && !node.stringValue().isEmpty()) {
            kinds.add(TargetColumn.Kind.CATEGORICAL);
            return Optional.of(node.stringValue());
        }
        if (node.isBoolean()) {
            kinds.add(TargetColumn.Kind.BOOLEAN);
            return Optional.of(String.valueOf(node.booleanValue()));
        }
        if (node.isIntegralNumber() && node.canConvertToLong()) {
            kinds.add(TargetColumn.Kind.INTEGER);
            return Optional.of(String.valueOf(node.longValue()));
        }
        values.wrongType("a text, a whole number, true or false", node, pointer);
        return Optional.empty();
    }

    /**
     * Lets the reader and the check of training look at the model: what they say of the input's
     * shape is left out where there is no encoding to know it from.
     */
    private Optional<ImportRequest.ServedModel> model(
            JsonNode body,
            Optional<InputForm> input,
            Optional<ImportRequest.Target> target,
            SpecErrors errors) {
        try {
            Optional<Shape> shape = input.map(known -> shape(known, errors));
            var spec = new SpecReader(limits).read(asCheck(body, shape), Purpose.CHECK).spec();
            if (input.isEmpty() || !knowsInputs(spec, input.get(), errors)) {
                return Optional.empty();
            }
            boolean fits = target.map(given -> fits(given, spec.loss(), errors)).orElse(false);
            var data =
                    new ModelCheck.Data(
                            shape.orElseThrow(),
                            OptionalLong.empty(),
                            fits
                                    ? target.map(ImportRequest.Target::described).stream().toList()
                                    : List.of(),
                            input);
            return new ModelCheck(limits)
                    .check(spec, data, errors)
                    .map(checked ->
                            new ImportRequest.ServedModel(
                                    checked.plan(), spec.loss(), warnings(checked)));
        } catch (ProblemException e) {
            e.violations().stream()
                    .filter(violation -> !violation.pointer().startsWith("/input_shape"))
                    .forEach(violation -> errors.add(violation.pointer(), violation.message()));
            return Optional.empty();
        }
    }

    private static Shape shape(InputForm input, SpecErrors errors) {
        return switch (input) {
            case Encoding encoding -> Shape.of(encoding.width());
            case BlockInput block -> block.modelShape(errors);
        };
    }

    /** The same model and loss as a request of the kind that the reader knows. */
    private static ObjectNode asCheck(JsonNode body, Optional<Shape> input) {
        var check = JsonNodeFactory.instance.objectNode();
        for (String field : List.of("model", "loss")) {
            if (body.has(field)) {
                check.set(field, body.get(field));
            }
        }
        // Every reading wants one, and nothing here depends on it.
        check.put("optimizer", "SGD");
        if (namesColumns(body)) {
            // Inputs are columns where there is a data set; which one does not matter.
            check.put("dataset", "imported").set("target", targetColumns(body));
        } else {
            input.ifPresent(known -> {
                var dims = check.putArray("input_shape");
                known.dims().forEach(extent -> dims.add(extent.longValue()));
            });
        }
        return check;
    }

    /** A stored specification has the column's name, or several, a request an object with it. */
    private static JsonNode targetColumns(JsonNode body) {
        JsonNode target = body.path("target");
        JsonNode columns = target.isObject() ? target.path("column") : target;
        boolean named = columns.isString() && !columns.stringValue().isEmpty();
        return named || columns.isArray() ? columns : JsonNodeFactory.instance.stringNode("target");
    }

    private static boolean namesColumns(JsonNode body) {
        return body.path("model")
                .path("inputs")
                .valueStream()
                .flatMap(JsonNode::valueStream)
                .anyMatch(JsonNode::isString);
    }

    /** Whether the columns that the model's inputs name are among the features. */
    private static boolean knowsInputs(TrainingSpec spec, InputForm input, SpecErrors errors) {
        List<String> known =
                switch (input) {
                    case Encoding encoding ->
                            encoding.features().stream().map(Encoding.Feature::column).toList();
                    case BlockInput block -> List.of(block.column());
                };
        for (int i = 0; i < spec.features().size(); i++) {
            if (!known.contains(spec.features().get(i))) {
                errors.add(
                        spec.featurePointer(i),
                        "features has no column %s; it has %s"
                                .formatted(Wording.quoted(spec.features().get(i)), known));
            }
        }
        return errors.isEmpty();
    }

    private static boolean fits(ImportRequest.Target target, LossSpec loss, SpecErrors errors) {
        if (loss.task(1).hasClasses() == !target.classes().isEmpty()) {
            return true;
        }
        errors.add(
                "/target/classes",
                loss.task(1).hasClasses()
                        ? "required for %s, but missing; list the classes in the order of the model's outputs"
                                .formatted(loss.type())
                        : "%s predicts a number, which has no classes; leave them out"
                                .formatted(loss.type()));
        return false;
    }

    private static List<String> warnings(ModelCheck.Checked checked) {
        var warnings = new ArrayList<String>();
        checked.warnings()
                .forEach(warning -> warnings.add(warning.pointer() + ": " + warning.message()));
        return warnings;
    }
}
