package dev.hearth.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import dev.hearth.problem.Category;
import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.Violation;
import dev.hearth.tensorfile.ElementType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.util.unit.DataSize;

class ImageFolderTest {

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

    static List<BadArchive> badArchives() {
        return BadArchive.all();
    }

    @ParameterizedTest
    @MethodSource("badArchives")
    void aBadArchiveIsRefusedAndNamed(BadArchive bad) throws IOException {
        var problem = pictures.problem(Pictures.file(bad.file(), bad.bytes().get()));
        assertThat(problem.code().category())
                .isEqualTo(
                        switch (bad.status()) {
                            case 413 -> Category.TOO_LARGE;
                            case 415 -> Category.UNSUPPORTED_TYPE;
                            default -> Category.UNPROCESSABLE;
                        });
        assertThat(problem.detail() + problem.violations()).contains(bad.says());
    }

    @Test
    void aMillionEntriesAreRefused() throws IOException {
        var problem = pictures.problem(Pictures.file("x.zip", Zips.ofEmptyEntries(1_000_000)));
        assertThat(problem.code()).isEqualTo(ProblemCode.BODY_TOO_LARGE);
        assertThat(problem.detail()).contains("1,000,000 entries", "500,000");
    }

    @Test
    void foldersAreClassesInTheOrderOfImageFolder() throws IOException {
        byte[] zip =
                new Zips()
                        .add("set/zebra/2.png", Pngs.grey(2, 2, 30))
                        .add("set/Zoo/b.png", Pngs.grey(2, 2, 20))
                        .add("set/zebra/10.png", Pngs.grey(2, 2, 40))
                        .add("set/Zoo/a.PNG", Pngs.grey(2, 2, 10))
                        .add("set/.DS_Store", new byte[] {1})
                        .add("__MACOSX/set/zebra/._2.png", new byte[] {1})
                        .add("set/README.txt", new byte[] {'x'})
                        .build();
        try (var prepared = pictures.prepare(Pictures.file("x.zip", zip))) {
            assertThat(prepared.columns())
                    .extracting(Column::name, Column::type)
                    .containsExactly(
                            tuple("label", ColumnType.CATEGORICAL),
                            tuple("file", ColumnType.TEXT),
                            tuple("image", ColumnType.IMAGE));
            assertThat(prepared.columns().getFirst().categories()).containsExactly("Zoo", "zebra");
            assertThat(Pictures.texts(prepared, "file"))
                    .containsExactly(
                            "set/Zoo/a.PNG",
                            "set/Zoo/b.png",
                            "set/zebra/10.png",
                            "set/zebra/2.png");
            assertThat(Pictures.texts(prepared, "label"))
                    .containsExactly("Zoo", "Zoo", "zebra", "zebra");
            assertThat(prepared.columns().getLast().block())
                    .contains(new Block(ElementType.UINT8, List.of(1L, 2L, 2L)));
            assertThat(Pictures.tensor(prepared, "image", "values"))
                    .containsExactly(
                            10, 10, 10, 10, 20, 20, 20, 20, 40, 40, 40, 40, 30, 30, 30, 30);
            assertThat(Pictures.images(prepared).ignored()).containsExactly("set/README.txt");
        }
    }

    @Test
    void picturesOfSeveralSizesAndColoursLieEndToEnd() throws IOException {
        byte[] zip =
                new Zips()
                        .add("a/1.png", Pngs.grey(1, 2, 5))
                        .add("a/2.png", Pngs.colour(1, 1, 0x0A0B0C))
                        .build();
        try (var prepared = pictures.prepare(Pictures.file("x.zip", zip))) {
            assertThat(prepared.columns().getLast().block())
                    .contains(
                            new Block(ElementType.UINT8, List.of(3L, Block.VARIES, Block.VARIES)));
            assertThat(Pictures.tensor(prepared, "image", "values"))
                    .containsExactly(5, 5, 5, 5, 5, 5, 10, 11, 12);
            assertThat(longs(prepared, "offsets")).containsExactly(0, 6, 9);
            assertThat(longs(prepared, "sizes")).containsExactly(1, 2, 1, 1);
            byte[] file = Files.readAllBytes(prepared.blocks().get("image"));
            assertThat(Pictures.header(file).propertyNames())
                    .containsExactly("offsets", "sizes", "values");
        }
        var grey = Pictures.with(new ImageOptions("L", null, null));
        try (var prepared = pictures.prepare(grey, Pictures.file("x.zip", zip))) {
            assertThat(Pictures.tensor(prepared, "image", "values")).containsExactly(5, 5, 11);
        }
    }

    private static long[] longs(Prepared prepared, String tensor) throws IOException {
        var bytes =
                ByteBuffer.wrap(Pictures.tensor(prepared, "image", tensor))
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .asLongBuffer();
        var longs = new long[bytes.remaining()];
        bytes.get(longs);
        return longs;
    }

    @Test
    void severalArchivesAreOneSet() throws IOException {
        byte[] first = new Zips().add("b/1.png", Pngs.grey(1, 1, 1)).build();
        byte[] second =
                new Zips()
                        .add("a/1.png", Pngs.grey(1, 1, 2))
                        .add("b/2.png", Pngs.grey(1, 1, 3))
                        .build();
        try (var prepared =
                pictures.prepare(Pictures.file("p.zip", first), Pictures.file("q.zip", second))) {
            assertThat(Pictures.texts(prepared, "file"))
                    .containsExactly("q.zip/a/1.png", "p.zip/b/1.png", "q.zip/b/2.png");
        }
        var problem =
                pictures.problem(Pictures.file("p.zip", first), Pictures.file("q.zip", first));
        assertThat(problem.violations())
                .extracting(Violation::pointer)
                .containsExactly("q.zip/b/1.png");
    }

