package dev.hearth.spec;

import static dev.hearth.spec.Specs.errors;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.spec.TrainingRequest.Purpose;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is wrong with a custom module, in the words of its specification. */
class GraphReaderTest {

    private static final String FC = "\"fc\": {\"type\": \"Linear\", \"out_features\": 8}";
    private static final String HEAD = "\"head\": {\"type\": \"Linear\", \"out_features\": 1}";
    private static final String BLOCKS =
            "\"blocks\": {\"type\": \"ModuleList\", \"layers\": [{\"repeat\": 2, \"layer\":"
                    + " {\"type\": \"Linear\", \"out_features\": 4}}]}";

    private static String model(String model) {
        return "{\"model\": {%s}, \"loss\": \"MSELoss\", \"optimizer\": \"SGD\"}".formatted(model);
    }

    private static String withInput(String model) {
        return model(model).replaceFirst("\\{", "{\"input_shape\": [4], ");
    }

    private static String graph(String modules, String forward) {
        return withInput("\"modules\": {%s}, \"forward\": [%s]".formatted(modules, forward));
    }

    private static String node(String name, String what, String... inputs) {
        return "{\"name\": \"%s\", %s, \"inputs\": %s}"
                .formatted(name, what, Specs.JSON.writeValueAsString(inputs));
    }

    private static String call(String name, String module, String... inputs) {
        return node(name, "\"call\": \"" + module + "\"", inputs);
    }

