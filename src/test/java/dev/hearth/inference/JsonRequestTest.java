package dev.hearth.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hearth.problem.Category;
import dev.hearth.problem.ProblemException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.json.JsonMapper;

/** Tensors out of JSON and bytes, and back, to the last bit. */
class JsonRequestTest {

    /** As strict as the service's. */
    private static final JsonRequests REQUESTS =
            new JsonRequests(
                    JsonMapper.builder()
                            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                            .build());

    private static final JsonResponses RESPONSES = new JsonResponses(JsonMapper.shared());

    private static InferRequest read(String json) {
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        return REQUESTS.read(body, body.length);
    }

    private static Tensor tensor(String datatype, String shape, String data) {
        return read("""
        {"inputs": [{"name": "x", "shape": %s, "datatype": "%s", "data": %s}]}
        """
                        .formatted(shape, datatype, data))
                .inputs()
                .getFirst();
    }

    /** A request whose JSON is followed by bytes. */
    private static InferRequest readBinary(String json, byte[]... tensors) {
        byte[] head = json.getBytes(StandardCharsets.UTF_8);
        var body = new ByteArrayOutputStream();
        body.writeBytes(head);
        for (byte[] each : tensors) {
            body.writeBytes(each);
        }
        return REQUESTS.read(body.toByteArray(), head.length);
    }

    private static Tensor binary(String datatype, String shape, byte[] bytes) {
        return readBinary(
                        """
                        {"inputs": [{"name": "x", "shape": %s, "datatype": "%s",
                                     "parameters": {"binary_data_size": %d}}]}
                        """
                                .formatted(shape, datatype, bytes.length),
                        bytes)
                .inputs()
                .getFirst();
    }

    private static String written(Tensor tensor) {
        var answer =
                RESPONSES.write(
                        new InferResponse(
                                "m", "1", null, List.of(new InferResponse.Output(tensor, false))));
        return JsonMapper.shared().readTree(answer.bytes()).at("/outputs/0/data").toString();
    }

