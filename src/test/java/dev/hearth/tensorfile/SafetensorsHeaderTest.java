package dev.hearth.tensorfile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.tensorfile.SafetensorsHeader.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;

/** Files that have been stored have these bytes, and have to be readable for good. */
class SafetensorsHeaderTest {

    private static SequencedMap<String, Tensor> tensors() {
        var tensors = new LinkedHashMap<String, Tensor>();
        tensors.put("column.0", new Tensor(ElementType.FLOAT64, List.of(3L)));
        tensors.put("values", new Tensor(ElementType.UINT8, List.of(2L, 1L, 5L)));
        tensors.put("scalar", new Tensor(ElementType.BFLOAT16, List.of()));
        return tensors;
    }

    private static final String DESCRIBED =
            "\"column.0\":{\"dtype\":\"F64\",\"shape\":[3],\"data_offsets\":[0,24]},"
                    + "\"values\":{\"dtype\":\"U8\",\"shape\":[2,1,5],\"data_offsets\":[24,34]},"
                    + "\"scalar\":{\"dtype\":\"BF16\",\"shape\":[],\"data_offsets\":[34,36]}}";

    private static byte[] expected(String json) {
        byte[] text = json.getBytes(StandardCharsets.UTF_8);
        int length = (text.length + 7) / 8 * 8;
        ByteBuffer bytes = ByteBuffer.allocate(8 + length).order(ByteOrder.LITTLE_ENDIAN);
        Arrays.fill(bytes.array(), (byte) ' ');
        return bytes.putLong(length).put(text).array();
    }

    @Test
    void theLengthComesFirstAndSpacesFillTheLastEightBytes() {
        assertThat(SafetensorsHeader.of(tensors()).bytes()).isEqualTo(expected("{" + DESCRIBED));
        assertThat(SafetensorsHeader.of(new LinkedHashMap<>()).bytes()).isEqualTo(expected("{}"));
    }

    @Test
    void metadataComesBeforeTheTensors() {
        var metadata = new LinkedHashMap<String, String>();
        metadata.put("column.1", "Größe \"in\" cm");
        metadata.put("column.0", "ž");
        assertThat(SafetensorsHeader.of(tensors(), metadata).bytes())
                .isEqualTo(
                        expected(
                                "{\"__metadata__\":{\"column.1\":\"Größe \\\"in\\\""
                                        + " cm\",\"column.0\":\"ž\"},"
                                        + DESCRIBED));
    }

    @Test
    void whatIsWrittenIsRead() {
        var metadata = new LinkedHashMap<String, String>(Map.of("format", "pt"));
        var header = SafetensorsHeader.of(tensors(), metadata);
        byte[] file = Arrays.copyOf(header.bytes(), header.bytes().length + 36);
        try (var bytes = MappedBytes.of(file)) {
            var read = SafetensorsReader.read(bytes);
            assertThat(read.metadata()).isEqualTo(metadata);
            assertThat(read.tensors()).isEqualTo(header.tensors());
            assertThat(header.tensors().sequencedValues().getFirst().end())
                    .isEqualTo(header.bytes().length + 24);
        }
    }
}
