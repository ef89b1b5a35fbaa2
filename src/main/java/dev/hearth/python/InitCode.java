package dev.hearth.python;

import dev.hearth.python.Expression.Call;
import dev.hearth.spec.Initializer;
import dev.hearth.spec.ModelPlan;

/** Writes what a specification's {@code init} does to a model that has been constructed. */
final class InitCode {

    private InitCode() {}

    /** The expression that makes an initialised model of the one that {@code model} makes. */
    static String define(ModelPlan plan, String model, PythonFile file) {
        var body =
                new StringBuilder(
                        "def initialized(model):\n    \"\"\"With the initial weights that were asked for.\"\"\"\n");
        int empty = body.length();
        plan.layers()
                .forEach(layer ->
                        layer.initializers()
                                .forEach((parameter, initializer) -> {
                                    String name = layer.path() + "." + parameter.name();
                                    body.append(
                                                    call(
                                                                    initializer,
                                                                    "model.get_parameter("
                                                                            + Literal.of(name)
                                                                            + ")")
                                                            .laidOut("    ", ""))
                                            .append('\n');
                                }));
        if (body.length() == empty) {
            return model;
        }
        file.define("initialized", body + "    return model");
        return "initialized(" + model + ")";
    }

    private static Expression call(Initializer initializer, String target) {
        Call call = Call.of("nn.init." + initializer.type(), target);
        return switch (initializer) {
            case Initializer.Xavier(_, double gain) -> call.unless(1.0, "gain", gain);
            case Initializer.Kaiming kaiming ->
                    call.unless(0.0, "a", kaiming.a())
                            .unless(
                                    "fan_in",
                                    "mode",
                                    kaiming.fanOut() ? Literal.of("fan_out") : "fan_in")
                            .unless(
                                    Literal.of("leaky_relu"),
                                    "nonlinearity",
                                    Literal.of(kaiming.nonlinearity().word));
            case Initializer.Uniform(double a, double b) ->
                    call.unless(0.0, "a", a).unless(1.0, "b", b);
            case Initializer.Normal(double mean, double std) ->
                    call.unless(0.0, "mean", mean).unless(1.0, "std", std);
            case Initializer.TruncNormal(double mean, double std, double a, double b) ->
                    call.unless(0.0, "mean", mean)
                            .unless(1.0, "std", std)
                            .unless(-2.0, "a", a)
                            .unless(2.0, "b", b);
            case Initializer.Constant(double val) -> call.with(val);
            case Initializer.Orthogonal(double gain) -> call.unless(1.0, "gain", gain);
            case Initializer.Zeros _, Initializer.Ones _, Initializer.Default _ -> call;
        };
    }
}
