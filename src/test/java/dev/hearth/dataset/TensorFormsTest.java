package dev.hearth.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import dev.hearth.storage.Scratch;
import dev.hearth.tensorfile.ElementType;
import dev.hearth.tensorfile.MappedBytes;
import dev.hearth.tensorfile.SafetensorsReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same tensors in both forms; {@code src/test/oracle/forms.py} writes the files with NumPy. */
class TensorFormsTest {

    @TempDir Path folder;
    private Scratch scratch;
    private TensorReader reader;

    @BeforeEach
    void open() throws IOException {
        var limits = new DatasetSettings(1_000_000, 4096);
        scratch = Scratch.in(folder);
        reader = new TensorReader(scratch, limits, new TableReader(scratch, limits));
    }

    @AfterEach
    void nothingIsLeftBehind() throws IOException {
        try (var files = Files.walk(folder)) {
            assertThat(
                            files.filter(Files::isRegularFile)
                                    .filter(file -> !file.toString().endsWith(".lock")))
                    .isEmpty();
        }
        scratch.close();
    }

    @Test
    void safetensorsBecomeColumns() throws IOException {
        requireTheTensors(List.of(sent("tensors.safetensors", file("tensors.safetensors"))));
    }

    @Test
    void numpyArraysBecomeColumnsWhateverTheirOrder() throws IOException {
        var files = new ArrayList<SourceFile>();
        for (var name : List.of("y", "z", "yes", "x", "picture")) {
            files.add(sent(name + ".npy", file(name + ".npy")));
        }
        requireTheTensors(files);
    }

    private void requireTheTensors(List<SourceFile> files) throws IOException {
        try (var prepared = reader.prepare(files, DatasetOptions.NONE, PreparationProgress.NONE)) {
            assertThat(prepared.rows()).isEqualTo(5);
            assertThat(prepared.columns())
                    .containsExactly(
                            new Column("y", ColumnType.INTEGER, List.of(), 0),
                            new Column("z", ColumnType.NUMERIC, List.of(), 0),
                            new Column("yes", ColumnType.BOOLEAN, List.of(), 0),
                            new Column(
                                    "x",
                                    ColumnType.TENSOR,
                                    List.of(),
                                    0,
                                    Optional.of(new Block(ElementType.FLOAT32, List.of(2L, 3L)))),
                            new Column(
                                    "picture",
                                    ColumnType.IMAGE,
                                    List.of(),
                                    0,
                                    Optional.of(
                                            new Block(ElementType.UINT8, List.of(1L, 4L, 6L)))));
            try (var x = MappedBytes.map(Objects.requireNonNull(prepared.blocks().get("x")))) {
                var entry = values(x);
                assertThat(entry.shape()).containsExactly(5L, 2L, 3L);
                for (int i = 0; i < 30; i++) {
                    assertThat(Float.intBitsToFloat(x.intAt(entry.position() + 4L * i)))
                            .isEqualTo(i / 4f);
                }
            }
            try (var pictures =
                    MappedBytes.map(Objects.requireNonNull(prepared.blocks().get("picture")))) {
                var entry = values(pictures);
                assertThat(entry.shape()).containsExactly(5L, 1L, 4L, 6L);
                for (int i = 0; i < 120; i++) {
                    assertThat(pictures.byteAt(entry.position() + i)).isEqualTo(i);
                }
            }
        }
    }

    private static SafetensorsReader.Entry values(MappedBytes file) {
        return Objects.requireNonNull(SafetensorsReader.read(file).tensors().get("values"));
    }

    @Test
    void tensorsOfDifferentLengthsAreRefused() throws IOException {
        var problem =
                problem(
                        List.of(
                                sent("y.npy", file("y.npy")),
                                sent("w.npy", npy("'<f4'", "False", "(2,)", 8))));
        assertThat(problem.code()).isEqualTo(ProblemCode.INVALID_DATASET);
        assertThat(problem.violations().getFirst().pointer()).isEqualTo("tensor w");
    }

    @Test
    void whatIsNoPlainArrayIsRefused() throws IOException {
        for (var bytes :
                List.of(
                        file("objects.npy"),
                        npy("'<c8'", "False", "(2,)", 16),
                        npy("'<f4'", "False", "(3,)", 8),
                        npy("'<f4'", "False", "()", 4),
                        npy("'<f4'", "False", "(0,)", 0),
                        npy("'<f4'", "False", "(4611686018427387904, 4)", 8),
                        npy("'<f4'", "False", "(99999999999999999999,)", 8),
                        npy("'<f4'", "Maybe", "(2,)", 8),
                        npy("[('a', '<f4')]", "False", "(2,)", 8))) {
            var problem = problem(List.of(sent("a.npy", bytes)));
            assertThat(problem.code()).isEqualTo(ProblemCode.INVALID_DATASET);
        }
    }

    @Test
    void damagedFilesAreRefusedOrRead() throws IOException {
        var random = new Random(7);
        for (var name : List.of("tensors.safetensors", "x.npy")) {
            var whole = file(name);
            for (int i = 0; i < 400; i++) {
                var bytes = Arrays.copyOf(whole, random.nextInt(9, whole.length + 1));
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
                var sent = sent(name, bytes);
                try {
                    if (reader.reads(List.of(sent))) {
                        reader.prepare(List.of(sent), DatasetOptions.NONE, PreparationProgress.NONE)
                                .close();
                    }
                } catch (ProblemException e) {
                    assertThat(e.code())
                            .isIn(ProblemCode.INVALID_DATASET, ProblemCode.BODY_TOO_LARGE);
                }
            }
        }
    }

    private ProblemException problem(List<SourceFile> files) throws IOException {
        try (var prepared = reader.prepare(files, DatasetOptions.NONE, PreparationProgress.NONE)) {
            throw new AssertionError("accepted: " + prepared.columns());
        } catch (ProblemException e) {
            return e;
        }
    }

    private static SourceFile sent(String name, byte[] bytes) throws IOException {
        return SourceFile.of(name, bytes.length, () -> new ByteArrayInputStream(bytes));
    }

    /** A file as NumPy writes it, of so many bytes of zeros. */
    private static byte[] npy(String descr, String fortran, String shape, int dataBytes) {
        var header =
                "{'descr': %s, 'fortran_order': %s, 'shape': %s, }\n"
                        .formatted(descr, fortran, shape);
        var bytes = new byte[10 + header.length() + dataBytes];
        bytes[0] = (byte) 0x93;
        for (int i = 0; i < 5; i++) {
            bytes[1 + i] = (byte) "NUMPY".charAt(i);
        }
        bytes[6] = 1;
        bytes[8] = (byte) header.length();
        for (int i = 0; i < header.length(); i++) {
            bytes[10 + i] = (byte) header.charAt(i);
        }
        return bytes;
    }

    private static byte[] file(String name) throws IOException {
        try (var in = TensorFormsTest.class.getResourceAsStream("/forms/" + name)) {
            return in.readAllBytes();
        }
    }
}
