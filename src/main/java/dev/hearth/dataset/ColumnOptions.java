package dev.hearth.dataset;

import dev.hearth.missing.MissingPolicy;
import dev.hearth.missing.MissingPolicyReader;
import dev.hearth.problem.JsonPointer;
import dev.hearth.problem.Violation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads the option {@code columns}: for each column the word for its type, or an object of type,
 * categories and what stands for missing values.
 *
 * @param violations takes all that is wrong
 */
record ColumnOptions(Consumer<Violation> violations) {

    private static final String TYPE = "type";
    private static final String CATEGORIES = "categories";
    private static final String MISSING = "missing";
    private static final List<String> FIELDS = List.of(TYPE, CATEGORIES, MISSING);

    Map<String, ColumnDeclaration> read(Map<String, JsonNode> columns) {
        var declared = new LinkedHashMap<String, ColumnDeclaration>();
        columns.forEach((column, node) ->
                declared.put(column, column(node, DatasetOptions.pointer(column))));
        return declared;
    }

    private ColumnDeclaration column(JsonNode node, String pointer) {
        if (!node.isObject()) {
            return new ColumnDeclaration(type(node, pointer), List.of(), MissingPolicy.REJECT);
        }
        for (String field : node.propertyNames()) {
            if (!FIELDS.contains(field)) {
                refuse(
                        pointer + "/" + JsonPointer.escaped(field),
                        "unknown field; a column has " + String.join(", ", FIELDS));
            }
        }
        Optional<ColumnType> type =
                node.has(TYPE) ? type(node.path(TYPE), pointer + "/" + TYPE) : Optional.empty();
        List<String> categories =
                node.has(CATEGORIES)
                        ? categories(node.path(CATEGORIES), type, pointer + "/" + CATEGORIES)
                        : List.of();
        MissingPolicy missing =
                node.has(MISSING)
                        ? new MissingPolicyReader(this::refuse)
                                .read(node.path(MISSING), pointer + "/" + MISSING)
                                .orElse(MissingPolicy.REJECT)
                        : MissingPolicy.REJECT;
        var declared =
                new ColumnDeclaration(
                        categories.isEmpty() ? type : Optional.of(ColumnType.CATEGORICAL),
                        categories,
                        missing);
        declared.type()
                .flatMap(declared::misfit)
                .ifPresent(misfit ->
                        refuse(pointer + "/" + MISSING + misfit.field(), misfit.message()));
        return declared;
    }

    private Optional<ColumnType> type(JsonNode node, String pointer) {
        Optional<ColumnType> type =
                ColumnType.ofWireName(node.isString() ? node.stringValue() : null)
                        .filter(ColumnType::isWritten);
        if (type.isEmpty()) {
            refuse(
                    pointer,
                    "expected one of %s, got %s"
                            .formatted(
                                    typeNames(),
                                    node.isString()
                                            ? node.stringValue()
                                            : "%s; or an object of %s"
                                                    .formatted(node, String.join(", ", FIELDS))));
        }
        return type;
    }

    private List<String> categories(JsonNode node, Optional<ColumnType> type, String pointer) {
        if (type.isPresent() && type.get() != ColumnType.CATEGORICAL) {
            refuse(
                    pointer,
                    "only categorical columns have them, and this one is declared %s; leave one of the two out"
                            .formatted(type.get().wireName()));
            return List.of();
        }
        if (!node.isArray()
                || node.isEmpty()
                || node.size() > ColumnProfile.MAX_DECLARED_CATEGORIES) {
            refuse(
                    pointer,
                    "expected a list of 1 to %,d categories in their order, got %s"
                            .formatted(
                                    ColumnProfile.MAX_DECLARED_CATEGORIES,
                                    node.isArray() ? String.valueOf(node.size()) : node));
            return List.of();
        }
        var places = new HashMap<String, Integer>();
        var categories = new ArrayList<String>();
        for (int i = 0; i < node.size(); i++) {
            Optional<String> category = category(node.get(i), pointer + "/" + i);
            if (category.isPresent()) {
                Integer first = places.putIfAbsent(category.get(), i);
                if (first == null) {
                    categories.add(category.get());
                } else {
                    refuse(
                            pointer + "/" + i,
                            "'%s' is listed twice, first at %d; remove one of them"
                                    .formatted(category.get(), first));
                }
            }
        }
        return categories;
    }

    /** A number or a boolean is the text that is its cell. */
    private Optional<String> category(JsonNode node, String pointer) {
        if (!node.isString() && !node.isNumber() && !node.isBoolean()) {
            refuse(pointer, "expected a string, got " + node);
            return Optional.empty();
        }
        String category = node.asString();
        if (category.isBlank() || category.length() > ColumnProfile.MAX_CATEGORY_CHARS) {
            refuse(
                    pointer,
                    "expected 1 to %d characters that are not all spaces (an empty cell is a missing value), got %d"
                            .formatted(ColumnProfile.MAX_CATEGORY_CHARS, category.length()));
            return Optional.empty();
        }
        return Optional.of(category);
    }

    private void refuse(String pointer, String message) {
        violations.accept(new Violation(pointer, message));
    }

    private static String typeNames() {
        return Stream.of(ColumnType.values())
                .filter(ColumnType::isWritten)
                .map(ColumnType::wireName)
                .collect(Collectors.joining(", "));
    }

    /** The word for a type, as it is sent. */
    static JsonNode word(ColumnType type) {
        return JsonNodeFactory.instance.stringNode(type.wireName());
    }

    /**
     * What holds of a column where {@code over} takes precedence, field by field; but another type
     * begins anew.
     */
    static JsonNode merged(JsonNode under, JsonNode over) {
        ObjectNode base = object(under);
        ObjectNode top = object(over);
        if (top.has(TYPE) && !top.get(TYPE).equals(base.get(TYPE))) {
            return over;
        }
        base.setAll(top);
        return base.size() == 1 && base.has(TYPE) ? base.get(TYPE) : base;
    }

    private static ObjectNode object(JsonNode node) {
        return node instanceof ObjectNode object
                ? object.deepCopy()
                : JsonNodeFactory.instance.objectNode().set(TYPE, node);
    }
}
