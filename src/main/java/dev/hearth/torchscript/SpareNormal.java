package dev.hearth.torchscript;

import dev.hearth.spec.Initializer;
import dev.hearth.spec.ModelPlan;
import dev.hearth.spec.Projection;
import dev.hearth.spec.TransformSpec;
import dev.hearth.torchscript.ScriptModule.Attribute;
import dev.hearth.torchscript.ScriptModule.Method;
import dev.hearth.torchscript.ScriptModule.RealValue;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * Normal numbers that are drawn while a run trains. PyTorch draws fewer than 16 of them in pairs,
 * and its generator keeps the second of a pair for the next such draw. That number is no part of
 * the generator's place, so a checkpoint would lose it. Here the pairs are made step by step as
 * {@code at::normal_distribution<double>} makes them, and the program keeps the spare one.
 */
final class SpareNormal {

    /** As many are drawn at once without a pair; {@code normal_fill} of {@code cpu/}. */
    private static final int FEWEST_AT_ONCE = 16;

    /** What a checkpoint has to keep: whether there is a spare number, and that number. */
    static final List<String> STATE = List.of("self.spares", "self.spare");

    private SpareNormal() {}

    /** Whether these transforms draw such numbers. */
    static boolean isNeeded(List<TransformSpec> transforms) {
        return transforms.stream()
                .anyMatch(transform ->
                        transform instanceof TransformSpec.RandomErasing erasing
                                && erasing.values().isEmpty());
    }

    /** FLOAT32 {@code shape}, a list's expression, with mean 0 and standard deviation 1. */
    static String drawn(String shape, String generator) {
        return "self.normals(%s, %s, )".formatted(shape, generator);
    }

    static List<Attribute> attributes() {
        return List.of(
                new Attribute("spares", new RealValue(0)),
                new Attribute("spare", new RealValue(0)));
    }

    static Method method() {
        return new Method(
                "normals",
                List.of("shape: List[int]", "g: Optional[Generator]"),
                "Tensor",
                List.of(
                        "v = torch.empty(shape, dtype=6)",
                        "if torch.ge(torch.numel(v), %d):".formatted(FEWEST_AT_ONCE),
                        "  v = torch.normal_(v, 0., 1., generator=g)",
                        "else:",
                        "  flat = torch.reshape(v, [-1])",
                        "  for i in range(torch.numel(v)):",
                        "    if torch.eq(self.spares, 1.):",
                        "      value = self.spare",
                        "      self.spares = 0.",
                        "    else:",
                        "      u = torch.uniform_(torch.empty([2], dtype=7), 0., 1., generator=g)",
                        "      u1 = float(torch.select(u, 0, 0))",
                        "      u2 = float(torch.select(u, 0, 1))",
                        "      radius = torch.sqrt(torch.mul(-2., torch.log1p(torch.neg(u2))))",
                        "      angle = torch.mul(%s, u1)".formatted(2 * Math.PI),
                        "      self.spare = torch.mul(radius, torch.sin(angle))",
                        "      self.spares = 1.",
                        "      value = torch.mul(radius, torch.cos(angle))",
                        "    _ = torch.fill_(torch.select(flat, 0, i), value)",
                        "return v"));
    }

    /** Takes the number out of the generator {@code g} that drawing the parameters has left. */
    static List<String> initialize(ModelPlan plan) {
        return isLeftBy(plan)
                ? List.of(
                        "self.spare = float(torch.normal_(torch.empty([1], dtype=7), 0., 1.,"
                                + " generator=g))",
                        "self.spares = 1.")
                : List.of("self.spares = 0.", "self.spare = 0.");
    }

    private static boolean isLeftBy(ModelPlan plan) {
        long inPairs =
                plan.layers()
                        .flatMapToLong(SpareNormal::normalDraws)
                        .filter(count -> count < FEWEST_AT_ONCE)
                        .sum();
        return inPairs % 2 == 1;
    }

    /** How many normal numbers are drawn at a time. */
    private static LongStream normalDraws(ModelPlan.Layer layer) {
        Stream<ModelPlan.Parameter> byDefault =
                layer.spec() instanceof Projection.Embedding
                        ? layer.parameters().stream()
                        : Stream.empty();
        Stream<ModelPlan.Parameter> asked =
                layer.initializers().entrySet().stream()
                        .filter(entry -> isNormal(entry.getValue()))
                        .map(Map.Entry::getKey);
        return Stream.concat(byDefault, asked).mapToLong(parameter -> parameter.shape().elements());
    }

    private static boolean isNormal(Initializer initializer) {
        return switch (initializer) {
            case Initializer.Xavier xavier -> xavier.normal();
            case Initializer.Kaiming kaiming -> kaiming.normal();
            case Initializer.Normal _, Initializer.Orthogonal _ -> true;
            case Initializer.Default _,
                    Initializer.Uniform _,
                    Initializer.TruncNormal _,
                    Initializer.Zeros _,
                    Initializer.Ones _,
                    Initializer.Constant _ ->
                    false;
        };
    }
}
