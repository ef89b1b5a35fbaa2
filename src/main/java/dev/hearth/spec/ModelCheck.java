package dev.hearth.spec;

import dev.hearth.problem.ProblemException;
import dev.hearth.problem.Violation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Looks at a specification and its data together: shapes, sizes, loss and target. */
public final class ModelCheck {

    private static final String BATCH_SIZE = "/batch_size";

    private final Limits limits;

    public ModelCheck(Limits limits) {
        this.limits = limits;
    }

    /**
     * What is known of the data.
     *
     * @param input the shape of one sample
     * @param trainingRows how many rows are trained on; empty in a check without a data set
     * @param targets empty in a check without a data set
     * @param columns what the columns become in that shape; empty in a check without a data set,
     *     and where the data has no columns
     */
    public record Data(
            Shape input,
            OptionalLong trainingRows,
            List<TargetColumn> targets,
            Optional<InputForm> columns) {

        public Data {
            targets = List.copyOf(targets);
        }

        public Data(Shape input, OptionalLong trainingRows, List<TargetColumn> targets) {
            this(input, trainingRows, targets, Optional.empty());
        }

        /** An input shape and nothing else. */
        public static Data unknown(Shape input) {
            return new Data(input, OptionalLong.empty(), List.of());
        }
    }

    /**
     * A model that can be trained.
     *
     * @param warnings what is likely a mistake, each with its place
     */
    public record Checked(ModelPlan plan, MemoryEstimate memory, List<Violation> warnings) {
        public Checked {
            warnings = List.copyOf(warnings);
        }
    }

    /**
     * @throws ProblemException {@code INVALID_SPECIFICATION} with all that is wrong
     */
    public Checked check(TrainingSpec spec, Data data) {
        var errors = new SpecErrors();
        Optional<Checked> checked = check(spec, data, errors);
        errors.throwIfAny();
        return checked.orElseThrow();
    }

    /** Adds what is wrong to {@code errors}; empty if there is anything in there at the end. */
    public Optional<Checked> check(TrainingSpec spec, Data data, SpecErrors errors) {
        var warnings = new ArrayList<Violation>();
        ModelPlanner.Planned planned =
                ModelPlanner.planned(
                        spec.model(),
                        new GraphInputs(Optional.of(data.input()), data.columns()),
                        new ModelWalk(limits, errors, Pointers.MODEL));
        new LossFit(spec.model(), spec.objective(), errors, warnings)
                .check(planned.output().shape(), data.targets());
        checkBatches(spec.schedule(), data.trainingRows(), errors, warnings);
        Optional<ModelPlan> plan = planned.plan();
        if (plan.isPresent() && plan.get().parameterCount() == 0) {
            errors.add(
                    Pointers.ofModel(spec.model()),
                    "expected a layer with parameters, since there is nothing to train; add a"
                            + " Linear");
        }
        if (plan.isEmpty() || !errors.isEmpty()) {
            return Optional.empty();
        }
        new OptimizationFit(spec, errors).check(plan.get(), data.trainingRows());
        long rows = batchRows(spec.schedule(), data.trainingRows());
        checkActivations(plan.get(), rows, errors);
        checkStatistics(plan.get(), spec.schedule(), data.trainingRows(), errors);
        return errors.isEmpty()
                ? Optional.of(
                        new Checked(
                                plan.get(),
                                MemoryEstimate.of(plan.get(), spec.optimization(), rows),
                                warnings))
                : Optional.empty();
    }

    private static void checkBatches(
            TrainingSpec.Schedule schedule,
            OptionalLong trainingRows,
            SpecErrors errors,
            List<Violation> warnings) {
        OptionalInt size = schedule.batchSize();
        if (trainingRows.isEmpty()) {
            if (size.isEmpty()) {
                warnings.add(
                        new Violation(
                                BATCH_SIZE,
                                "without a data set the number of rows is not known, so memory is"
                                        + " estimated for a batch of one"));
            }
        } else if (trainingRows.getAsLong() < 1) {
            errors.add(
                    "/split/validation",
                    "no rows are left to train on; hold out fewer, or use more data");
        } else if (schedule.dropLast() && size.orElse(0) > trainingRows.getAsLong()) {
            errors.add(
                    BATCH_SIZE,
                    "expected at most the %d training rows, got %d: with drop_last there is no whole"
                                    .formatted(trainingRows.getAsLong(), size.getAsInt())
                            + " mini-batch; write a smaller one, or \"all\"");
        }
    }

    /**
     * A batch normalisation has no use for a single value of a channel; PyTorch refuses it, too.
     */
    private static void checkStatistics(
            ModelPlan plan,
            TrainingSpec.Schedule schedule,
            OptionalLong trainingRows,
            SpecErrors errors) {
        long size = batchRows(schedule, trainingRows);
        long last = trainingRows.isPresent() ? trainingRows.getAsLong() % size : size;
        if ((size == 1 && schedule.batchSize().isPresent())
                || (last == 1 && !schedule.dropLast())) {
            plan.layers()
                    .filter(layer ->
                            layer.spec() instanceof Normalization.BatchNorm norm
                                    && layer.input().elements() == norm.numFeatures().orElseThrow())
                    .findFirst()
                    .ifPresent(layer ->
                            errors.add(
                                    BATCH_SIZE,
                                    "a mini-batch has only one row, of which layer %s (%s) can take no"
                                                    .formatted(layer.path(), layer.spec().type())
                                            + " statistics; write another batch_size, or \"drop_last\":"
                                            + " true"));
        }
    }

    private static long batchRows(TrainingSpec.Schedule schedule, OptionalLong trainingRows) {
        long most = trainingRows.orElse(schedule.batchSize().orElse(1));
        return Math.min(schedule.batchSize().orElse(Integer.MAX_VALUE), most);
    }

    private void checkActivations(ModelPlan plan, long rows, SpecErrors errors) {
        long each = plan.activationElements();
        if (rows > limits.maxActivationElements() / each) {
            errors.add(
                    BATCH_SIZE,
                    "expected a mini-batch of at most %s values, got %s rows × %s; write at most %s"
                            .formatted(
                                    Wording.number(limits.maxActivationElements()),
                                    Wording.number(rows),
                                    Wording.number(each),
                                    Wording.number(limits.maxActivationElements() / each)));
        }
    }
}
