package dev.hearth.run;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.hearth.dataset.Column;
import dev.hearth.dataset.Dataset;
import dev.hearth.dataset.Datasets;
import dev.hearth.dataset.Part;
import dev.hearth.dataset.RowSplit;
import dev.hearth.dataset.Table;
import dev.hearth.missing.MissingPolicy;
import dev.hearth.problem.ProblemException;
import dev.hearth.problem.Violation;
import dev.hearth.spec.Graph;
import dev.hearth.spec.Limits;
import dev.hearth.spec.MemoryEstimate;
import dev.hearth.spec.ModelCheck;
import dev.hearth.spec.ModelPlan;
import dev.hearth.spec.Shape;
import dev.hearth.spec.TrainingRequest;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

/** Looks at a specification, with its data set where one is named, and queues nothing. */
@Service
class SpecCheck {

    /** What a valid specification comes to. */
    @Schema(name = "SpecificationCheck")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Answer(
            boolean valid,
            List<Long> inputShape,
            List<Long> outputShape,
            long parameters,
            MemoryEstimateView memory,
            List<LayerView> layers,
            List<NodeView> nodes,
            @Nullable DataView dataset,
            List<Violation> warnings) {}

    /**
     * One layer, children after their parent, with the shapes of its first call.
     *
     * @param inputShapes only where there are several inputs; then inputShape is the first one's
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record LayerView(
            String path,
            String type,
            List<Long> inputShape,
            @Nullable List<List<Long>> inputShapes,
            List<Long> outputShape,
            long parameters) {}

    /**
     * One value of a forward graph.
     *
     * @param module whose graph it is; empty for the model's own
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record NodeView(
            String module,
            String name,
            @Nullable String call,
            @Nullable String op,
            List<String> inputs,
            List<Long> shape) {}

    /** In bytes. */
    record MemoryEstimateView(
            long parameterBytes,
            long gradientBytes,
            long optimizerBytes,
            long activationBytes,
            long workingBytes,
            long evaluationBytes,
            long checkpointBytes,
            long totalBytes) {}

    /** How the data set would be used. */
    record DataView(
            long rows,
            long trainingRows,
            long validationRows,
            long testRows,
            List<PartView> parts,
            List<String> features,
            List<FilledView> filled,
            List<String> classes) {}

    /**
     * An input column whose missing values are filled.
     *
     * @param strategy from where the value comes
     * @param cells how many are filled
     */
    @Schema(name = "FilledColumn")
    record FilledView(
            String column,
            @Schema(allowableValues = {"mean", "median", "most_frequent", "constant"})
                    String strategy,
            long cells) {}

    /**
     * Rows that have the same purpose.
     *
     * @param classes how many rows are of each class; null where rows have no class
     */
    @Schema(name = "SplitPart")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record PartView(
            @Schema(allowableValues = {"training", "validation", "test"}) String part,
            long rows,
            @Nullable Map<String, Long> classes) {}

    private final Datasets datasets;
    private final WorkersMemory workers;

    SpecCheck(Datasets datasets, WorkersMemory workers) {
        this.datasets = datasets;
        this.workers = workers;
    }

    Answer check(TrainingRequest request, Optional<Dataset> dataset) {
        if (dataset.isEmpty()) {
            ModelCheck.Checked checked = checkAlone(request);
            requireMemory(request, request.spec().schedule().batchSize().orElse(1), checked);
            return answer(checked, null, List.of());
        }
        try (Table table = datasets.open(dataset.get())) {
            RunPlan plan = plan(request, dataset.get(), table);
            return answer(plan.checked(), view(request, plan), plan.warnings());
        }
    }

    private static DataView view(TrainingRequest request, RunPlan plan) {
        RowSplit split = plan.split();
        return new DataView(
                split.rows(),
                split.count(Part.TRAINING),
                split.count(Part.VALIDATION),
                split.count(Part.TEST),
                Stream.of(Part.values())
                        .filter(part -> split.count(part) > 0)
                        .map(part ->
                                new PartView(
                                        part.wireName(), split.count(part), classes(plan, part)))
                        .toList(),
                plan.columns().features().stream().map(Column::name).toList(),
                filled(request, plan),
                request.spec().objective().task().hasClasses()
                        ? plan.targets().classes()
                        : List.of());
    }

