package dev.hearth.spec;

import static dev.hearth.spec.Specs.errors;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.spec.TrainingRequest.Purpose;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Shapes through graphs. */
class GraphWalkTest {

    private static ModelCheck.Checked check(String json) {
        TrainingRequest request = Specs.read(json, Purpose.CHECK);
        return new ModelCheck(Limits.DEFAULT)
                .check(request.spec(), ModelCheck.Data.unknown(request.inputShape().orElseThrow()));
    }

    private static List<String> misfits(String json) {
        return errors(() -> check(json));
    }

    /**
     * Values {@code a} [2, 3], {@code b} [2, 3] and {@code c} [4], one node on them, and an end.
     */
    private static String withNode(String node) {
        return """
        {"model": {
           "inputs": {"a": [2, 3], "b": [2, 3], "c": [4], "m": [3, 5]},
           "modules": {"head": {"type": "Linear", "out_features": 1}},
           "forward": [
             {"name": "z", %s},
             {"name": "flat", "op": "flatten", "inputs": ["z"]},
             {"name": "af", "op": "flatten", "inputs": ["a"]},
             {"name": "bf", "op": "flatten", "inputs": ["b"]},
             {"name": "mf", "op": "flatten", "inputs": ["m"]},
             {"name": "all", "op": "cat", "inputs": ["flat", "af", "bf", "c", "mf"], "dim": 1},
             {"name": "y", "call": "head", "inputs": ["all"]}
           ]},
         "loss": "MSELoss", "optimizer": "SGD"}\
        """
                .formatted(node);
    }

    private static Shape shape(String node) {
        return check(withNode(node)).plan().root().values().getFirst().shape();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    "op": "add", "inputs": ["a", "b"]                        | [2, 3]
                    "op": "matmul", "inputs": ["a", "m"]                     | [2, 5]
                    "op": "cat", "inputs": ["a", "b", "a"], "dim": 1         | [6, 3]
                    "op": "cat", "inputs": ["a", "b"], "dim": -1             | [2, 6]
                    "op": "stack", "inputs": ["a", "b"], "dim": 1            | [2, 2, 3]
                    "op": "stack", "inputs": ["a", "b"], "dim": -1           | [2, 3, 2]
                    "op": "mean", "inputs": ["a"], "dim": 1                  | [3]
                    "op": "sum", "inputs": ["a"], "dim": [1, -1], "keepdim": true | [1, 1]
                    "op": "max", "inputs": ["a"], "dim": -1                  | [2]
                    "op": "reshape", "inputs": ["a"], "shape": [3, -1]       | [3, 2]
                    "op": "view", "inputs": ["a"], "shape": [6]              | [6]
                    "op": "transpose", "inputs": ["a"], "dim0": 1, "dim1": 2 | [3, 2]
                    "op": "permute", "inputs": ["a"], "dims": [0, 2, 1]      | [3, 2]
                    "op": "unsqueeze", "inputs": ["c"], "dim": -1            | [4, 1]
                    "op": "select", "inputs": ["a"], "dim": 1, "index": -2   | [3]
                    "op": "narrow", "inputs": ["c"], "dim": 1, "start": 1, "length": 3 | [3]
                    "op": "slice", "inputs": ["c"], "dim": 1, "start": -3, "step": 2   | [2]
                    "op": "slice", "inputs": ["c"], "dim": 1, "end": 100     | [4]
                    "op": "chunk", "inputs": ["m"], "chunks": 2, "dim": 2, "index": 1  | [3, 2]
                    "op": "chunk", "inputs": ["m"], "chunks": 4, "dim": 2, "index": -1 | [3, 1]
                    "op": "softmax", "inputs": ["a"], "dim": 1               | [2, 3]
                    "op": "scaled_dot_product_attention", "inputs": ["a", "b", "a"] | [2, 3]
                    """)
    void aShapeIsPyTorchs(String node, String shape) {
        assertThat(shape(node)).hasToString(shape);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    "op": "add", "inputs": ["a", "m"]       | : add: [2, 3] and [3, 5] do not broadcast; input "a" has [2, 3], input "m" has [3, 5]
                    "op": "mul", "inputs": ["a", "c"]       | : mul: [2, 3] and [4] have different numbers of dimensions, so that the batch of one would meet another dimension of the other; unsqueeze the smaller; input "a" has [2, 3], input "c" has [4]
                    "op": "matmul", "inputs": ["a", "b"]    | : matmul: expected [a, b] and [b, c], got [2, 3] and [2, 3], whose 3 and 2 differ; input "a" has [2, 3], input "b" has [2, 3]
                    "op": "matmul", "inputs": ["c", "c"]    | : matmul: expected matrices [a, b] and [b, c] for each sample; input "c" has [4]
                    "op": "cat", "inputs": ["a", "m"], "dim": 1 | : cat: [2, 3] and [3, 5] differ in another dimension than 1; input "a" has [2, 3], input "m" has [3, 5]
                    "op": "cat", "inputs": ["a", "b"], "dim": 0 | /dim: cat: dimension 0 is the batch, whose samples must not mix; write 1 for the first dimension of a sample or -1 for the last; input "a" has [2, 3], input "b" has [2, 3]
                    "op": "stack", "inputs": ["a", "c"], "dim": 1 | : stack: expected values of one shape, got [2, 3] and [4]; input "a" has [2, 3], input "c" has [4]
                    "op": "sum", "inputs": ["a"], "dim": 3  | /dim: sum: expected 1 to 2, or -2 to -1, got 3; input "a" has [2, 3]
                    "op": "sum", "inputs": ["a"], "dim": [1, -2] | /dim/1: sum: dimension -2 is named twice; input "a" has [2, 3]
                    "op": "view", "inputs": ["a"], "shape": [4, -1] | /shape: view: [2, 3] has 6 values, but [4, -1] has a multiple of 4; input "a" has [2, 3]
                    "op": "view", "inputs": ["a"], "shape": [5] | /shape: view: [2, 3] has 6 values, but [5] has 5; input "a" has [2, 3]
                    "op": "view", "inputs": ["a"], "shape": [9223372036854775807, 9223372036854775807] | /shape: view: [2, 3] has 6 values, but [9223372036854775807, 9223372036854775807] has 85,070,591,730,234,615,847,396,907,784,232,501,249; input "a" has [2, 3]
                    "op": "permute", "inputs": ["a"], "dims": [1, 0, 2] | /dims: permute: expected 0, the batch, and then 1 to 2 in their new order, got [1, 0, 2]; input "a" has [2, 3]
                    "op": "squeeze", "inputs": ["a"], "dim": 1 | /dim: squeeze: expected a dimension of extent 1, got one of 2; input "a" has [2, 3]
                    "op": "select", "inputs": ["a"], "dim": 1, "index": 2 | /index: select: expected 0 to 1, or -2 to -1, got 2; input "a" has [2, 3]
                    "op": "narrow", "inputs": ["c"], "dim": 1, "start": 2, "length": 3 | /length: narrow: expected at most the 2 from 2 on, got 3; input "c" has [4]
                    "op": "slice", "inputs": ["c"], "dim": 1, "start": 3, "end": 2 | /start: slice: nothing is left from 3 to 2 of 4; input "c" has [4]
                    "op": "chunk", "inputs": ["c"], "dim": 1, "chunks": 3, "index": 2 | /index: chunk: expected 0 to 1, or -2 to -1, got 2; input "c" has [4]
                    "op": "scaled_dot_product_attention", "inputs": ["a", "m", "m"] | : scaled_dot_product_attention: expected a query [*, L, E], a key [*, S, E] and a value [*, S, V]; input "a" has [2, 3], input "m" has [3, 5]
                    """)
    void whatDoesNotFitNamesTheNodesInTheUsersWords(String node, String message) {
        assertThat(misfits(withNode(node))).containsExactly("/model/forward/0" + message);
    }

