package dev.hearth.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.hearth.Client;
import dev.hearth.HearthTest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The Open Inference Protocol V2 over HTTP, statement by statement. */
@HearthTest
class OpenInferenceTest {

    private static final String IRIS = "/v2/models/" + TrainedModels.IRIS;
    private static final String ACCOUNTS = "/v2/models/" + TrainedModels.ACCOUNTS;
    private static final String FLOWERS = "[[5.1, 3.5, 1.4, 0.2], [6.3, 2.9, 5.6, 1.8]]";
    private static final String LENGTH = "Inference-Header-Content-Length";

    @Autowired Client client;
    @Autowired ApplicationContext context;
    @TempDir Path folder;

    @BeforeEach
    void train() throws IOException {
        new TrainedModels(client, context, folder).train();
    }

    private JsonNode infer(String model, String body) {
        Client.Answer answer = client.post(model + "/infer", body);
        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).isEqualTo("application/json");
        return answer.json();
    }

    private void assertRefused(Client.Answer answer, int status, String... words) {
        assertThat(answer.status()).as(answer.toString()).isEqualTo(status);
        assertThat(answer.header("Content-Type")).isEqualTo("application/json");
        assertThat(answer.json().propertyNames()).containsExactly("error");
        String error = answer.json().get("error").stringValue();
        List.of(words).forEach(word -> assertThat(error).contains(word));
    }

    private static String flowers(String more) {
        return """
        {"inputs": [{"name": "input", "shape": [2, 4], "datatype": "FP32", "data": %s}]%s}
        """
                .formatted(FLOWERS, more);
    }

    private static byte[] floats(double... values) {
        var bytes = ByteBuffer.allocate(values.length * 4).order(ByteOrder.LITTLE_ENDIAN);
        Arrays.stream(values).forEach(value -> bytes.putFloat((float) value));
        return bytes.array();
    }

    private Client.Answer postBinary(String model, String json, byte[]... tensors) {
        byte[] head = json.getBytes(StandardCharsets.UTF_8);
        var body = new ByteArrayOutputStream();
        body.writeBytes(head);
        for (byte[] tensor : tensors) {
            body.writeBytes(tensor);
        }
        return client.post(
                model + "/infer",
                "application/octet-stream",
                body.toByteArray(),
                LENGTH,
                String.valueOf(head.length));
    }

    /** What Hearth's own interface says of the same rows. */
    private JsonNode friendly(String model, String rows) {
        return client.post("/v1/models/" + model + ":predict", "{\"rows\": " + rows + "}")
                .json()
                .get("predictions");
    }

    @Test
    void theServerSaysWhatItIs() {
        JsonNode server = client.get("/v2").json();

        assertThat(server.propertyNames()).containsExactly("name", "version", "extensions");
        assertThat(server.get("name").stringValue()).isEqualTo("hearth");
        assertThat(server.get("extensions").valueStream().map(JsonNode::stringValue))
                .contains("binary_tensor_data", "model_repository");
    }

    @Test
    void theServerIsLiveAndReady() {
        assertThat(client.get("/v2/health/live").text()).isEqualTo("{\"live\":true}");
        assertThat(client.get("/v2/health/ready").text()).isEqualTo("{\"ready\":true}");
    }

    @Test
    void aModelOfNumbersHasOneInputOfRawValues() {
        assertThat(client.get(IRIS).text())
                .isEqualTo(
                        """
                        {"name":"v2-iris","versions":["1"],"platform":"pytorch_torchscript",\
                        "inputs":[{"name":"input","datatype":"FP32","shape":[-1,4]}],\
                        "outputs":[{"name":"probabilities","datatype":"FP32","shape":[-1,3]},\
                        {"name":"label","datatype":"BYTES","shape":[-1]},\
                        {"name":"class_index","datatype":"INT64","shape":[-1]}]}\
                        """);
        assertThat(client.get(IRIS + "/versions/1").json()).isEqualTo(client.get(IRIS).json());
    }

    @Test
    void otherModelsHaveTheTensorsOfTheirInputs() {
        assertThat(client.get(ACCOUNTS).json().get("inputs").toString())
                .isEqualTo(
                        """
                        [{"name":"account","datatype":"BYTES","shape":[-1,1]},\
                        {"name":"city","datatype":"BYTES","shape":[-1,1]},\
                        {"name":"member","datatype":"BOOL","shape":[-1,1]},\
                        {"name":"size","datatype":"FP64","shape":[-1,1]}]\
                        """);
        assertThat(client.get("/v2/models/" + TrainedModels.IMAGES).json().get("inputs").toString())
                .isEqualTo("[{\"name\":\"input\",\"datatype\":\"UINT8\",\"shape\":[-1,1,2,3]}]");
        assertThat(
                        client.get("/v2/models/" + TrainedModels.TENSORS)
                                .json()
                                .get("inputs")
                                .toString())
                .isEqualTo("[{\"name\":\"input\",\"datatype\":\"INT64\",\"shape\":[-1,2,2]}]");
        assertThat(
                        client.get("/v2/models/" + TrainedModels.DIABETES)
                                .json()
                                .get("outputs")
                                .toString())
                .isEqualTo("[{\"name\":\"output\",\"datatype\":\"FP32\",\"shape\":[-1,1]}]");
    }

    @Test
    void aModelIsReadyWithItsNameAndItsVersion() {
        assertThat(client.get(IRIS + "/ready").text())
                .isEqualTo("{\"name\":\"v2-iris\",\"ready\":true}");
        assertThat(client.get(IRIS + "/versions/1/ready").status()).isEqualTo(200);
        assertRefused(client.get(IRIS + "/versions/9/ready"), 404, "no version 9");
        assertRefused(client.get("/v2/models/v2-nobody/ready"), 404, "no model 'v2-nobody'");
    }

    @Test
    void anAnswerRepeatsTheIdAndNamesTheModelAndItsVersion() {
        JsonNode answer = infer(IRIS, flowers(", \"id\": \"request 7 ü\""));

        assertThat(answer.propertyNames())
                .containsExactly("model_name", "model_version", "id", "outputs");
        assertThat(answer.get("model_name").stringValue()).isEqualTo("v2-iris");
        assertThat(answer.get("model_version").stringValue()).isEqualTo("1");
        assertThat(answer.get("id").stringValue()).isEqualTo("request 7 ü");
        assertThat(infer(IRIS, flowers("")).has("id")).isFalse();
    }

    @Test
    void allOutputsComeWhereNoneIsNamedAndElseTheNamedOnesInTheirOrder() {
        assertThat(infer(IRIS, flowers("")).get("outputs").valueStream())
                .extracting(output -> output.get("name").stringValue())
                .containsExactly("probabilities", "label", "class_index");
        JsonNode outputs =
                infer(
                                IRIS,
                                flowers(
                                        ", \"outputs\": [{\"name\": \"label\"}, {\"name\": \"probabilities\"}]"))
                        .get("outputs");

        assertThat(outputs.get(0).toString())
                .isEqualTo(
                        """
                        {"name":"label","datatype":"BYTES","shape":[2],"data":["setosa","virginica"]}\
                        """);
        assertThat(outputs.get(1).get("shape").toString()).isEqualTo("[2,3]");
        assertThat(outputs.get(1).get("data").size()).isEqualTo(6);
    }

    @Test
    void theNumbersAreThoseOfHearthsOwnInterface() {
        JsonNode own = friendly(TrainedModels.IRIS, FLOWERS);
        JsonNode probabilities = infer(IRIS, flowers("")).at("/outputs/0/data");

        assertThat(probabilities.get(5).doubleValue())
                .isCloseTo(own.at("/1/probabilities/virginica").doubleValue(), within(1e-6));
        assertThat(probabilities.get(0).doubleValue())
                .isCloseTo(own.at("/0/probabilities/setosa").doubleValue(), within(1e-6));
    }

    /** A float of 5.1 is no double of 5.1, and whoever sends doubles has them kept. */
    @Test
    void doublesAreTakenWithAllTheirDigits() {
        String doubles = flowers("").replace("FP32", "FP64");
        double own =
                friendly(TrainedModels.IRIS, FLOWERS)
                        .at("/1/probabilities/virginica")
                        .doubleValue();

        assertThat(infer(IRIS, doubles).at("/outputs/0/data/5").floatValue())
                .isEqualTo((float) own);
    }

    @Test
    void aRegressionAnswersInTheUnitsOfItsTarget() {
        String row = "[0.04, 0.05, 0.06, 0.02, -0.04, -0.03, -0.04, 0, 0.02, -0.02]";
        JsonNode answer =
                infer(
                        "/v2/models/" + TrainedModels.DIABETES,
                        """
                        {"inputs": [{"name": "input", "shape": [1, 10], "datatype": "FP64", "data": %s}]}
                        """
                                .formatted(row));

        assertThat(answer.at("/outputs/0/shape").toString()).isEqualTo("[1,1]");
        assertThat(answer.at("/outputs/0/data/0").floatValue())
                .isEqualTo(
                        (float)
                                friendly(TrainedModels.DIABETES, "[" + row + "]")
                                        .at("/0/value")
                                        .doubleValue());
    }

    @Test
    void aModelOfTwoClassesHasTheProbabilitiesOfBoth() {
        int columns =
                client.get("/v2/models/" + TrainedModels.CANCER)
                        .json()
                        .at("/inputs/0/shape/1")
                        .intValue();
        JsonNode outputs =
                infer(
                                "/v2/models/" + TrainedModels.CANCER,
                                """
                                {"inputs": [{"name": "input", "shape": [1, %d], "datatype": "FP32", "data": %s}]}
                                """
                                        .formatted(
                                                columns,
                                                java.util.Collections.nCopies(columns, 1.0)))
                        .get("outputs");

        JsonNode probabilities = outputs.get(0).get("data");
        assertThat(probabilities.get(0).doubleValue() + probabilities.get(1).doubleValue())
                .isCloseTo(1, within(1e-6));
        int best = probabilities.get(0).doubleValue() >= probabilities.get(1).doubleValue() ? 0 : 1;
        assertThat(outputs.get(2).at("/data/0").intValue()).isEqualTo(best);
    }

    private static String accounts(String account, String datatype) {
        return """
        {"inputs": [{"name": "account", "shape": [2, 1], "datatype": "%s", "data": %s},
                    {"name": "city", "shape": [2, 1], "datatype": "BYTES", "data": [["Zürich"], ["Bern"]]},
                    {"name": "member", "shape": [2, 1], "datatype": "BOOL", "data": [true, false]},
                    {"name": "size", "shape": [2], "datatype": "INT64", "data": [3, 4]}],
         "outputs": [{"name": "label"}]}
        """
                .formatted(datatype, account);
    }

    /** 2^53 and 2^53 + 1 are one number to a double, and two accounts. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    INT64  | [9007199254740992, 9007199254740993]
                    UINT64 | [9007199254740992, 9007199254740993]
                    BYTES  | ["9007199254740992", "9007199254740993"]
                    """)
    void wholeNumbersBeyondDoublesArriveWithAllTheirBits(String datatype, String accounts) {
        assertThat(infer(ACCOUNTS, accounts(accounts, datatype)).at("/outputs/0/data").toString())
                .isEqualTo("[\"no\",\"yes\"]");
    }

    @Test
    void textsBooleansAndWholeNumbersComeInBinary() {
        var texts = ByteBuffer.allocate(40).order(ByteOrder.LITTLE_ENDIAN);
        for (String city : List.of("Zürich", "Bern")) {
            byte[] bytes = city.getBytes(StandardCharsets.UTF_8);
            texts.putInt(bytes.length).put(bytes);
        }
        byte[] cities = Arrays.copyOf(texts.array(), texts.position());
        byte[] accounts =
                ByteBuffer.allocate(16)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(9007199254740993L)
                        .putLong(9007199254740992L)
                        .array();
        byte[] halves = {0x00, 0x3c, 0x00, 0x40}; // 1 and 2 in FP16

        Client.Answer answer =
                postBinary(
                        ACCOUNTS,
                        """
                        {"inputs": [
                          {"name": "city", "shape": [2, 1], "datatype": "BYTES", "parameters": {"binary_data_size": %d}},
                          {"name": "member", "shape": [2, 1], "datatype": "BOOL", "parameters": {"binary_data_size": 2}},
                          {"name": "account", "shape": [2, 1], "datatype": "INT64", "parameters": {"binary_data_size": 16}},
                          {"name": "size", "shape": [2, 1], "datatype": "FP16", "parameters": {"binary_data_size": 4}}]}
                        """
                                .formatted(cities.length),
                        cities,
                        new byte[] {1, 0},
                        accounts,
                        halves);

        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        assertThat(answer.json().at("/outputs/1/data").toString()).isEqualTo("[\"yes\",\"no\"]");
    }

    @Test
    void imagesAreBytes() {
        JsonNode answer =
                infer(
                        "/v2/models/" + TrainedModels.IMAGES,
                        """
                        {"inputs": [{"name": "input", "shape": [2, 1, 2, 3], "datatype": "UINT8",
                          "data": [[[[255, 255, 255], [0, 0, 0]]], [[[0, 0, 0], [255, 255, 255]]]]}]}
                        """);

        assertThat(answer.at("/outputs/1/data").toString()).isEqualTo("[\"left\",\"right\"]");
        assertRefused(
                client.post(
                        "/v2/models/" + TrainedModels.IMAGES + "/infer",
                        """
                        {"inputs": [{"name": "input", "shape": [1, 1, 1, 3], "datatype": "UINT8", "data": [1, 2, 3]}]}
                        """),
                400,
                "expected the shape [-1, 1, 2, 3]",
                "got [1, 1, 1, 3]");
    }

    @Test
    void tensorsComeInTheirOwnDatatype() {
        JsonNode answer =
                infer(
                        "/v2/models/" + TrainedModels.TENSORS,
                        """
                        {"inputs": [{"name": "input", "shape": [2, 2, 2], "datatype": "INT64",
                                     "data": [5, 0, 5, 0, 0, 5, 0, 5]}]}
                        """);

        assertThat(answer.at("/outputs/1/data").toString()).isEqualTo("[\"left\",\"right\"]");
        assertThat(answer.at("/outputs/2").toString())
                .isEqualTo(
                        "{\"name\":\"class_index\",\"datatype\":\"INT64\",\"shape\":[2],\"data\":[0,1]}");
    }

    @Test
    void outputsComeInBinaryWhereThatIsAskedOfAllButOne() {
        Client.Answer answer =
                client.post(
                        IRIS + "/infer",
                        flowers(
                                """
                                , "parameters": {"binary_data_output": true},
                                "outputs": [{"name": "label", "parameters": {"binary_data": false}},
                                            {"name": "class_index"}, {"name": "probabilities"}]
                                """));

        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).isEqualTo("application/octet-stream");
        int length = Integer.parseInt(answer.header(LENGTH));
        JsonNode json = JsonMapper.shared().readTree(Arrays.copyOf(answer.body(), length));
        assertThat(json.at("/outputs/0/data").toString()).isEqualTo("[\"setosa\",\"virginica\"]");
        assertThat(json.at("/outputs/1").toString())
                .isEqualTo(
                        """
                        {"name":"class_index","datatype":"INT64","shape":[2],\
                        "parameters":{"binary_data_size":16}}\
                        """);
        var bytes =
                ByteBuffer.wrap(answer.body(), length, answer.body().length - length)
                        .order(ByteOrder.LITTLE_ENDIAN);
        assertThat(bytes.remaining()).isEqualTo(16 + 24);
        assertThat(bytes.getLong()).isZero();
        assertThat(bytes.getLong()).isEqualTo(2);
        assertThat(bytes.getFloat())
                .isEqualTo(infer(IRIS, flowers("")).at("/outputs/0/data/0").floatValue());
    }

    @Test
    void oneOutputComesInBinaryWhereOnlyThatOneIsAskedFor() {
        Client.Answer answer =
                client.post(
                        IRIS + "/infer",
                        flowers(
                                """
                                , "outputs": [{"name": "probabilities"},
                                              {"name": "label", "parameters": {"binary_data": true}}]
                                """));

        int length = Integer.parseInt(answer.header(LENGTH));
        JsonNode json = JsonMapper.shared().readTree(Arrays.copyOf(answer.body(), length));
        assertThat(json.at("/outputs/0/data").size()).isEqualTo(6);
        assertThat(
                        new String(
                                answer.body(),
                                length,
                                answer.body().length - length,
                                StandardCharsets.ISO_8859_1))
                .isEqualTo("\6\0\0\0setosa\11\0\0\0virginica");
    }

    @Test
    void aBodyOfBytesAloneIsABatchOfOneAndAnsweredInBinary() {
        Client.Answer answer =
                client.post(
                        IRIS + "/infer",
                        "application/octet-stream",
                        floats(6.3, 2.9, 5.6, 1.8),
                        LENGTH,
                        "0");

        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        int length = Integer.parseInt(answer.header(LENGTH));
        JsonNode json = JsonMapper.shared().readTree(Arrays.copyOf(answer.body(), length));
        assertThat(json.at("/outputs/0/shape").toString()).isEqualTo("[1,3]");
        assertThat(json.at("/outputs/0/parameters/binary_data_size").intValue()).isEqualTo(12);
        assertRefused(
                client.post(
                        IRIS + "/infer",
                        "application/octet-stream",
                        floats(6.3, 2.9, 5.6),
                        LENGTH,
                        "0"),
                400,
                "4 elements of 4 bytes, got 12 bytes");
        assertRefused(
                client.post(
                        ACCOUNTS + "/infer", "application/octet-stream", new byte[8], LENGTH, "0"),
                400,
                "models with one input");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "x", "1.5", "99999", "99999999999", "2147483648", "1", "86"})
    void aLengthOfTheJsonThatIsNotItsLengthIsRefused(String length) {
        assertRefused(
                client.post(
                        IRIS + "/infer",
                        "application/octet-stream",
                        flowers("").getBytes(StandardCharsets.UTF_8),
                        LENGTH,
                        length),
                400);
    }

    @ParameterizedTest
    @CsvSource({"15", "17", "0", "9223372036854775807"})
    void aSizeOfABinaryTensorThatIsNotItsSizeIsRefused(long size) {
        assertRefused(
                postBinary(
                        IRIS,
                        """
                        {"inputs": [{"name": "input", "shape": [1, 4], "datatype": "FP32",
                                     "parameters": {"binary_data_size": %d}}]}
                        """
                                .formatted(size),
                        floats(1, 2, 3, 4)),
                400);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    "shape": [2, 4], "data": [1, 2, 3, 4, 5, 6, 7]       | the shape [2, 4] has 8 elements, data has 7
                    "shape": [2, 4], "data": [1, 2, 3, 4, 5, 6, 7, 8, 9] | the shape [2, 4] has 8 elements, data has more
                    "shape": [2, 3], "data": [1, 2, 3, 4, 5, 6]          | expected the shape [-1, 4]
                    "shape": [4], "data": [1, 2, 3, 4]                   | expected the shape [-1, 4]
                    "shape": [0, 4], "data": []                          | no elements
                    "shape": [1, 4], "data": [1, 2, 3, null]             | element 3: expected a number that FP32 has, got null
                    "shape": [1, 4], "data": [1, 2, 3, 1e40]             | got 1e40
                    """)
    void dataThatIsNotWhatTheShapeSaysIsRefused(String tensor, String why) {
        assertRefused(
                client.post(
                        IRIS + "/infer",
                        "{\"inputs\": [{\"name\": \"input\", \"datatype\": \"FP32\", %s}]}"
                                .formatted(tensor)),
                400,
                why);
    }

    @Test
    void allThatIsWrongWithTheTensorsIsToldAtOnce() {
        assertRefused(
                client.post(
                        ACCOUNTS + "/infer",
                        """
                        {"inputs": [{"name": "account", "shape": [1, 1], "datatype": "FP32", "data": [1]},
                                    {"name": "town", "shape": [1, 1], "datatype": "BYTES", "data": ["Bern"]}],
                         "outputs": [{"name": "verdict"}]}
                        """),
                400,
                "input 'account': expected one of [UINT8, UINT16",
                "got FP32",
                "input 'city': missing",
                "input 'member': missing",
                "input 'size': missing",
                "input 'town': unknown; the model takes [account, city, member, size]",
                "output 'verdict': unknown; the model answers [probabilities, label, class_index]");
    }

    @Test
    void allCellsThatTheModelDoesNotKnowAreToldAtOnce() {
        assertRefused(
                client.post(ACCOUNTS + "/infer", accounts("[1, 2]", "INT64")),
                400,
                "row 0, column 'account': unknown category '1'",
                "row 1, column 'account': unknown category '2'");
    }

    @Test
    void tensorsOfOneRequestHaveTheSameRows() {
        assertRefused(
                client.post(
                        ACCOUNTS + "/infer",
                        accounts("[1, 2]", "INT64")
                                .replace("\"shape\": [2], ", "\"shape\": [3], ")
                                .replace("[3, 4]", "[3, 4, 5]")),
                400,
                "tensor 'size': has 3 rows, and tensor 'account' has 2");
    }

    @Test
    void aTensorThatIsThereTwiceIsRefused() {
        String twice =
                flowers("")
                        .replace(
                                "}]}",
                                "}, {\"name\": \"input\", \"shape\": [1, 4], \"datatype\": \"FP32\", \"data\": [1, 2, 3, 4]}]}");

        assertRefused(client.post(IRIS + "/infer", twice), 400, "input 'input': is there twice");
    }

    @Test
    void whoAsksForClassesGetsTheMostProbableOnesByValueIndexAndName() {
        JsonNode output =
                infer(
                                IRIS,
                                flowers(
                                        """
                                        , "outputs": [{"name": "probabilities", "parameters": {"classification": 2}}]
                                        """))
                        .at("/outputs/0");

        assertThat(output.get("datatype").stringValue()).isEqualTo("BYTES");
        assertThat(output.get("shape").toString()).isEqualTo("[2,2]");
        assertThat(output.at("/data/0").stringValue()).matches("[01]\\.\\d{6}:0:setosa");
        assertThat(output.at("/data/2").stringValue()).matches("[01]\\.\\d{6}:2:virginica");
        assertRefused(
                client.post(
                        IRIS + "/infer",
                        flowers(
                                """
                                , "outputs": [{"name": "label", "parameters": {"classification": 2}}]
                                """)),
                400,
                "output 'label'");
    }

    @ParameterizedTest
    @CsvSource({
        "/v2/models/v2-nobody, 404, there is no model 'v2-nobody'",
        "/v2/models/v2-nobody/versions/1, 404, model 'v2-nobody'",
        "/v2/models/v2-iris/versions/7, 404, has no version 7",
        "/v2/models/v2-iris/versions/one, 400, a version is a positive number",
        "/v2/models/No%20Body, 400, a model's name is",
        "/v2/nothing, 404, There is nothing",
        "/v2/models/v2-iris/infer, 405, ''",
        "/v2/%2e%2e/v1, 400, ''"
    })
    void errorsHaveTheProtocolsBody(String path, int status, String words) {
        assertRefused(client.get(path), status, words == null ? "" : words);
    }

    @Test
    void aBodyThatIsTooLargeOrAFormIsRefusedInTheProtocolsWords() {
        assertRefused(client.post(IRIS + "/infer", " ".repeat((16 << 20) + 1)), 413, "larger than");
        assertRefused(
                client.post(IRIS + "/infer", "multipart/form-data; boundary=b", new byte[] {'a'}),
                415,
                "application/json");
        assertRefused(
                client.post(IRIS + "/infer", flowers(""), "Content-Encoding", "gzip"),
                415,
                "compressed");
        assertRefused(client.post(IRIS + "/infer", "{"), 400, "not valid JSON");
        assertRefused(client.post(IRIS + "/infer", ""), 400, "");
    }

    /** Clients leave the type out, and {@code curl -d} says that it is a form. */
    @Test
    void theTypeOfABodyOfJsonDoesNotMatter() {
        Client.Answer answer =
                client.post(
                        IRIS + "/infer",
                        "application/x-www-form-urlencoded",
                        flowers("").getBytes(StandardCharsets.UTF_8));

        assertThat(answer.json().get("outputs")).hasSize(3);
        assertThat(
                        client.sendRawForAnswer(
                                        "POST %s/infer HTTP/1.0\r\nHost: h\r\nContent-Length: %d\r\n\r\n%s"
                                                .formatted(IRIS, flowers("").length(), flowers("")))
                                .status())
                .isEqualTo(200);
    }

    @Test
    void aRequestWithMoreRowsThanMayBeIsRefused() {
        byte[] rows = new byte[10_001 * 16];

        assertRefused(
                postBinary(
                        IRIS,
                        """
                        {"inputs": [{"name": "input", "shape": [10001, 4], "datatype": "FP32",
                                     "parameters": {"binary_data_size": %d}}]}
                        """
                                .formatted(rows.length),
                        rows),
                413,
                "may hold 10000 rows, got 10001");
    }

    private JsonNode entry(String body) {
        return client.post("/v2/repository/index", body)
                .json()
                .valueStream()
                .filter(each -> each.get("name").stringValue().equals(TrainedModels.DIABETES))
                .findFirst()
                .orElse(JsonMapper.shared().nullNode());
    }

    @Test
    void modelsAreLoadedAndUnloadedAndTheIndexTellsWhichAreInMemory() {
        String repository = "/v2/repository/models/" + TrainedModels.DIABETES;

        assertThat(client.post(repository + "/load", "").status()).isEqualTo(200);
        assertThat(entry("").toString())
                .isEqualTo(
                        "{\"name\":\"v2-diabetes\",\"version\":\"1\",\"state\":\"READY\",\"reason\":\"\"}");
        assertThat(client.post(repository + "/unload", "{}").status()).isEqualTo(200);
        assertThat(entry("{\"ready\": false}").get("state").stringValue()).isEqualTo("UNAVAILABLE");
        assertThat(entry("{\"ready\": true}").isNull()).isTrue();
        assertRefused(
                client.post(repository + "/load", "{\"parameters\": {\"config\": \"{}\"}}"),
                400,
                "config");
        assertRefused(client.post("/v2/repository/models/v2-nobody/load", ""), 404, "no model");
        assertRefused(client.post("/v2/repository/index", "{\"redy\": true}"), 400, "redy");
    }

    @Test
    void aRequestThatMayWaitAndHasAPriorityIsAnswered() {
        assertThat(
                        infer(
                                        IRIS,
                                        flowers(
                                                ", \"parameters\": {\"timeout\": 5000000, \"priority\": 1, \"mine\": \"x\"}"))
                                .get("outputs"))
                .hasSize(3);
    }
}
