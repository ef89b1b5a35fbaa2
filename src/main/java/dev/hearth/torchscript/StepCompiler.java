package dev.hearth.torchscript;

import static java.util.stream.Collectors.joining;

import dev.hearth.spec.OptimizationSpec;
import dev.hearth.spec.OptimizationSpec.ClipNorm;
import dev.hearth.spec.OptimizationSpec.Ema;
import dev.hearth.spec.OptimizerSpec;
import dev.hearth.spec.OptimizerState;
import dev.hearth.spec.ParameterGroups;
import dev.hearth.torchscript.ScriptModule.Attribute;
import dev.hearth.torchscript.ScriptModule.RealValue;
import dev.hearth.torchscript.ScriptModule.TensorValue;
import dev.hearth.torchscript.TrainerCompiler.NamedParameter;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Compiles what happens between a mini-batch's gradients and the next values of the parameters:
 * accumulating, clipping, the optimiser's step, averaging.
 *
 * <p>What is kept between calls are attributes: {@code step} counts the optimiser's steps and
 * {@code averaged} those that are in the average; {@code exp_avg_3} and the like belong to the
 * fourth parameter that is trained, {@code gradient_3} is its accumulated gradient and {@code
 * average_3} its average; {@code mu_product_1} belongs to the second group.
 */
final class StepCompiler {

    private static final String MU_PRODUCT = "mu_product";
    private static final String GRADIENT = "gradient";
    private static final String AVERAGE = "average";

    /** A parameter that is trained. */
    record Trained(NamedParameter parameter, int group, List<String> state) {}

    private final OptimizationSpec spec;
    private final ParameterGroups groups;
    private final List<Trained> trained;
    private final boolean cyclesMomentum;

    StepCompiler(OptimizationSpec spec, List<NamedParameter> parameters) {
        this.spec = spec;
        this.groups =
                ParameterGroups.of(spec, parameters.stream().map(NamedParameter::name).toList());
        this.cyclesMomentum =
                spec.scheduler().filter(s -> s.scheduler().cyclesMomentum()).isPresent();
        this.trained =
                parameters.stream()
                        .filter(parameter -> !groups.frozen().contains(parameter.name()))
                        .map(this::trained)
                        .toList();
    }

    private Trained trained(NamedParameter parameter) {
        int group =
                IntStream.range(0, groups.groups().size())
                        .filter(i -> groups.groups().get(i).parameters().contains(parameter.name()))
                        .findFirst()
                        .orElseThrow();
        OptimizerSpec optimizer = groups.groups().get(group).optimizer();
        return new Trained(parameter, group, OptimizerState.tensors(optimizer, cyclesMomentum));
    }

    ParameterGroups groups() {
        return groups;
    }

    /** Those that are trained, in the model's order. */
    List<Trained> trained() {
        return trained;
    }

    List<NamedParameter> trainedParameters() {
        return trained.stream().map(Trained::parameter).toList();
    }

    /** Tensors are made by {@link #initialize}, so that a program's file is not full of zeros. */
    List<Attribute> attributes() {
        var none = new TensorValue(TensorData.zeros(List.of(0L)));
        return Stream.concat(
                        Stream.of(
                                new Attribute("step", new RealValue(0)),
                                new Attribute("averaged", new RealValue(0))),
                        Stream.concat(
                                        Stream.concat(groupTensors(), stateTensors()),
                                        Stream.concat(accumulated().stream(), averages().stream()))
                                .map(name -> new Attribute(name.substring(5), none)))
                .toList();
    }

    /** {@code self.mu_product_0} and the like. */
    private Stream<String> groupTensors() {
        return IntStream.range(0, groups.groups().size())
                .filter(i -> groups.groups().get(i).optimizer() instanceof OptimizerSpec.NAdam)
                .mapToObj(i -> ParameterLines.attribute(MU_PRODUCT, i));
    }

    private Stream<String> stateTensors() {
        return IntStream.range(0, trained.size())
                .boxed()
                .flatMap(i ->
                        trained.get(i).state().stream()
                                .map(name -> ParameterLines.attribute(name, i)));
    }

    private List<String> accumulated() {
        return spec.gradients().accumulate() > 1 ? ofEach(GRADIENT) : List.of();
    }

    /** The averages of the parameters, or none. */
    List<String> averages() {
        return spec.ema().isPresent() ? ofEach(AVERAGE) : List.of();
    }

    private List<String> ofEach(String name) {
        return IntStream.range(0, trained.size())
                .mapToObj(i -> ParameterLines.attribute(name, i))
                .toList();
    }

