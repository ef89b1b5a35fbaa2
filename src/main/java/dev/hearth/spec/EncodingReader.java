package dev.hearth.spec;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Reads the preprocessing of columns, in the form in which a model version shows it. */
final class EncodingReader {

    private static final int MOST_FEATURES = 100_000;
    private static final int MOST_CATEGORIES = 100_000;
    private static final List<String> TYPES =
            List.of("standardized", "numeric", "flag", "scaled", "one_hot", "ordinal");

    private final SpecErrors errors;
    private final Set<String> columns = new HashSet<>();

    EncodingReader(SpecErrors errors) {
        this.errors = errors;
    }

    /**
     * @param target the column that must not be an input
     */
    Optional<Encoding> read(JsonNode node, String pointer, Optional<String> target) {
        if (!node.isArray() || node.isEmpty() || node.size() > MOST_FEATURES) {
            errors.add(
                    pointer,
                    "expected an array of 1 to %s columns, got %s"
                            .formatted(
                                    Wording.number(MOST_FEATURES),
                                    node.isArray()
                                            ? Wording.number(node.size())
                                            : Wording.found(node)));
            return Optional.empty();
        }
        target.ifPresent(columns::add);
        var features = new ArrayList<Encoding.Feature>();
        for (int i = 0; i < node.size(); i++) {
            feature(node.get(i), Pointers.element(pointer, i)).ifPresent(features::add);
        }
        return features.size() == node.size()
                ? Optional.of(new Encoding(features))
                : Optional.empty();
    }

    private Optional<Encoding.Feature> feature(JsonNode node, String pointer) {
        String type = node.path("type").asStringOpt().orElse("");
        List<String> known =
                switch (type) {
                    case "standardized" -> List.of("type", "column", "mean", "std");
                    case "one_hot", "ordinal" -> List.of("type", "column", "categories");
                    case "scaled" -> List.of("type", "column", "steps");
                    default -> List.of("type", "column");
                };
        if (node.isObject() && !TYPES.contains(type)) {
            errors.add(
                    Pointers.field(pointer, "type"),
                    "expected one of %s, got %s"
                            .formatted(
                                    String.join(", ", TYPES),
                                    node.has("type")
                                            ? Wording.found(node.get("type"))
                                            : "nothing"));
            return Optional.empty();
        }
        return Fields.open(node, pointer, "a feature", known, errors)
                .flatMap(fields -> feature(type, fields))
                .filter(feature -> isNew(feature, pointer));
    }

    private static Optional<Encoding.Feature> feature(String type, Fields fields) {
        fields.required("column", "name the column");
        Optional<String> column = fields.string("column");
        return switch (type) {
            case "standardized" -> standardized(column, fields);
            case "one_hot" ->
                    categories(fields)
                            .flatMap(all -> column.map(name -> new Encoding.OneHot(name, all)));
            case "ordinal" ->
                    categories(fields)
                            .flatMap(all -> column.map(name -> new Encoding.Ordinal(name, all)));
            case "scaled" ->
                    LearnedStepReader.read(fields)
                            .flatMap(steps -> column.map(name -> new Encoding.Scaled(name, steps)));
            case "flag" -> column.map(Encoding.Flag::new);
            default -> column.map(Encoding.Numeric::new);
        };
    }

    private static Optional<Encoding.Feature> standardized(Optional<String> column, Fields fields) {
        fields.required("mean", "write the mean of the training rows");
        fields.required("std", "write the standard deviation of the training rows");
        double mean = fields.number("mean", Values.Range.ANY, 0);
        double std = fields.number("std", Values.Range.NOT_NEGATIVE, 1);
        if (std == 0) {
            fields.reject("std", "expected a number above 0; write 1 for a constant column");
        }
        return fields.failed()
                ? Optional.empty()
                : column.map(name -> new Encoding.Standardized(name, mean, std));
    }

    private static Optional<List<String>> categories(Fields fields) {
        fields.required("categories", "list them in the order of the model's inputs");
        var seen = new HashSet<String>();
        Optional<List<String>> categories =
                fields.list(
                        "categories",
                        "an array of texts",
                        (values, node, pointer) -> {
                            Optional<String> category = values.string(node, pointer);
                            if (category.isPresent() && !seen.add(category.get())) {
                                values.errors()
                                        .add(
                                                pointer,
                                                "category %s is listed twice"
                                                        .formatted(Wording.quoted(category.get())));
                                return Optional.empty();
                            }
                            return category;
                        });
        if (categories.isPresent() && !fields.failed()) {
            int count = categories.get().size();
            if (count < 1 || count > MOST_CATEGORIES) {
                fields.reject(
                        "categories",
                        "expected 1 to %s, got %s"
                                .formatted(Wording.number(MOST_CATEGORIES), Wording.number(count)));
            }
        }
        return fields.failed() ? Optional.empty() : categories;
    }

    private boolean isNew(Encoding.Feature feature, String pointer) {
        boolean isNew = columns.add(feature.column());
        if (!isNew) {
            errors.add(
                    Pointers.field(pointer, "column"),
                    "column %s is the target, or listed twice; leave it out here"
                            .formatted(Wording.quoted(feature.column())));
        }
        return isNew;
    }
}