    private static String towers(String encoder, String right) {
        return """
        {"model": {
           "inputs": {"left": [3], "right": %s},
           "modules": {"encoder": {"type": "Sequential", "layers": [%s]},
                       "head": {"type": "Linear", "out_features": 1}},
           "forward": [
             {"name": "l", "call": "encoder", "inputs": ["left"]},
             {"name": "r", "call": "encoder", "inputs": ["right"]},
             {"name": "s", "op": "add", "inputs": ["l", "r"]},
             {"name": "y", "call": "head", "inputs": ["s"]}
           ]},
         "loss": "MSELoss", "optimizer": "SGD"}\
        """
                .formatted(right, encoder);
    }

    private static final String LINEAR = "{\"type\": \"Linear\", \"out_features\": 8}";

    @Test
    void aModuleThatIsCalledTwiceHasOneSetOfParametersAndMakesItsValuesTwice() {
        ModelPlan plan = check(towers(LINEAR, "[3]")).plan();

        assertThat(plan.layers().map(ModelPlan.Layer::path))
                .containsExactly("", "encoder", "encoder.0", "head");
        assertThat(plan.parameterCount()).isEqualTo(3 * 8 + 8 + 8 + 1);
        assertThat(plan.activationElements()).isEqualTo(6 + 8 + 8 + 8 + 1);
        assertThat(plan.inputs())
                .containsExactly(
                        new ModelPlan.Input(
                                "left", Shape.of(3), List.of(new ModelPlan.Range(0, 3))),
                        new ModelPlan.Input(
                                "right", Shape.of(3), List.of(new ModelPlan.Range(3, 6))));
    }

    @Test
    void aSecondCallHasToFitTheFirst() {
        assertThat(misfits(towers(LINEAR, "[5]")))
                .containsExactly(
                        "/model/forward/1: encoder: expected [3], as in its first call, by node \"l\","
                                + " got [5]; expected 5, got 3; input \"right\" has [5]; write 5 or"
                                + " leave in_features out");
    }