    /**
     * A fresh optimiser. Each tensor is filled in place, since TorchScript may make one tensor of
     * two that are made alike.
     */
    List<String> initialize() {
        var lines = new ArrayList<String>();
        lines.add("self.step = 0.");
        lines.add("self.averaged = 0.");
        groupTensors()
                .forEach(name -> lines.add(name + " = torch.fill_(torch.empty([], dtype=6), 1.)"));
        for (int i = 0; i < trained.size(); i++) {
            for (String name : trained.get(i).state()) {
                lines.add(fresh(ParameterLines.attribute(name, i), i, initialValue(i, name)));
            }
        }
        for (String kind : List.of(GRADIENT, AVERAGE)) {
            if (kind.equals(GRADIENT) ? !accumulated().isEmpty() : !averages().isEmpty()) {
                for (int i = 0; i < trained.size(); i++) {
                    lines.add(fresh(ParameterLines.attribute(kind, i), i, 0));
                }
            }
        }
        return lines;
    }

    private String fresh(String attribute, int i, double value) {
        return "%s = torch.fill_(torch.empty_like(%s), %s)"
                .formatted(attribute, trained.get(i).parameter().expression(), value);
    }

    private double initialValue(int i, String name) {
        return groups.groups().get(trained.get(i).group()).optimizer()
                                instanceof OptimizerSpec.Adagrad adagrad
                        && name.equals("sum")
                ? adagrad.initialAccumulatorValue()
                : 0;
    }

    /** Frozen parameters take no part in the backward pass. */
    static List<String> freeze(List<NamedParameter> frozen) {
        return frozen.stream()
                .map(p -> "_ = torch.requires_grad_(%s, False)".formatted(p.expression()))
                .toList();
    }

    /** The loss that gradients are taken of: a part of the step's where gradients accumulate. */
    String share() {
        int accumulate = spec.gradients().accumulate();
        return accumulate > 1 ? "torch.div(loss, " + accumulate + ")" : "loss";
    }

    /**
     * From {@code grads} of a mini-batch to the parameters' next values. Variables: {@code p_i},
     * {@code rates} {@code [steps, groups × columns]}, {@code number} of the mini-batch within the
     * epoch, {@code step} and {@code count} within this call.
     */
    List<String> step() {
        var lines = new ArrayList<String>();
        for (int i = 0; i < trained.size(); i++) {
            lines.add("g_%d = unchecked_cast(Tensor, grads[%d])".formatted(i, i));
        }
        int accumulate = spec.gradients().accumulate();
        if (accumulate == 1) {
            update("step").forEach(lines::add);
            return lines;
        }
        lines.add("if torch.eq(torch.remainder(number, %d), 0):".formatted(accumulate));
        forEach(lines, "  _ = torch.copy_(self.gradient_%1$d, g_%1$d)");
        lines.add("else:");
        forEach(lines, "  _ = torch.add_(self.gradient_%1$d, g_%1$d)");
        // A call ends with a step, also where the epoch ends before as many mini-batches as usual.
        lines.add(
                "full = torch.eq(torch.remainder(torch.add(number, 1), %d), 0)"
                        .formatted(accumulate));
        lines.add("if torch.__or__(full, torch.eq(torch.add(step, 1), int(count))):");
        forEach(lines, "  g_%1$d = self.gradient_%1$d");
        update("torch.floordiv(step, " + accumulate + ")").forEach(line -> lines.add("  " + line));
        return lines;
    }

    private void forEach(List<String> lines, String line) {
        for (int i = 0; i < trained.size(); i++) {
            lines.add(line.formatted(i));
        }
    }

    /**
     * @param index of this step of the optimiser within the call
     */
    private List<String> update(String index) {
        var lines = new ArrayList<String>();
        lines.add(
                "rate = torch.select(rates, 0, ops.prim.min(%s, torch.sub(torch.size(rates, 0), 1)))"
                        .formatted(index));
        clip(lines);
        lines.add(
                "self.step = ops.prim.min(torch.add(self.step, 1.), %s)"
                        .formatted(Optimizers.LAST_STEP));
        var prepared = new ArrayList<GroupLines>();
        for (int i = 0; i < groups.groups().size(); i++) {
            OptimizerSpec optimizer = groups.groups().get(i).optimizer();
            var group = new GroupLines(optimizer, i, cyclesMomentum);
            Optimizers.prepare(optimizer, group);
            lines.addAll(group.lines());
            prepared.add(group);
        }
        for (int i = 0; i < trained.size(); i++) {
            GroupLines group = prepared.get(trained.get(i).group());
            var of = new ParameterLines(i, trained.get(i).state(), group);
            Optimizers.step(group.optimizer(), of);
            lines.addAll(of.lines());
        }
        spec.ema().ifPresent(ema -> average(ema, lines));
        return lines;
    }

