package dev.hearth.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.Violation;
import dev.hearth.tensorfile.ElementType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdxTest {

    private static final byte[] IMAGES = idx(0x08, new int[] {3, 1, 2}, 1, 2, 3, 4, 5, 6);
    private static final byte[] LABELS = idx(0x08, new int[] {3}, 7, 0, 255);

    @TempDir Path folder;
    private Pictures pictures;

    @BeforeEach
    void open() throws IOException {
        pictures = new Pictures(folder);
    }

    @AfterEach
    void nothingIsLeftBehind() throws IOException {
        assertThat(pictures.leftovers()).isEmpty();
        pictures.close();
    }

    static byte[] idx(int type, int[] shape, int... bytes) {
        var file = ByteBuffer.allocate(4 + 4 * shape.length + bytes.length);
        file.put(new byte[] {0, 0, (byte) type, (byte) shape.length});
        for (int extent : shape) {
            file.putInt(extent);
        }
        for (int value : bytes) {
            file.put((byte) value);
        }
        return file.array();
    }

    @Test
    void mnistsTwoFilesAreOneSetInAnyOrderPackedOrNot() throws IOException {
        var images = Pictures.file("train-images-idx3-ubyte", IMAGES);
        var labels = Pictures.file("train-labels-idx1-ubyte.gz", Zips.gzip(LABELS));
        for (var files : List.of(List.of(images, labels), List.of(labels, images))) {
            try (var prepared = pictures.prepare(files.toArray(SourceFile[]::new))) {
                assertThat(prepared.rows()).isEqualTo(3);
                assertThat(prepared.columns())
                        .extracting(Column::type)
                        .containsExactly(ColumnType.INTEGER, ColumnType.IMAGE);
                assertThat(Pictures.texts(prepared, "label")).containsExactly("7", "0", "255");
                assertThat(prepared.columns().getLast().block())
                        .contains(new Block(ElementType.UINT8, List.of(1L, 1L, 2L)));
                assertThat(Pictures.tensor(prepared, "image", "values"))
                        .containsExactly(1, 2, 3, 4, 5, 6);
                assertThat(Pictures.images(prepared).channels().getFirst().histogram().getFirst())
                        .isEqualTo(6);
            }
        }
    }

    @Test
    void eitherFileMayComeAlone() throws IOException {
        try (var prepared = pictures.prepare(Pictures.file("i.gz", Zips.gzip(IMAGES)))) {
            assertThat(prepared.columns()).extracting(Column::name).containsExactly("image");
            assertThat(prepared.rows()).isEqualTo(3);
        }
        byte[] wide = idx(0x0C, new int[] {2}, 0, 0, 1, 0, 255, 255, 255, 255);
        try (var prepared = pictures.prepare(Pictures.file("labels", wide))) {
            assertThat(Pictures.texts(prepared, "label")).containsExactly("256", "-1");
        }
    }

    @Test
    void coloursAreReadAndMayBeMadeGrey() throws IOException {
        byte[] colours = idx(0x08, new int[] {1, 3, 1, 1}, 10, 20, 30);
        try (var prepared = pictures.prepare(Pictures.file("i", colours))) {
            assertThat(Pictures.tensor(prepared, "image", "values")).containsExactly(10, 20, 30);
        }
        var grey = Pictures.with(new ImageOptions("L", null, null));
        try (var prepared = pictures.prepare(grey, Pictures.file("i", colours))) {
            assertThat(Pictures.tensor(prepared, "image", "values")).containsExactly(18);
        }
    }

    @Test
    void filesThatDoNotFitTheirHeaderAreRefused() throws IOException {
        byte[] cut = Arrays.copyOf(IMAGES, IMAGES.length - 1);
        byte[] longer = Arrays.copyOf(IMAGES, IMAGES.length + 1);
        for (byte[] file : List.of(cut, longer)) {
            assertRefused("truncated or damaged", file);
        }
        assertRefused("truncated", Zips.gzip(cut));
        assertRefused("goes on", Zips.gzip(longer));
        byte[] packed = Zips.gzip(idx(0x08, new int[] {3, 100, 100}, new int[30_000]));
        assertRefused("cannot be unpacked", Arrays.copyOf(packed, packed.length - 12));
        assertRefused("at least 1", idx(0x08, new int[] {0, 2, 2}));
        assertRefused("at least 1", idx(0x08, new int[] {1, -2, 2}));
        assertRefused("extents", idx(0x08, new int[] {1, 1, 1, 1, 1}, 1));
        assertRefused("pixels", idx(0x08, new int[] {1, 1 << 30, 1 << 30}));
        assertRefused("channels", idx(0x08, new int[] {1, 2, 1, 1}, 1, 2));
        assertRefused("shape", idx(0x0D, new int[] {1, 1, 1}, 1, 2, 3, 4));
        assertRefused("two zero bytes", idx(0x07, new int[] {1}, 1));
        assertRefused("2,000,000 rows", Zips.gzip(idx(0x08, new int[] {2_000_000})));
        assertThat(
                        pictures.problem(Pictures.file("i", idx(0x08, new int[] {900_000, 40, 40})))
                                .code())
                .isEqualTo(ProblemCode.BODY_TOO_LARGE);
    }

    private void assertRefused(String says, byte[] file) throws IOException {
        var problem = pictures.problem(Pictures.file("some-idx", file));
        assertThat(problem.code()).isEqualTo(ProblemCode.INVALID_DATASET);
        assertThat(problem.detail()).contains("some-idx", says);
    }

    @Test
    void filesThatDoNotBelongTogetherAreRefused() throws IOException {
        var images = Pictures.file("images", IMAGES);
        var fewer = Pictures.file("labels", idx(0x08, new int[] {2}, 7, 0));
        assertThat(pictures.problem(images, fewer).detail())
                .contains("images", "3 pictures", "labels", "2 labels");
        assertThat(pictures.problem(images, images, fewer).detail())
                .contains("6 pictures (images, images)", "2 labels (labels)");
        var labels = Pictures.file("more", LABELS);
        var swapped = pictures.problem(images, fewer, fewer(), labels);
        assertThat(swapped.violations())
                .extracting(Violation::pointer)
                .containsExactly("images", "fewer");
    }

    private static SourceFile fewer() throws IOException {
        return Pictures.file("fewer", idx(0x08, new int[] {2, 1, 2}, 9, 8, 7, 6));
    }

    @Test
    void theRowsOfSeveralFilesFollowEachOther() throws IOException {
        var images = Pictures.file("images", IMAGES);
        var labels = Pictures.file("labels", LABELS);
        var moreLabels = Pictures.file("wide.gz", Zips.gzip(idx(0x0B, new int[] {2}, 1, 0, 0, 5)));
        try (var prepared = pictures.prepare(images, labels, moreLabels, fewer())) {
            assertThat(prepared.rows()).isEqualTo(5);
            assertThat(Pictures.texts(prepared, "label"))
                    .containsExactly("7", "0", "255", "256", "5");
            assertThat(Pictures.tensor(prepared, "image", "values"))
                    .containsExactly(1, 2, 3, 4, 5, 6, 9, 8, 7, 6);
        }
        try (var prepared = pictures.prepare(labels, moreLabels)) {
            assertThat(Pictures.texts(prepared, "label"))
                    .containsExactly("7", "0", "255", "256", "5");
        }
        try (var prepared = pictures.prepare(images, fewer())) {
            assertThat(prepared.columns()).extracting(Column::name).containsExactly("image");
            assertThat(prepared.rows()).isEqualTo(5);
        }
    }

    @Test
    void picturesOfAnotherShapeAreRefusedByTheirFile() throws IOException {
        var images = Pictures.file("images", IMAGES);
        var larger = Pictures.file("larger", idx(0x08, new int[] {1, 2, 2}, 1, 2, 3, 4));
        var colours = Pictures.file("colours", idx(0x08, new int[] {1, 3, 1, 2}, new int[6]));

        var problem = pictures.problem(images, larger, colours);

        assertThat(problem.violations())
                .extracting(Violation::pointer)
                .containsExactly("larger", "colours");
        assertThat(problem.violations().getFirst().message())
                .startsWith(
                        "has pictures of 2×2 pixels in grey, and those of images are of 1×2 pixels in grey");
        assertThat(problem.violations().getLast().message()).contains("\"mode\": \"L\"");
        try (var prepared =
                pictures.prepare(
                        Pictures.with(new ImageOptions("RGB", null, null)), images, colours)) {
            assertThat(prepared.columns().getLast().block())
                    .contains(new Block(ElementType.UINT8, List.of(3L, 1L, 2L)));
        }
    }

    @Test
    void tooManyRowsOfAllFilesTogetherAreRefused() throws IOException {
        var half =
                Pictures.file("half", Zips.gzip(idx(0x08, new int[] {600_000}, new int[600_000])));

        assertThat(pictures.problem(half, half).detail()).contains("1,200,000 rows of all files");
    }
}