    @Test
    void layersAreInOrderOfRegistrationAndInferredInOrderOfCalls() {
        ModelPlan plan =
                check(
                                """
                                {"input_shape": [4], "model": {
                                   "modules": {"head": {"type": "Linear", "out_features": 1},
                                               "body": {"type": "Linear", "out_features": 6}},
                                   "forward": [
                                     {"name": "h", "call": "body", "inputs": ["x"]},
                                     {"name": "y", "call": "head", "inputs": ["h"]}
                                   ]},
                                 "loss": "MSELoss", "optimizer": "SGD"}\
                                """)
                        .plan();

        assertThat(plan.layers())
                .extracting(layer -> layer.path() + " " + layer.input() + layer.output())
                .containsExactly(" [4][1]", "head [6][1]", "body [4][6]");
    }

    @Test
    void aMisfitOfARepeatedLayerIsToldOnce() {
        assertThat(
                        errors(() ->
                                check(
                                        Specs.withLayers(
                                                """
                                                {"repeat": 5, "layer": {"type": "Linear",
                                                 "in_features": 4, "out_features": 3}},
                                                {"type": "Linear", "out_features": 1}
                                                """))))
                .containsExactly(
                        "/model/layers/0/layer/in_features: expected 3, got 4; layer 0 (Linear)"
                                + " outputs [3]; write 3 or leave in_features out");
    }

    @Test
    void aMisfitWithinANestedModuleHasItsPlace() {
        assertThat(
                        errors(() ->
                                check(
                                        Specs.withLayers(
                                                """
                                                {"type": "ReLU"},
                                                {"type": "Module",
                                                 "modules": {"fc": {"type": "Linear", "out_features": 3}},
                                                 "forward": [
                                                   {"name": "h", "call": "fc", "inputs": ["x"]},
                                                   {"name": "y", "op": "add", "inputs": ["x", "h"]}]},
                                                {"type": "Linear", "out_features": 1}
                                                """))))
                .containsExactly(
                        "/model/layers/1/forward/1: add: [4] and [3] do not broadcast; input \"x\" has"
                                + " [4], node \"h\" has [3]");
    }

    @Test
    void theSameModuleMayBeGivenOtherShapesThatItCanTake() {
        ModelPlan plan =
                check(
                                """
                                {"model": {
                                   "inputs": {"one": [3], "many": [2, 3]},
                                   "modules": {"fc": {"type": "Linear", "out_features": 1}},
                                   "forward": [
                                     {"name": "a", "call": "fc", "inputs": ["one"]},
                                     {"name": "b", "call": "fc", "inputs": ["many"]},
                                     {"name": "c", "op": "mean", "inputs": ["b"], "dim": 1},
                                     {"name": "y", "op": "add", "inputs": ["a", "c"]}
                                   ]},
                                 "loss": "MSELoss", "optimizer": "SGD"}\
                                """)
                        .plan();

        assertThat(plan.parameterCount()).isEqualTo(4);
        assertThat(plan.activationElements()).isEqualTo(9 + 1 + 2 + 1 + 1);
    }

    @Test
    void theLossLooksAtWhatTheOutputIsMadeOf() {
        String json =
                """
                {"input_shape": [4], "model": {
                   "modules": {"body": {"type": "Linear", "out_features": 1}},
                   "forward": [
                     {"name": "h", "call": "body", "inputs": ["x"]},
                     {"name": "p", "op": "sigmoid", "inputs": ["h"]},
                     {"name": "y", "op": "reshape", "inputs": ["p"], "shape": [1]}
                   ]},
                 "loss": "BCEWithLogitsLoss", "optimizer": "SGD"}\
                """;

        assertThat(Specs.lines(check(json).warnings()))
                .containsExactly(
                        "/model/forward/1: BCEWithLogitsLoss applies a sigmoid of its own, so this one"
                                + " is the second; leave it out, or use BCELoss");
        assertThat(check(json.replace("BCEWithLogitsLoss", "BCELoss")).warnings()).isEmpty();
        assertThat(
                        misfits(
                                json.replace("\"out_features\": 1", "\"out_features\": 2")
                                        .replace("[1]", "[2]")
                                        .replace("\"loss\"", "\"target\": \"y\", \"loss\"")))
                .hasSize(1)
                .first()
                .asString()
                .startsWith(
                        "/model/modules/body/out_features: BCEWithLogitsLoss for one target needs an"
                                + " output");
    }

    @Test
    void sizesPastTheLargestLongAreErrorsAndNoMore() {
        assertThat(
                        misfits(
                                towers(LINEAR, "[3]")
                                        .replace("[3]", "[2147483647, 2147483647, 2147483647]")))
                .hasSize(1)
                .first()
                .asString()
                .startsWith("/input_shape: expected at most 500,000,000 values for one sample");
    }
}
