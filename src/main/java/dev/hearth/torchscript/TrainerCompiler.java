package dev.hearth.torchscript;

import static java.util.stream.Collectors.joining;

import dev.hearth.spec.BlockInput;
import dev.hearth.spec.ModelPlan;
import dev.hearth.spec.OptimizationSpec;
import dev.hearth.spec.TransformSpec;
import dev.hearth.torchscript.ScriptModule.Attribute;
import dev.hearth.torchscript.ScriptModule.Method;
import dev.hearth.torchscript.ScriptModule.ModuleValue;
import dev.hearth.torchscript.ScriptModule.NoneValue;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Compiles a whole training run to one TorchScript program: a step costs no call from Java.
 *
 * <p>Every random number comes from the program's own generator, in the order in which an ordinary
 * PyTorch script draws from the process-wide one after {@code torch.manual_seed(seed)}: the
 * parameters in the order of construction; then, in each epoch, {@code DataLoader}'s base seed and
 * the seed of its {@code RandomSampler}; then, batch by batch, what transforms draw, image by
 * image, and the dropout masks. That is why the same seed gives the same bits (docs/adr/0006).
 *
 * @param batches how rows are dealt into mini-batches
 * @param transforms what is done to images in training
 * @param device libtorch's name, such as {@code cpu} or {@code cuda:0}
 */