    private static List<FilledView> filled(TrainingRequest request, RunPlan plan) {
        List<Column> features = plan.columns().features();
        Map<String, MissingPolicy> policies =
                FillFit.policies(features, request.spec().preprocessing());
        return features.stream()
                .filter(column -> policies.containsKey(column.name()))
                .map(column ->
                        new FilledView(
                                column.name(),
                                FillFit.policy(column, request.spec().preprocessing())
                                        .strategy()
                                        .wireName(),
                                column.missing()))
                .toList();
    }

    private static @Nullable Map<String, Long> classes(RunPlan plan, Part part) {
        Targets targets = plan.targets();
        if (!targets.hasClasses()) {
            return null;
        }
        var counts = new long[targets.classes().size()];
        for (long row : plan.split().rows(part)) {
            counts[targets.classAt(row)]++;
        }
        var byName = new LinkedHashMap<String, Long>();
        for (int i = 0; i < counts.length; i++) {
            byName.put(targets.classes().get(i), counts[i]);
        }
        return byName;
    }

    /**
     * @throws ProblemException with all that does not fit
     */
    RunPlan plan(TrainingRequest request, Dataset dataset) {
        try (Table table = datasets.open(dataset)) {
            return plan(request, dataset, table);
        }
    }

    private RunPlan plan(TrainingRequest request, Dataset dataset, Table table) {
        RunPlan plan = RunPlan.of(request.spec(), dataset, table);
        requireMemory(request, plan.split().training().length, plan.checked());
        return plan;
    }

    /**
     * @param rows that there are to train on
     * @throws ProblemException where no worker's device has enough, so that the run would never
     *     begin
     */
    private void requireMemory(TrainingRequest request, long rows, ModelCheck.Checked checked) {
        var memory = RunMemory.of(request.spec(), rows, checked);
        OptionalLong most = workers.most(request.device());
        if (most.isPresent() && memory.bytes() > most.getAsLong()) {
            throw memory.refusal(most.getAsLong());
        }
    }

    private static ModelCheck.Checked checkAlone(TrainingRequest request) {
        Shape input = request.inputShape().orElseThrow();
        return new ModelCheck(Limits.DEFAULT).check(request.spec(), ModelCheck.Data.unknown(input));
    }

    private static Answer answer(
            ModelCheck.Checked checked, @Nullable DataView data, List<Violation> warnings) {
        ModelPlan plan = checked.plan();
        MemoryEstimate memory = checked.memory();
        return new Answer(
                true,
                plan.input().dims(),
                plan.output().dims(),
                plan.parameterCount(),
                new MemoryEstimateView(
                        memory.parameterBytes(),
                        memory.gradientBytes(),
                        memory.optimizerBytes(),
                        memory.activationBytes(),
                        memory.workingBytes(),
                        memory.evaluationBytes(),
                        memory.checkpointBytes(),
                        memory.totalBytes()),
                plan.layers().skip(1).map(SpecCheck::view).toList(),
                plan.layers().flatMap(SpecCheck::nodes).toList(),
                data,
                data == null ? checked.warnings() : warnings);
    }

    private static Stream<NodeView> nodes(ModelPlan.Layer layer) {
        return layer.values().stream()
                .map(value -> {
                    Graph.Node node = value.node();
                    return new NodeView(
                            layer.path(),
                            node.name(),
                            node instanceof Graph.Call ? node.what() : null,
                            node instanceof Graph.Apply ? node.what() : null,
                            node.inputs(),
                            value.shape().dims());
                });
    }

    private static LayerView view(ModelPlan.Layer layer) {
        return new LayerView(
                layer.path(),
                layer.spec().type(),
                layer.input().dims(),
                layer.inputs().size() > 1
                        ? layer.inputs().stream().map(Shape::dims).toList()
                        : null,
                layer.output().dims(),
                layer.parameters().stream()
                        .mapToLong(parameter -> parameter.shape().elements())
                        .sum());
    }
}