    @Test
    void allPicturesThatCannotBeDecodedAreNamedTogether() throws IOException {
        byte[] zip = withBadPictures();
        var problem = pictures.problem(Pictures.file("x.zip", zip));
        assertThat(problem.violations())
                .extracting(Violation::pointer)
                .containsExactly("a/bad.png", "b/worse.png");
    }

    @Test
    void picturesThatCannotBeDecodedAreLeftOutWhereThatIsAskedFor() throws IOException {
        var skip = Pictures.with(new ImageOptions(null, null, "skip"));
        try (var prepared = pictures.prepare(skip, Pictures.file("x.zip", withBadPictures()))) {
            assertThat(prepared.rows()).isEqualTo(2);
            assertThat(Pictures.texts(prepared, "file"))
                    .containsExactly("a/good.png", "b/good.png");
            assertThat(Pictures.images(prepared).undecodableCount()).isEqualTo(2);
            assertThat(Pictures.images(prepared).undecodable())
                    .extracting(ImageReport.Undecodable::file)
                    .containsExactly("a/bad.png", "b/worse.png");
        }
        byte[] none = new Zips().add("a/bad.png", new byte[0]).build();
        assertThat(pictures.problem(skip, Pictures.file("x.zip", none)).detail())
                .contains("none of the 1 pictures");
    }

    private static byte[] withBadPictures() {
        return new Zips()
                .add("a/bad.png", new byte[] {1})
                .add("a/good.png", Pngs.grey(2, 2, 1))
                .add("b/good.png", Pngs.grey(2, 2, 2))
                .add("b/worse.png", "<html>".getBytes(StandardCharsets.UTF_8))
                .build();
    }

    @Test
    void theReportHasSizesChannelsAndWhatIsThereTwice() throws IOException {
        byte[] zip =
                new Zips()
                        .add("a/1.png", Pngs.grey(2, 2, 0))
                        .add("a/2.png", Pngs.grey(2, 2, 255))
                        .add("a/3.png", Pngs.grey(2, 2, 255))
                        .add("b/1.png", Pngs.grey(2, 2, 0))
                        .build();
        try (var prepared = pictures.prepare(Pictures.file("x.zip", zip))) {
            Report report = prepared.report();
            assertThat(report.rows()).isEqualTo(4);
            assertThat(report.sizeBytes()).isEqualTo(zip.length);
            ImageReport images = Pictures.images(prepared);
            assertThat(images.mode()).isEqualTo("L");
            assertThat(images.height()).isEqualTo(new ImageReport.Extent(2, 2, 2));
            assertThat(images.sizes()).containsExactly(new ImageReport.PictureSize(2, 2, 4));
            assertThat(images.channels().getFirst().mean()).isEqualTo(0.5, within(1e-12));
            assertThat(images.channels().getFirst().std()).isEqualTo(0.5, within(1e-12));
            assertThat(images.repeated()).isEqualTo(2);
            assertThat(images.conflicting()).isEqualTo(1);
            assertThat(images.repeats())
                    .containsExactly(
                            new ImageReport.Repeat(
                                    2, List.of("a/1.png", "b/1.png"), List.of("a", "b")),
                            new ImageReport.Repeat(2, List.of("a/2.png", "a/3.png"), List.of("a")));
            assertThat(report.columns().getFirst().values())
                    .extracting(Report.ValueCount::value, Report.ValueCount::count)
                    .containsExactly(tuple("a", 3L), tuple("b", 1L));
        }
    }

    @Test
    void whatComesOutOfAllEntriesTogetherIsCounted() throws IOException {
        var limits =
                new ImageSettings(
                        10, DataSize.ofMegabytes(40), 1_000_000, 1, DataSize.ofBytes(100), 2);
        pictures.close();
        pictures = new Pictures(folder, limits);
        byte[] zip = new Zips().add("a/1.png", Pngs.grey(11, 11, 0)).build();
        assertThat(pictures.problem(Pictures.file("x.zip", zip)).code())
                .isEqualTo(ProblemCode.BODY_TOO_LARGE);
        var bomb = new Zips();
        for (int i = 0; i < 15; i++) {
            bomb.add("a/%02d.png".formatted(i), new byte[36 << 20]);
        }
        assertThat(pictures.problem(Pictures.file("x.zip", bomb.build())).code())
                .isEqualTo(ProblemCode.BODY_TOO_LARGE);
    }

    @Test
    void preparingStopsWhereItIsToldTo() throws IOException {
        byte[] zip = new Zips().add("a/1.png", Pngs.grey(2, 2, 0)).build();
        var cancelled = new IllegalStateException("cancelled");
        try (var csv = new Csv(folder)) {
            var settings = new DatasetSettings(10, 10);
            var reader =
                    new ImageFolderReader(
                            csv.scratch(),
                            Pictures.LIMITS,
                            settings,
                            new TableReader(csv.scratch(), settings));
            assertThatThrownBy(() ->
                            reader.prepare(
                                    List.of(Pictures.file("x.zip", zip)),
                                    DatasetOptions.NONE,
                                    (_, what) -> {
                                        if (what.startsWith("decoding")) {
                                            throw cancelled;
                                        }
                                    }))
                    .isSameAs(cancelled);
            assertThat(csv.leftovers()).isEmpty();
        }
    }

    @Test
    void optionsThatMeanNothingAreRefused() throws IOException {
        var options =
                new DatasetOptions(
                        null,
                        Map.of(),
                        null,
                        null,
                        null,
                        null,
                        new ImageOptions("CMYK", null, "keep"));
        var problem = pictures.problem(options, Pictures.file("x.zip", withBadPictures()));
        assertThat(problem.violations())
                .extracting(Violation::pointer)
                .containsExactly("/images/mode", "/images/undecodable");
    }
}