record TrainerCompiler(
        ModelCompiler model,
        OptimizationSpec optimization,
        TrainingProgram.Batches batches,
        List<TransformSpec> transforms,
        String device) {

    /** Names and shapes of all parameters, in PyTorch's order. */
    static List<NamedParameter> parameters(ModelPlan plan) {
        return plan.layers()
                .flatMap(layer ->
                        layer.parameters().stream()
                                .map(parameter -> new NamedParameter(layer, parameter)))
                .toList();
    }

    record NamedParameter(ModelPlan.Layer layer, ModelPlan.Parameter parameter) {

        String name() {
            return layer.path().isEmpty()
                    ? parameter.name()
                    : layer.path() + "." + parameter.name();
        }

        String expression() {
            return Layers.module("self.model", layer.path()) + "." + parameter.name();
        }
    }

    void compile(OutputStream out) throws IOException {
        ModelCompiler.writeArchive(module(), out);
    }

    /** The program as a module. */
    ScriptModule module() {
        List<NamedParameter> parameters = parameters(model.plan());
        var placeholders = new LinkedHashMap<String, TensorData>();
        StateTensor.of(model.plan())
                .forEach(tensor -> placeholders.put(tensor.name(), tensor.placeholder()));
        var layers = new Layers(new StateDict(placeholders), Layers.Randomness.RUN, true);

        var attributes = new ArrayList<Attribute>();
        attributes.add(new Attribute("model", new ModuleValue(model.module(layers))));
        attributes.add(new Attribute(Layers.GENERATOR, new NoneValue("Optional[Generator]")));
        var steps = new StepCompiler(optimization, parameters);
        attributes.addAll(steps.attributes());
        attributes.addAll(losses().attributes());
        block().ifPresent(code -> attributes.addAll(code.attributes()));
        return new ScriptModule(
                "Trainer",
                attributes,
                Stream.concat(
                                methods(parameters, steps),
                                block().stream().flatMap(code -> code.methods().stream()))
                        .toList());
    }

    private Stream<Method> methods(List<NamedParameter> parameters, StepCompiler steps) {
        return Stream.of(
                new Method("initialize", List.of("seed"), "Tensor", initialize(steps)),
                new Method("preprocess", List.of("raw"), "Tensor", preprocess()),
                new Method(
                        "map_file",
                        List.of("path: str", "shape: List[int]", "dtype: int"),
                        "Tensor",
                        mapFile()),
                new Method("start_epoch", List.of("rows"), "List[Tensor]", epochs().start()),
                new Method("resume_epoch", List.of("rows", "seeds"), "Tensor", epochs().resume()),
                new Method("probe", List.of(), "Tensor", EpochCompiler.probe()),
                new Method("seek", List.of("seed", "drawn"), "Tensor", epochs().seek()),
                new Method(
                        "train_steps",
                        rows("order", "rates", "first", "count"),
                        "Tensor",
                        trainSteps(parameters, steps)),
                new Method(
                        "evaluate",
                        rows("batch_size", "needs"),
                        "List[Tensor]",
                        evaluation().evaluate(mode(false), evaluated(), mode(true))),
                new Method("swap_average", List.of(), "float", steps.swap()),
                new Method("state", List.of(), "List[Tensor]", state()),
                new Method("load_state", List.of("values: List[Tensor]"), "int", loadState()),
                new Method("optimizer_state", List.of(), "List[Tensor]", steps.state(kept())),
                new Method(
                        "load_optimizer_state",
                        List.of("values: List[Tensor]"),
                        "int",
                        steps.load(kept())));
    }

    /** Numbers beside the optimiser's that are kept between steps. */
    private List<String> kept() {
        return SpareNormal.isNeeded(transforms) ? SpareNormal.STATE : List.of();
    }

    /** Rows of images and tensors are numbers until they are needed. */
    private Optional<BlockCode> block() {
        return model.input() instanceof BlockInput input
                ? Optional.of(new BlockCode(input, transforms, device))
                : Optional.empty();
    }

    private List<String> evaluated() {
        return block().isPresent() ? BlockCode.evaluation() : List.of();
    }

    private Losses losses() {
        return new Losses(model.loss(), batches.weighted());
    }

    private EvaluationCompiler evaluation() {
        return new EvaluationCompiler(losses(), model.plan().output().last());
    }

    /** The rows' tensors, their weights if they have such, and then {@code others}. */
    private List<String> rows(String... others) {
        return Stream.concat(
                        batches.weighted() ? Stream.of("xs", "ys", "ws") : Stream.of("xs", "ys"),
                        Stream.of(others))
                .toList();
    }

    private List<String> preprocess() {
        return List.of("return (self.model).preprocess(raw, )");
    }

    /** The file's bytes as they are, paged in by the operating system, never copied to the heap. */
    private static List<String> mapFile() {
        return List.of(
                "elements = 1",
                "for extent in shape:",
                "  elements = torch.mul(elements, extent)",
                "flat = torch.from_file(path, False, elements, dtype=dtype)",
                "return torch.reshape(flat, shape)");
    }

    /** Draws on the CPU whatever the device, as PyTorch users do before {@code .to(device)}. */
    private List<String> initialize(StepCompiler steps) {
        var lines = new ArrayList<String>();
        lines.add("torch.set_grad_enabled(False)");
        lines.addAll(epochs().generator());
        StateTensor.of(model.plan()).forEach(tensor -> lines.add(tensor.allocation(device)));
        model.plan().layers().map(DefaultDraws::of).forEach(lines::addAll);
        model.plan().layers().map(InitialValues::of).forEach(lines::addAll);
        if (SpareNormal.isNeeded(transforms)) {
            lines.addAll(SpareNormal.initialize(model.plan()));
        }
        lines.addAll(steps.initialize());
        lines.add("return seed");
        return lines;
    }

    private EpochCompiler epochs() {
        return new EpochCompiler(modules(Layers::isRandom), batches.shuffle(), device);
    }

    private List<String> trainSteps(List<NamedParameter> parameters, StepCompiler steps) {
        var lines = new ArrayList<String>();
        var frozen = new ArrayList<>(parameters);
        frozen.removeAll(steps.trainedParameters());
        lines.addAll(StepCompiler.freeze(frozen));
        lines.addAll(evaluation().begin());
        lines.add("rows = torch.size(order, 0)");
        lines.add("for step in range(int(count)):");
        lines.add("  number = torch.add(int(first), step)");
        lines.add("  begin = torch.mul(number, " + batches.size() + ")");
        lines.add("  end = ops.prim.min(rows, torch.add(begin, " + batches.size() + "))");
        lines.add("  batch = torch.slice(order, 0, begin, end)");
        lines.add("  x = torch.index_select(xs, 0, batch)");
        block().ifPresent(_ -> BlockCode.training().forEach(line -> lines.add("  " + line)));
        lines.add("  y = torch.index_select(ys, 0, batch)");
        if (batches.weighted()) {
            lines.add("  w = torch.index_select(ws, 0, batch)");
        }
        backward(steps.trainedParameters(), steps.share()).forEach(line -> lines.add("  " + line));
        steps.step().forEach(line -> lines.add("  " + line));
        evaluation().measure().forEach(line -> lines.add("  " + line));
        lines.add("return " + evaluation().measured());
        return lines;
    }

    /**
     * From a mini-batch {@code x}, {@code y} and, if rows have weights, {@code w} to {@code out},
     * {@code loss}, each parameter {@code p_i} and the gradients {@code grads}.
     *
     * @param of what gradients are taken of: an expression over {@code loss}
     */
    List<String> backward(List<NamedParameter> parameters, String of) {
        var lines = new ArrayList<String>();
        lines.add("torch.set_grad_enabled(True)");
        lines.add("out = (self.model).forward(x, )");
        lines.addAll(losses().lines());
        for (int i = 0; i < parameters.size(); i++) {
            lines.add("p_%d = %s".formatted(i, parameters.get(i).expression()));
        }
        lines.add(
                IntStream.range(0, parameters.size())
                        .mapToObj(i -> "p_" + i)
                        .collect(joining(", ", "grads = torch.grad([" + of + "], [", "])")));
        lines.add("torch.set_grad_enabled(False)");
        return lines;
    }

    /** Switches what behaves differently in training and in evaluation. */
    List<String> mode(boolean training) {
        return modules(Layers::hasModes).stream()
                .map(m -> m + ".training = " + (training ? "True" : "False"))
                .toList();
    }

    private List<String> state() {
        return List.of(
                StateTensor.of(model.plan()).stream()
                        .map(tensor -> "torch.detach(" + tensor.expression() + ")")
                        .collect(joining(", ", "return [", "]")));
    }

    private List<String> loadState() {
        var lines = new ArrayList<String>();
        lines.add("torch.set_grad_enabled(False)");
        List<StateTensor> tensors = StateTensor.of(model.plan());
        for (int i = 0; i < tensors.size(); i++) {
            lines.add("_ = torch.copy_(%s, values[%d])".formatted(tensors.get(i).expression(), i));
        }
        lines.add("return len(values)");
        return lines;
    }

    private List<String> modules(Predicate<ModelPlan.Layer> which) {
        return model.plan()
                .layers()
                .filter(which)
                .map(layer -> Layers.module("self.model", layer.path()))
                .toList();
    }
}