    /** {@code torch.nn.utils.clip_grad_norm_}, then {@code clip_grad_value_}. */
    private void clip(List<String> lines) {
        spec.gradients().clipNorm().ifPresent(clip -> clipNorm(clip, lines));
        spec.gradients()
                .clipValue()
                .ifPresent(value ->
                        forEach(
                                lines,
                                "g_%%1$d = torch.clamp_max(torch.clamp_min(g_%%1$d, %s), %s)"
                                        .formatted(-value, value)));
    }

    private void clipNorm(ClipNorm clip, List<String> lines) {
        String type = Double.isInfinite(clip.normType()) ? "inf" : Double.toString(clip.normType());
        String norms =
                IntStream.range(0, trained.size())
                        .mapToObj(i -> "torch.linalg_vector_norm(g_%d, %s)".formatted(i, type))
                        .collect(joining(", ", "torch.stack([", "])"));
        lines.add("norm = torch.linalg_vector_norm(%s, %s)".formatted(norms, type));
        lines.add(
                "clip = torch.clamp(torch.mul(torch.reciprocal(torch.add(norm, 1.0E-6)), %s), None, 1.)"
                        .formatted(clip.maxNorm()));
        forEach(lines, "g_%1$d = torch.mul(g_%1$d, clip)");
    }

    /** {@code AveragedModel.update_parameters} with {@code get_ema_multi_avg_fn}. */
    private void average(Ema ema, List<String> lines) {
        lines.add("if torch.gt(self.step, %s):".formatted((double) ema.startStep()));
        lines.add("  if torch.eq(self.averaged, 0.):");
        forEach(lines, "    _ = torch.copy_(self.average_%1$d, p_%1$d)");
        lines.add("  else:");
        forEach(
                lines,
                "    _ = torch.lerp_(self.average_%%1$d, p_%%1$d, %s)".formatted(1 - ema.decay()));
        lines.add("  self.averaged = torch.add(self.averaged, 1.)");
    }

    /** Exchanges the parameters and their averages, where there are averages yet. */
    List<String> swap() {
        var lines = new ArrayList<String>();
        lines.add("torch.set_grad_enabled(False)");
        if (spec.ema().isPresent()) {
            lines.add("if torch.gt(self.averaged, 0.):");
            for (int i = 0; i < trained.size(); i++) {
                String p = trained.get(i).parameter().expression();
                lines.add("  t_%d = torch.clone(%s)".formatted(i, p));
                lines.add("  _ = torch.copy_(%s, self.average_%d)".formatted(p, i));
                lines.add("  _ = torch.copy_(self.average_%1$d, t_%1$d)".formatted(i));
            }
        }
        lines.add("return self.averaged");
        return lines;
    }

    /**
     * The numbers {@code [step, averaged, numbers…]}, then what belongs to groups, to parameters,
     * and the averages: the order of {@link #load}.
     *
     * @param numbers further attributes that are numbers and are kept between steps
     */
    List<String> state(List<String> numbers) {
        var lines = new ArrayList<String>();
        lines.add("values = annotate(List[Tensor], [])");
        lines.add(
                "_ = torch.append(values, torch.tensor([%s], dtype=7, device=torch.device(\"cpu\")))"
                        .formatted(String.join(", ", kept(numbers))));
        stateNames()
                .forEach(name ->
                        lines.add("_ = torch.append(values, torch.detach(%s))".formatted(name)));
        lines.add("return values");
        return lines;
    }

    private static List<String> kept(List<String> numbers) {
        return Stream.concat(Stream.of("self.step", "self.averaged"), numbers.stream()).toList();
    }

    List<String> load(List<String> numbers) {
        var lines = new ArrayList<String>();
        lines.add("torch.set_grad_enabled(False)");
        for (int i = 0; i < kept(numbers).size(); i++) {
            lines.add(
                    "%s = float(torch.select(values[0], 0, %d))"
                            .formatted(kept(numbers).get(i), i));
        }
        List<String> names = stateNames();
        for (int i = 0; i < names.size(); i++) {
            lines.add("_ = torch.copy_(%s, values[%d])".formatted(names.get(i), i + 1));
        }
        lines.add("return len(values)");
        return lines;
    }

    /**
     * The names of what {@link #state} lists, for files: {@code steps}, {@code exp_avg.0.weight}.
     */
    List<String> tensorNames() {
        return Stream.concat(
                        Stream.of("steps"),
                        stateNames().stream().map(name -> fileName(name.substring(5))))
                .toList();
    }

    private String fileName(String attribute) {
        int end = attribute.lastIndexOf('_');
        String kind = attribute.substring(0, end);
        int index = Integer.parseInt(attribute.substring(end + 1));
        return kind.equals(MU_PRODUCT)
                ? kind + "." + index
                : kind + "." + trained.get(index).parameter().name();
    }

    private List<String> stateNames() {
        return Stream.concat(Stream.concat(groupTensors(), stateTensors()), averages().stream())
                .toList();
    }
}
