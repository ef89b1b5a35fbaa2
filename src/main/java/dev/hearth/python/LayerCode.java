package dev.hearth.python;

import dev.hearth.python.Expression.Call;
import dev.hearth.spec.LayerSpec;
import dev.hearth.spec.ModelPlan;

/** Writes layers as the calls that construct them. */
final class LayerCode {

    private final PythonFile file;

    /**
     * @param file where layers that PyTorch does not have are defined
     */
    LayerCode(PythonFile file) {
        this.file = file;
    }

    /** Defines {@code build_model()}. */
    void defineModel(ModelPlan plan) {
        file.require(PythonFile.Import.NN);
        Expression model = module(plan.root());
        file.define("build_model", "def build_model():\n" + model.laidOut("    return ", ""));
    }

    /** The module as a constructor's call. */
    private Expression module(ModelPlan.Layer layer) {
        return switch (layer.spec()) {
            case LayerSpec.Linear linear ->
                    Call.of("nn.Linear", linear.inFeatures().orElseThrow(), linear.outFeatures())
                            .unless(true, "bias", linear.bias());
            case LayerSpec.ReLU _ -> Call.of("nn.ReLU");
            case LayerSpec.Sigmoid _ -> Call.of("nn.Sigmoid");
            case LayerSpec.Tanh _ -> Call.of("nn.Tanh");
            case LayerSpec.Softmax(int dim) -> Call.of("nn.Softmax").with("dim", dim);
            case LayerSpec.LogSoftmax(int dim) -> Call.of("nn.LogSoftmax").with("dim", dim);
            case LayerSpec.Dropout(double p) ->
                    p == 0.5 ? Call.of("nn.Dropout") : Call.of("nn.Dropout", p);
            case LayerSpec.Flatten(int start, int end) ->
                    Call.of("nn.Flatten").unless(1, "start_dim", start).unless(-1, "end_dim", end);
            case LayerSpec.Sequential _ ->
                    new Call("nn.Sequential", layer.children().stream().map(this::module).toList());
        };
    }
}
