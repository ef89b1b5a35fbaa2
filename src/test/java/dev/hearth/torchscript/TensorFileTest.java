package dev.hearth.torchscript;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.tensorfile.MappedBytes;
import dev.hearth.torchscript.TensorFile.Format;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Files that PyTorch wrote are read as PyTorch reads them. */
class TensorFileTest {

    static Stream<String> files() {
        return SavedFiles.expected().keySet().stream();
    }

    @ParameterizedTest
    @MethodSource("files")
    void everyTensorIsWhatPyTorchSaysItIs(String name) {
        Map<String, SavedFiles.Expected> expected =
                Objects.requireNonNull(SavedFiles.expected().get(name));
        try (var file = TensorFile.of(MappedBytes.of(SavedFiles.bytes(name)))) {
            var contents = file.contents();
            assertThat(contents.tensors().keySet()).containsExactlyElementsOf(expected.keySet());
            expected.forEach((key, tensor) -> {
                StoredTensor stored = contents.tensor(key);
                assertThat(stored.shape()).as(key).isEqualTo(tensor.shape());
                assertThat(stored.type().dtype).as(key).isEqualTo(tensor.dtype());
                if (stored.becomes(TensorData.Type.FLOAT32)) {
                    assertThat(floats(stored.read(TensorData.Type.FLOAT32).bytes()))
                            .as(key)
                            .containsExactly(floats(tensor.values()));
                } else if (stored.becomes(TensorData.Type.INT64)) {
                    assertThat(stored.read(TensorData.Type.INT64).bytes())
                            .as(key)
                            .isEqualTo(tensor.values());
                } else {
                    assertThat(key).isIn("int32", "int16", "int8", "uint8", "bool");
                }
            });
        }
    }

    private static float[] floats(ByteBuffer bytes) {
        var floats = new float[bytes.remaining() / 4];
        bytes.slice().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(floats);
        return floats;
    }

    @Test
    void whatHearthWritesIsReadBack(@TempDir Path folder) throws IOException {
        var tensors = new LinkedHashMap<String, TensorData>();
        tensors.put("0.weight", vector(1.5f, -2f, Float.MIN_VALUE));
        tensors.put("0.count", new TensorData(TensorData.Type.INT64, List.of(), longs(-7)));
        tensors.put("0.empty", TensorData.zeros(List.of(0L, 3L)));
        tensors.put("0.mean", TensorData.of(0.1, 0.2));
        var state = new StateDict(tensors);
        var pt = new ByteArrayOutputStream();
        state.writePt(pt);
        var safetensors = new ByteArrayOutputStream();
        state.writeSafetensors(safetensors);

        for (byte[] bytes : List.of(pt.toByteArray(), safetensors.toByteArray())) {
            Path path = Files.write(folder.resolve("file"), bytes);
            try (var file = TensorFile.open(path)) {
                assertThat(file.format())
                        .isEqualTo(bytes[0] == 'P' ? Format.STATE_DICT : Format.SAFETENSORS);
                var contents = file.contents();
                assertThat(contents.tensors().keySet()).containsExactlyElementsOf(tensors.keySet());
                tensors.forEach((name, tensor) ->
                        assertThat(contents.tensor(name).read(tensor.type())).isEqualTo(tensor));
            }
        }
    }

    @Test
    void whichKeyAStateDictWasTakenFromIsTold() {
        assertThat(notes("checkpoint.pt"))
                .containsExactly("the state_dict was taken from the key 'state_dict'");
        assertThat(notes("checkpoint_model.pt"))
                .containsExactly("the state_dict was taken from the key 'model_state_dict'");
        assertThat(notes("iris.pt")).isEmpty();
    }

    private static List<String> notes(String name) {
        try (var file = TensorFile.of(MappedBytes.of(SavedFiles.bytes(name)))) {
            return file.contents().notes();
        }
    }

    @Test
    void aTensorThatLiesAsItIsWantedIsNotCopied() {
        byte[] bytes = SavedFiles.bytes("iris.safetensors");
        try (var file = TensorFile.of(MappedBytes.of(bytes))) {
            var weight = file.contents().tensor("0.weight").read(TensorData.Type.FLOAT32);
            int at = bytes.length - 131 * 4;
            bytes[at] ^= 1;
            assertThat(weight.bytes().get(0)).isEqualTo(bytes[at]);
        }
    }

    private static TensorData vector(float... values) {
        var bytes = ByteBuffer.allocate(values.length * 4).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return new TensorData(TensorData.Type.FLOAT32, List.of((long) values.length), bytes);
    }

    private static ByteBuffer longs(long value) {
        return ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value).flip();
    }
}