    private static final String OUT = call("y", "head", "h");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {"name": "h", "call": "fk", "inputs": ["x"]}   | /0/call: unknown module "fk"; modules are fc, head, blocks, blocks.0, blocks.1; did you mean "fc"?
                    {"name": "h", "call": "blocks.2", "inputs": ["x"]} | /0/call: unknown module "blocks.2"; modules are fc, head, blocks, blocks.0, blocks.1; did you mean "blocks.0"?
                    {"name": "h", "call": "fc", "inputs": ["q"]}   | /0/inputs/0: unknown node "q"; known here are x
                    {"name": "h", "call": "fc", "inputs": ["h"]}   | /0/inputs/0: node "h" is made of itself; a node is made of those before it
                    {"name": "h", "call": "fc", "inputs": ["y"]}   | /0/inputs/0: node "y" is made later, by /model/forward/1; a node is made of those before it
                    {"name": "h", "call": "fc", "inputs": []}      | /0/inputs: expected at least one name, got an empty array
                    {"name": "h", "call": "fc", "inputs": "x"}     | /0/inputs: expected an array of names, got a string ("x")
                    {"name": "h", "call": "fc"}                    | /0/inputs: required, but missing; name what the node is made of, such as ["x"]
                    {"name": "h", "call": "fc", "inputs": ["x", "x"]} | /0/inputs: fc takes one input, got 2
                    {"name": "h", "call": "fc", "inputs": ["x"], "dim": 1} | /0/dim: unknown field "dim"; a call has name, call, op, inputs
                    {"name": "h", "op": "rleu", "inputs": ["x"]}   | /0/op: unknown operation "rleu"; did you mean "relu"?
                    {"name": "h", "op": "attend", "inputs": ["x"]} | /0/op: unknown operation "attend"; known are %s
                    {"name": "h", "op": "relu", "inputs": ["x"], "dim": 1} | /0/dim: unknown field "dim"; relu has name, call, op, inputs
                    {"name": "h", "op": "relu", "inputs": ["x", "x"]} | /0/inputs: relu takes one input, got 2
                    {"name": "h", "op": "add", "inputs": ["x"]}    | /0/inputs: add takes 2 inputs, got 1, or one and a value
                    {"name": "h", "op": "add", "inputs": ["x", "x"], "value": 1} | /0/inputs: add takes one input, got 2, or one and a value
                    {"name": "h", "op": "maximum", "inputs": ["x", "x"], "value": 1} | /0/value: unknown field "value"; maximum has name, call, op, inputs
                    {"name": "h", "op": "softmax", "inputs": ["x"]} | /0/dim: required, but missing; write 1 for the first dimension of a sample, or -1 for the last
                    {"name": "h", "op": "mean", "inputs": ["x"], "dim": []} | /0/dim: expected at least one dimension, got an empty array
                    {"name": "h", "op": "max", "inputs": ["x"], "dim": [1, 2]} | /0/dim: expected a whole number from -64 to 64, got an array
                    {"name": "h", "op": "view", "inputs": ["x"], "shape": [2, 0]} | /0/shape: expected extents of at least 1, and at most one -1 for what is left, got [2, 0]
                    {"name": "h", "op": "view", "inputs": ["x"], "shape": [-1, -1]} | /0/shape: expected extents of at least 1, and at most one -1 for what is left, got [-1, -1]
                    {"name": "h", "op": "clamp", "inputs": ["x"]} | /0/min: expected min, max or both, got neither
                    {"name": "h", "op": "gelu", "inputs": ["x"], "approximate": "sigmoid"} | /0/approximate: expected "none" or "tanh", got "sigmoid"
                    {"name": "h", "inputs": ["x"]}                 | /0: expected either call, the name of a module, or op, the name of an operation, got neither
                    {"name": "h", "call": "fc", "op": "relu", "inputs": ["x"]} | /0: expected either call, the name of a module, or op, the name of an operation, got both
                    {"name": "x", "call": "fc", "inputs": ["x"]}   | /0/name: "x" is an input already; choose another name
                    {"name": "y", "call": "fc", "inputs": ["x"]}   | /1/name: "y" is made by /model/forward/0 already; choose another name
                    {"name": "2h", "call": "fc", "inputs": ["x"]}  | /0/name: expected a name of 1 to 63 letters, digits and underscores, beginning with a letter, got "2h"
                    {"name": "for", "call": "fc", "inputs": ["x"]} | /0/name: "for" has a meaning in every PyTorch program; choose another name
                    {"call": "fc", "inputs": ["x"]}                | /0/name: required, but missing; name what the node makes, such as "y"
                    "fc"                                           | /0: expected an object with a name, got a string ("fc")
                    """)
    void aBadNodeIsToldWithItsPlace(String node, String message) {
        String json = graph(FC + "," + HEAD + "," + BLOCKS, node + "," + OUT);

        assertThat(errors(json))
                .contains(
                        "/model/forward"
                                + message.formatted(
                                        String.join(", ", OpReader.vocabulary().keySet())));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    forward    | every nn.Module has an attribute forward already; choose another name
                    training   | every nn.Module has an attribute training already; choose another name
                    parameters | every nn.Module has an attribute parameters already; choose another name
                    state_dict | every nn.Module has an attribute state_dict already; choose another name
                    predict    | a compiled model has an attribute predict of its own; choose another name
                    class      | "class" has a meaning in every PyTorch program; choose another name
                    _fc        | expected a name of 1 to 63 letters, digits and underscores, beginning with a letter, got "_fc"
                    fc.1       | expected a name of 1 to 63 letters, digits and underscores, beginning with a letter, got "fc.1"
                    a b        | expected a name of 1 to 63 letters, digits and underscores, beginning with a letter, got "a b"
                    """)
    void aModuleCannotHaveSuchAName(String name, String message) {
        String modules = "\"%s\": {\"type\": \"Linear\", \"out_features\": 1}".formatted(name);

        assertThat(errors(graph(modules, call("y", name, "x"))))
                .containsExactly("/model/modules/" + name + ": " + message);
    }

    @Test
    void whatNothingUsesIsAnError() {
        assertThat(
                        errors(
                                model(
                                        """
                                        "inputs": {"left": [4], "right": [4]},
                                        "modules": {%s, %s, %s},
                                        "forward": [%s, %s, %s, %s]
                                        """
                                                .formatted(
                                                        FC,
                                                        HEAD,
                                                        BLOCKS,
                                                        call("h", "fc", "left"),
                                                        node("z", "\"op\": \"relu\"", "h"),
                                                        call("b", "blocks.1", "left"),
                                                        OUT))))
                .containsExactly(
                        "/model/inputs/right: no node uses input \"right\"; leave it out, or name it"
                                + " among a node's inputs",
                        "/model/forward/1: nothing uses node \"z\"; leave it out, or name it among"
                                + " another's inputs, or as the output",
                        "/model/forward/2: nothing uses node \"b\"; leave it out, or name it among"
                                + " another's inputs, or as the output",
                        "/model/modules/blocks/layers/0: no node calls module \"blocks.0\"; leave it"
                                + " out, or call it");
    }

    @Test
    void theOutputIsANode() {
        String forward = call("h", "fc", "x") + "," + OUT;
        String json =
                graph(FC + "," + HEAD, forward)
                        .replace("\"forward\"", "\"output\": \"z\", \"forward\"");

        assertThat(errors(json)).contains("/model/output: unknown node \"z\"; nodes are x, h, y");
    }

    @Test
    void layersAndAGraphAreEitherOr() {
        assertThat(
                        errors(
                                withInput(
                                        "\"layers\": [{\"type\": \"ReLU\"}], \"modules\": {%s},"
                                                        .formatted(HEAD)
                                                + " \"forward\": [%s]"
                                                        .formatted(call("y", "head", "x")))))
                .containsExactly(
                        "/model/layers: expected either layers, or modules and forward; name these"
                                + " layers as a module of type Sequential");
        assertThat(errors(withInput("\"layers\": [{\"type\": \"ReLU\"}], \"output\": \"y\"")))
                .containsExactly(
                        "/model/output: needs modules and forward; leave it out with layers");
        assertThat(errors(withInput("\"modules\": {%s}".formatted(HEAD))))
                .containsExactly(
                        "/model/forward: required, but missing; write what is done with the modules,"
                                + " such as [{\"name\": \"y\", \"call\": \"head\", \"inputs\":"
                                + " [\"x\"]}]");
        assertThat(errors(withInput("\"modules\": {%s}, \"forward\": []".formatted(HEAD))))
                .containsExactly("/model/forward: expected at least one node, got an empty array");
        assertThat(errors(withInput("\"modules\": [], \"forward\": [%s]".formatted(OUT))))
                .first()
                .isEqualTo(
                        "/model/modules: expected an object of layers by their names, such as"
                                + " {\"head\": {\"type\": \"Linear\", \"out_features\": 1}}, got an"
                                + " array");
    }

    @Test
    void aModuleListStandsOnlyWhereAGraphCallsIt() {
        String list = "{\"type\": \"ModuleList\", \"layers\": [{\"type\": \"ReLU\"}]}";

        assertThat(Specs.errorsOfLayers(list))
                .containsExactly(
                        "/model/layers/0/type: a ModuleList has no forward, so it can only be among"
                                + " the modules of a Module; write Sequential");
    }

    @Test
    void inputsOfAModelAreColumnsWhereThereIsADataSet() {
        String both = node("h", "\"op\": \"cat\", \"dim\": 1", "left", "right");
        String columns =
                model(
                        "\"inputs\": {\"left\": [\"a\", \"b\"], \"right\": [\"b\", \"c\"]},"
                                + " \"modules\": {%s}, \"forward\": [%s, %s]"
                                        .formatted(HEAD, both, OUT));
        String run =
                columns.replaceFirst(
                        "\\{", "{\"name\": \"m\", \"dataset\": \"d\", \"target\": \"t\", ");

        assertThat(Specs.read(run, Purpose.RUN).spec().features()).containsExactly("a", "b", "c");
        assertThat(errors(() -> Specs.read(run.replace("\"t\"", "\"c\""), Purpose.RUN)))
                .containsExactly(
                        "/target: column \"c\" is the target, which must not be in an input; leave it"
                                + " out there");
        assertThat(
                        errors(() ->
                                Specs.read(
                                        run.replaceFirst("\\{", "{\"features\": [\"a\"], "),
                                        Purpose.RUN)))
                .containsExactly(
                        "/features: the model's inputs name the columns already; leave it out");
        assertThat(errors(() -> Specs.read(run.replace("[\"a\", \"b\"]", "[4]"), Purpose.RUN)))
                .containsExactly("/model/inputs/left/0: expected a string, got the number 4");
        assertThat(
                        errors(() ->
                                Specs.read(
                                        run.replace("[\"a\", \"b\"]", "[\"a\", \"a\"]"),
                                        Purpose.RUN)))
                .containsExactly(
                        "/model/inputs/left/1: column \"a\" is listed twice; leave it out here");
        assertThat(errors(() -> Specs.read(run.replace("[\"a\", \"b\"]", "[]"), Purpose.RUN)))
                .containsExactly(
                        "/model/inputs/left: expected at least one column, got an empty array");
    }

    @Test
    void inputsOfAModelAreShapesWhereThereIsNone() {
        String both = node("h", "\"op\": \"cat\", \"dim\": 1", "left", "right");
        String json =
                model(
                        "\"inputs\": {\"left\": [3], \"right\": [2]}, \"modules\": {%s},"
                                        .formatted(HEAD)
                                + " \"forward\": [%s, %s]".formatted(both, OUT));

        assertThat(Specs.read(json, Purpose.CHECK).inputShape())
                .isEqualTo(Optional.of(Shape.of(5)));
        assertThat(errors(json.replace("[3]", "[\"a\"]")))
                .first()
                .isEqualTo(
                        "/model/inputs/left/0: expected a whole number from 1 to 2,147,483,647, got a"
                                + " string (\"a\")");
        assertThat(errors(json.replace("[3]", "[]")))
                .first()
                .isEqualTo(
                        "/model/inputs/left: expected the 1 to 8 extents of one sample, such as [4],"
                                + " got 0");
        assertThat(errors(json.replace("{\"left\": [3], \"right\": [2]}", "[\"left\", \"right\"]")))
                .first()
                .isEqualTo(
                        "/model/inputs: expected an object of names, such as {\"left\": [4]}, got an"
                                + " array");
        assertThat(errors(json.replaceFirst("\\{", "{\"input_shape\": [5], ")))
                .containsExactly("/input_shape: the model's inputs say it already; leave it out");
    }

    @Test
    void aRepeatIsCountedBeforeAnythingIsMade() {
        String relu = "{\"type\": \"ReLU\"}";
        String repeated = "{\"repeat\": %s, \"layer\": %s}";

        assertThat(
                        Specs.errorsOfLayers(
                                repeated.formatted(
                                        "1000",
                                        "{\"type\": \"Sequential\", \"layers\": ["
                                                + repeated.formatted("1000", relu)
                                                + "]}")))
                .containsExactly(
                        "/model/layers: expected at most 1,000 layers in all, got 1,001,000; make the"
                                + " model smaller");
        assertThat(Specs.errorsOfLayers(repeated.formatted("10000", relu)))
                .containsExactly(
                        "/model/layers: expected at most 1,000 layers in all, got 10,000; make the"
                                + " model smaller");
        assertThat(Specs.errorsOfLayers(repeated.formatted("99999999999999999999999", relu)))
                .containsExactly(
                        "/model/layers: expected at most 1,000 layers in all, got 2,147,483,647; make"
                                + " the model smaller");
        assertThat(Specs.errorsOfLayers(repeated.formatted("0", relu)))
                .containsExactly(
                        "/model/layers/0/repeat: expected a whole number from 1 to 1,000, got 0");
        assertThat(Specs.errorsOfLayers("{\"repeat\": 2}"))
                .containsExactly(
                        "/model/layers/0/layer: required, but missing; write the layer that stands"
                                + " there so often");
        assertThat(Specs.errorsOfLayers("{\"repeat\": 2, \"layer\": {\"type\": \"Rleu\"}}"))
                .hasSize(1)
                .first()
                .asString()
                .startsWith("/model/layers/0/layer/type: unknown layer");
        String nodes = node("y", "\"op\": \"relu\"", "x");
        String block =
                "{\"type\": \"Module\", \"modules\": {}, \"forward\": [%s]}"
                        .formatted(String.join(",", List.of(nodes, nodes, nodes)));
        assertThat(Specs.errorsOfLayers(repeated.formatted("700", block)))
                .containsExactly(
                        "/model/layers: expected at most 2,000 nodes in all, got 2,100; make the model"
                                + " smaller");
    }

    @Test
    void aRepeatInARepeatMultiplies() {
        String inner = "{\"repeat\": 2, \"layer\": {\"type\": \"Linear\", \"out_features\": 4}}";
        String layers = "{\"repeat\": 3, \"layer\": %s}".formatted(inner);

        assertThat(Specs.layers(layers).spec().model().children())
                .hasSize(6)
                .allSatisfy(child -> assertThat(child.place()).isEqualTo("/layers/0/layer/layer"))
                .extracting(LayerSpec.Child::name)
                .containsExactly("0", "1", "2", "3", "4", "5");
    }
}