    private static byte[] bytes(int... values) {
        var bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    private static void assertRefused(ThrowingCallable reading, String... words) {
        assertThatThrownBy(reading)
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e ->
                                assertThat(e.code().category())
                                        .isIn(Category.SYNTAX, Category.UNPROCESSABLE))
                .extracting(Throwable::getMessage)
                .satisfies(message ->
                        List.of(words).forEach(word -> assertThat(message).contains(word)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    BOOL   | [true,false]
                    UINT8  | [0,255]
                    UINT16 | [0,65535]
                    UINT32 | [0,4294967295]
                    UINT64 | [0,18446744073709551615]
                    INT8   | [-128,127]
                    INT16  | [-32768,32767]
                    INT32  | [-2147483648,2147483647]
                    INT64  | [-9223372036854775808,9007199254740993]
                    FP16   | [0.5,65504.0]
                    FP32   | [0.1,3.4028235E38]
                    FP64   | [0.1,1.7976931348623157E308]
                    BYTES  | ["","Zürich"]
                    """)
    void everyDatatypeKeepsItsLeastAndItsGreatestValue(String datatype, String data) {
        assertThat(written(tensor(datatype, "[2]", data))).isEqualTo(data);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    BOOL   | [1]
                    BOOL   | ["true"]
                    UINT8  | [256]
                    UINT8  | [-1]
                    UINT16 | [65536]
                    UINT32 | [4294967296]
                    UINT64 | [18446744073709551616]
                    UINT64 | [-1]
                    INT8   | [128]
                    INT16  | [32768]
                    INT32  | [2147483648]
                    INT64  | [9223372036854775808]
                    INT64  | [1.0]
                    INT64  | ["1"]
                    FP16   | [65520]
                    FP32   | [1e39]
                    FP32   | [true]
                    FP64   | [1e999]
                    FP64   | [null]
                    FP64   | [{}]
                    BYTES  | [1]
                    """)
    void whatADatatypeDoesNotHoldIsRefused(String datatype, String data) {
        assertRefused(() -> tensor(datatype, "[1]", data), "tensor 'x'", "element 0", "expected");
    }

    @Test
    void wholeNumbersKeepAllTheirBits() {
        Tensor json = tensor("INT64", "[3]", "[9007199254740993, -9223372036854775808, -1]");
        Tensor binary =
                binary(
                        "INT64",
                        "[3]",
                        ByteBuffer.allocate(24)
                                .order(ByteOrder.LITTLE_ENDIAN)
                                .putLong(9007199254740993L)
                                .putLong(Long.MIN_VALUE)
                                .putLong(-1)
                                .array());

        assertThat(json.data()).isEqualTo(binary.data());
        assertThat(json.digits(0)).isEqualTo("9007199254740993");
        assertThat(written(binary)).isEqualTo("[9007199254740993,-9223372036854775808,-1]");
    }

    /** By way of a double it would be rounded twice, to 2^53 + 2^31. */
    @Test
    void aWholeNumberIsRoundedOnceToAFloat() {
        long value = (1L << 60) + (1L << 36) + 1;

        assertThat((float) (double) value).isNotEqualTo((float) value);
        assertThat(tensor("INT64", "[1]", "[" + value + "]").toFloat(0)).isEqualTo((float) value);
        assertThat(tensor("UINT64", "[1]", "[" + value + "]").toFloat(0)).isEqualTo((float) value);
        assertThat(tensor("UINT64", "[1]", "[18446744073709551615]").toFloat(0)).isEqualTo(0x1p64f);
    }

    @Test
    void nestedListsAreTheSameAsFlatOnes() {
        Tensor flat = tensor("INT32", "[2, 1, 3]", "[1, 2, 3, 4, 5, 6]");
        Tensor nested = tensor("INT32", "[2, 1, 3]", "[[[1, 2, 3]], [[4, 5, 6]]]");

        assertThat(nested.data()).isEqualTo(flat.data());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[[1, 2], [3, 4, 5], [6]]",
                "[[1, 2, 3], 4, 5, 6]",
                "[1, 2, 3, [4, 5, 6]]",
                "[[1, 2, 3, 4], [5, 6]]",
                "[[[1, 2, 3]], [[4, 5, 6]]]",
                "[[1, 2, 3, 4, 5, 6]]",
                "[[], [1, 2, 3], [4, 5, 6]]"
            })
    void listsThatAreNestedOtherwiseThanTheShapeSaysAreRefused(String data) {
        assertRefused(() -> tensor("INT32", "[2, 3]", data), "tensor 'x'", "nested");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "[1]", "[1, 2, 3, 4, 5]", "[1, 2, 3, 4, 5, 6, 7]"})
    void thereAreAsManyElementsAsTheShapeSays(String data) {
        assertRefused(
                () -> tensor("FP32", "[2, 3]", data), "the shape [2, 3] has 6 elements, data has");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[4294967296, 4294967296]",
                "[9223372036854775807, 2]",
                "[3037000500, 3037000500]",
                "[-1]",
                "[2147483647, 2147483647]",
                "[4294967297]"
            })
    void aShapeThatIsTooLargeOrNegativeIsRefusedWithoutRoomForIt(String shape) {
        assertRefused(() -> tensor("INT64", shape, "[1]"), "tensor 'x'", "the shape");
        assertRefused(() -> binary("INT64", shape, new byte[8]), "tensor 'x'");
    }

    @Test
    void theFieldsOfATensorComeInAnyOrder() {
        var request =
                read(
                        """
                        {"inputs": [{"data": [[1.5], [2.5]], "datatype": "FP32", "name": "x", "shape": [2, 1]},
                                    {"shape": [1], "data": ["a"], "name": "y", "datatype": "BYTES"}],
                         "id": "7"}
                        """);

        assertThat(request.id()).isEqualTo("7");
        assertThat(request.inputs().get(0).number(1)).isEqualTo(2.5);
        assertThat(request.inputs().get(1).texts()).containsExactly("a");
    }

    @Test
    void jsonAndBinaryTensorsAreMixedInTheirOrder() {
        var request =
                readBinary(
                        """
                        {"inputs": [
                          {"name": "a", "shape": [2], "datatype": "UINT16", "parameters": {"binary_data_size": 4}},
                          {"name": "b", "shape": [1], "datatype": "INT8", "data": [-1]},
                          {"name": "c", "shape": [3], "datatype": "BOOL", "parameters": {"binary_data_size": 3}}]}
                        """,
                        bytes(1, 0, 0, 1),
                        bytes(1, 0, 1));

        assertThat(request.inputs())
                .extracting(JsonRequestTest::written)
                .containsExactly("[1,256]", "[-1]", "[true,false,true]");
    }

    @Test
    void halfPrecisionIsReadFromBytes() {
        Tensor halves = binary("FP16", "[4]", bytes(0x00, 0x3c, 0x00, 0xc0, 0xff, 0x7b, 0x01, 0));

        assertThat(halves.number(0)).isEqualTo(1);
        assertThat(halves.number(1)).isEqualTo(-2);
        assertThat(halves.number(2)).isEqualTo(65504);
        assertThat(halves.number(3)).isEqualTo(0x1p-24);
    }

    @Test
    void textsAreReadFromBytesWithTheirLengths() {
        Tensor texts =
                binary("BYTES", "[3]", bytes(1, 0, 0, 0, 'a', 0, 0, 0, 0, 2, 0, 0, 0, 0xc3, 0xbc));

        assertThat(texts.texts()).containsExactly("a", "", "ü");
    }

    @Test
    void textsWhoseLengthsDoNotAddUpAreRefused() {
        assertRefused(() -> binary("BYTES", "[1]", bytes(1, 0, 0)), "element 0", "goes beyond");
        assertRefused(() -> binary("BYTES", "[1]", bytes(2, 0, 0, 0, 'a')), "goes beyond");
        assertRefused(() -> binary("BYTES", "[1]", bytes(0xff, 0xff, 0xff, 0xff)), "goes beyond");
        assertRefused(
                () -> binary("BYTES", "[1]", bytes(0xff, 0xff, 0xff, 0x7f, 'a')), "goes beyond");
        assertRefused(() -> binary("BYTES", "[2]", bytes(1, 0, 0, 0, 'a')), "takes 2", "got 1");
        assertRefused(() -> binary("BYTES", "[0]", bytes(0, 0, 0, 0)), "takes 0", "got 1");
        assertRefused(() -> binary("BYTES", "[1]", bytes(1, 0, 0, 0, 0xff)).texts(), "no UTF-8");
    }

    @Test
    void aBooleanIsTheByteZeroOrOne() {
        assertThat(written(binary("BOOL", "[2]", bytes(0, 1)))).isEqualTo("[false,true]");
        assertRefused(() -> binary("BOOL", "[2]", bytes(0, 2)), "element 1", "byte 2");
    }

    @Test
    void bytesThatAreNotAsManyAsTheShapeSaysAreRefused() {
        assertRefused(() -> binary("FP32", "[2]", new byte[4]), "2 elements of 4 bytes, got 4");
        assertRefused(() -> binary("FP32", "[2]", new byte[9]), "got 9");
        assertRefused(() -> binary("FP32", "[2]", new byte[12]), "got 12");
        assertRefused(
                () ->
                        readBinary(
                                """
                                {"inputs": [{"name": "x", "shape": [1], "datatype": "UINT8",
                                             "parameters": {"binary_data_size": 1}}]}
                                """,
                                new byte[2]),
                "the body",
                "1 bytes follow");
        assertRefused(
                () ->
                        readBinary(
                                """
                                {"inputs": [{"name": "x", "shape": [9223372036854775807], "datatype": "UINT8",
                                             "parameters": {"binary_data_size": 9223372036854775807}}]}
                                """,
                                new byte[2]),
                "binary_data_size is 9223372036854775807",
                "2 bytes left");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[]",
                "{}",
                "{\"inputs\": {}}",
                "{\"inputs\": []} x",
                "{\"inputs\": [], \"inputs\": []}",
                "{\"input\": []}",
                "{\"inputs\": [{}]}",
                "{\"inputs\": [1]}",
                "{\"inputs\": [{\"name\": 1, \"shape\": [1], \"datatype\": \"INT8\", \"data\": [1]}]}",
                "{\"inputs\": [{\"name\": \"x\", \"shape\": [1.5], \"datatype\": \"INT8\", \"data\": [1]}]}",
                "{\"inputs\": [{\"name\": \"x\", \"shape\": [1], \"datatype\": \"INT9\", \"data\": [1]}]}",
                "{\"inputs\": [{\"name\": \"x\", \"shape\": [1], \"datatype\": \"int8\", \"data\": [1]}]}",
                "{\"inputs\": [{\"name\": \"x\", \"shape\": [1], \"datatype\": \"INT8\", \"data\": 1}]}",
                "{\"inputs\": [{\"name\": \"x\", \"shape\": [1], \"datatype\": \"INT8\"}]}",
                "{\"inputs\": [{\"name\": \"x\", \"shape\": [1], \"datatype\": \"INT8\", \"data\": [1], \"dat\": 1}]}",
                "{\"inputs\": [{\"name\": \"x\", \"shape\": [0], \"datatype\": \"INT8\", \"data\": [], \"parameters\": {\"binary_data_size\": 0}}]}",
                "{\"inputs\": [{\"name\": \"x\", \"shape\": [1], \"datatype\": \"INT8\", \"parameters\": {\"binary_data_size\": -1}}]}",
                "{\"inputs\": [{\"name\": \"x\", \"shape\": [1], \"datatype\": \"INT8\", \"parameters\": {\"binary_data_size\": \"1\"}}]}",
                "{\"inputs\": [{\"name\": \"x\", \"shape\": [1], \"datatype\": \"INT8\", \"parameters\": {\"shared_memory_region\": \"r\"}}]}",
                "{\"inputs\": [], \"id\": 1}",
                "{\"inputs\": [], \"parameters\": {\"priority\": -1}}",
                "{\"inputs\": [], \"parameters\": {\"timeout\": \"1\"}}",
                "{\"inputs\": [], \"parameters\": {\"timeout_ms\": 600001}}",
                "{\"inputs\": [], \"parameters\": {\"binary_data_output\": 1}}",
                "{\"inputs\": [], \"parameters\": {\"mine\": []}}",
                "{\"inputs\": [], \"outputs\": [{}]}",
                "{\"inputs\": [], \"outputs\": [{\"name\": \"y\", \"parameters\": {\"binary_data\": \"yes\"}}]}",
                "{\"inputs\": [], \"outputs\": [{\"name\": \"y\", \"parameters\": {\"classification\": -1}}]}"
            })
    void aRequestOfAnotherFormIsRefused(String json) {
        assertRefused(() -> read(json));
    }

    @Test
    void parametersThatNobodyKnowsAreNoError() {
        var request =
                read(
                        """
                        {"inputs": [{"name": "x", "shape": [1], "datatype": "INT8", "data": [1],
                                     "parameters": {"content_type": "np"}}],
                         "parameters": {"mine": "yes", "timeout_ms": 20, "priority": 2,
                                        "binary_data_output": true},
                         "outputs": [{"name": "y"}, {"name": "z", "parameters": {"binary_data": false}}]}
                        """);

        assertThat(request.schedule().timeout().orElseThrow()).hasMillis(20);
        assertThat(request.schedule().priority()).isEqualTo(2);
        assertThat(request.outputs().named())
                .extracting(InferRequest.RequestedOutput::binary)
                .containsExactly(true, false);
    }
}
