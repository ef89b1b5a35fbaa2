package dev.hearth.spec;

import dev.hearth.spec.LossSpec.Task;
import dev.hearth.spec.TrainingRequest.Purpose;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Reads what a model is to learn: targets, loss, weights of rows, metrics. */
final class ObjectiveReader {

    private static final String TARGET = "target";
    private static final String SAMPLE_WEIGHT = "sample_weight";
    private static final String METRICS = "metrics";

    private ObjectiveReader() {}

    /** One column or several. Needed wherever there is a data set to find them in. */
    static List<String> targets(Fields fields, Purpose purpose) {
        if (purpose == Purpose.RUN) {
            fields.required(TARGET, "a run needs it");
        } else if (fields.has("dataset")) {
            fields.required(TARGET, "name the column of the data set to predict");
        }
        Optional<JsonNode> node = fields.node(TARGET);
        if (node.filter(JsonNode::isArray).isEmpty()) {
            return fields.string(TARGET).stream().toList();
        }
        int count = node.get().size();
        if (count < 1 || count > Objective.MAX_TARGETS) {
            fields.reject(
                    TARGET,
                    "expected 1 to %s columns, got %s"
                            .formatted(
                                    Wording.number(Objective.MAX_TARGETS), Wording.number(count)));
            return List.of();
        }
        var seen = new HashSet<String>();
        return fields.list(
                        TARGET,
                        "a column name or an array of them",
                        (values, element, pointer) -> {
                            Optional<String> column = values.string(element, pointer);
                            if (column.isPresent() && !seen.add(column.get())) {
                                values.errors()
                                        .add(
                                                pointer,
                                                "column %s is listed twice; leave it out here"
                                                        .formatted(Wording.quoted(column.get())));
                            }
                            return column;
                        })
                .orElse(List.of());
    }

    /** Empty if the loss cannot be read. */
    static Optional<Objective> read(Fields fields, List<String> targets, SpecErrors errors) {
        Optional<LossSpec> loss =
                fields.required("loss", "write one of " + String.join(", ", LossReader.names()))
                        .flatMap(node -> LossReader.read(node, fields.pointer("loss"), errors));
        loss.ifPresent(known -> checkCount(known, targets, fields));
        Optional<String> sampleWeight = sampleWeight(fields, targets);
        List<Metric> metrics = metrics(fields, loss.map(known -> known.task(targets.size())), loss);
        return loss.map(known -> new Objective(targets, known, sampleWeight, metrics));
    }

    private static void checkCount(LossSpec loss, List<String> targets, Fields fields) {
        switch (loss.task(targets.size())) {
            case CLASSIFICATION, SIMILARITY -> {
                if (targets.size() > 1) {
                    fields.reject(
                            TARGET,
                            ("%s predicts one column, got %d; use BCEWithLogitsLoss for columns that"
                                            + " say yes or no, MSELoss for numbers, or a run for each"
                                            + " column")
                                    .formatted(loss.type(), targets.size()));
                }
            }
            case DISTRIBUTION -> {
                if (targets.size() == 1) {
                    fields.reject(
                            TARGET,
                            "%s needs at least two columns, whose numbers add up to 1 in each row"
                                    .formatted(loss.type()));
                }
            }
            case REGRESSION, BINARY_CLASSIFICATION, MULTI_LABEL -> {}
        }
    }

    private static Optional<String> sampleWeight(Fields fields, List<String> targets) {
        Optional<String> column = fields.string(SAMPLE_WEIGHT);
        if (column.filter(targets::contains).isPresent()) {
            fields.reject(
                    SAMPLE_WEIGHT,
                    "column %s is a target, which cannot be a weight; name another column"
                            .formatted(Wording.quoted(column.get())));
        }
        return column;
    }

    private static List<Metric> metrics(
            Fields fields, Optional<Task> task, Optional<LossSpec> loss) {
        if (fields.node(METRICS).filter(node -> node.isArray() && node.isEmpty()).isPresent()) {
            fields.reject(
                    METRICS,
                    "expected at least one metric; leave the field out for the usual ones");
        }
        var seen = new HashSet<String>();
        return fields.list(
                        METRICS,
                        "an array of metrics",
                        (values, node, pointer) -> {
                            Optional<String> name = values.string(node, pointer);
                            if (name.isPresent() && !seen.add(name.get())) {
                                values.errors().add(pointer, "listed twice; leave it out here");
                            }
                            Optional<Metric> metric = name.flatMap(Metric::ofName);
                            if (name.isPresent()
                                    && task.isPresent()
                                    && metric.filter(known -> known.suits(task.get())).isEmpty()) {
                                List<String> known = Metric.names(task.get());
                                values.errors()
                                        .add(
                                                pointer,
                                                "%s is no metric of %s; there are %s%s"
                                                        .formatted(
                                                                Wording.quoted(name.get()),
                                                                what(
                                                                        task.get(),
                                                                        loss.orElseThrow()),
                                                                String.join(", ", known),
                                                                Wording.didYouMean(
                                                                        name.get(), known)));
                            }
                            return metric;
                        })
                .orElse(List.of());
    }

    private static String what(Task task, LossSpec loss) {
        return loss.type()
                + switch (task) {
                    case REGRESSION -> ", which predicts numbers";
                    case DISTRIBUTION -> ", which predicts a distribution";
                    case BINARY_CLASSIFICATION, SIMILARITY -> ", which predicts one of two classes";
                    case CLASSIFICATION -> ", which predicts classes";
                    case MULTI_LABEL -> " of several columns";
                };
    }
}
