package dev.hearth.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.problem.Violation;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageListTest {

    private static final byte[] ZIP =
            new Zips()
                    .add("set/one.png", Pngs.grey(1, 2, 1))
                    .add("set/two.png", Pngs.grey(1, 2, 2))
                    .add("set/three.png", Pngs.grey(1, 2, 3))
                    .build();

    @TempDir Path folder;
    private Pictures pictures;
    private SourceFile zip;

    @BeforeEach
    void open() throws IOException {
        pictures = new Pictures(folder);
        zip = Pictures.file("x.zip", ZIP);
    }

    @AfterEach
    void nothingIsLeftBehind() throws IOException {
        assertThat(pictures.leftovers()).isEmpty();
        pictures.close();
    }

    @Test
    void aTableNamesThePicturesAndKeepsItsOrderAndItsColumns() throws IOException {
        var table =
                Pictures.file(
                        "labels.csv",
                        "size,name,kind\n1.5,three.png,a\n2.5,one.png,b\n3,two.png,a\n");
        try (var prepared = pictures.prepare(table, zip)) {
            assertThat(prepared.columns())
                    .extracting(Column::name)
                    .containsExactly("size", "name", "kind", "image");
            assertThat(prepared.columns())
                    .extracting(Column::type)
                    .containsExactly(
                            ColumnType.NUMERIC,
                            ColumnType.TEXT,
                            ColumnType.CATEGORICAL,
                            ColumnType.IMAGE);
            assertThat(Pictures.texts(prepared, "size")).containsExactly("1.5", "2.5", "3.0");
            assertThat(Pictures.tensor(prepared, "image", "values"))
                    .containsExactly(3, 3, 1, 1, 2, 2);
        }
    }

    @Test
    void namesMayHaveFoldersOfTheirOwnOrNoExtension() throws IOException {
        var options = Pictures.with(new ImageOptions(null, "image", null));
        var table =
                Pictures.file("labels.csv", "image,y\ndata/one.png,1\ntwo,2\nset/three.png,3\n");
        try (var prepared = pictures.prepare(options, zip, table)) {
            assertThat(prepared.columns())
                    .extracting(Column::name)
                    .containsExactly("image", "y", "image_2");
            assertThat(Pictures.tensor(prepared, "image_2", "values"))
                    .containsExactly(1, 1, 2, 2, 3, 3);
        }
    }

    @Test
    void rowsWithoutAPictureAndPicturesWithoutARowAreNamedTogether() throws IOException {
        var table = Pictures.file("labels.csv", "f,y\none.png,1\nfour.png,2\n,3\n");
        var problem = pictures.problem(zip, table);
        assertThat(problem.violations())
                .extracting(Violation::pointer)
                .containsExactly(
                        "row 2, column f", "row 3, column f", "set/two.png", "set/three.png");
        assertThat(problem.violations().getFirst().message()).contains("'four.png'");
    }

    @Test
    void aNameThatSeveralPicturesHaveIsRefused() throws IOException {
        byte[] same =
                new Zips()
                        .add("a/x.png", Pngs.grey(1, 1, 1))
                        .add("b/x.png", Pngs.grey(1, 1, 2))
                        .build();
        var options = Pictures.with(new ImageOptions(null, "f", null));
        var table = Pictures.file("labels.csv", "f,y\na/x.png,1\nx.png,2\n");
        var problem = pictures.problem(options, Pictures.file("x.zip", same), table);
        assertThat(problem.violations().getFirst().message()).contains("several pictures");
    }

    @Test
    void aColumnOfNamesHasToBeThere() throws IOException {
        var table = Pictures.file("labels.csv", "f,y\n7,1\n8,2\n");
        assertThat(pictures.problem(zip, table).violations())
                .extracting(Violation::pointer)
                .containsExactly("/images/file_column");
        var options = Pictures.with(new ImageOptions(null, "g", null));
        assertThat(pictures.problem(options, zip, table).detail()).contains("'g'", "f, y");
    }

    @Test
    void rowsOfPicturesThatAreSkippedAreLeftOut() throws IOException {
        byte[] damaged =
                new Zips()
                        .add("one.png", Pngs.grey(1, 1, 1))
                        .add("two.png", new byte[] {1})
                        .add("three.png", Pngs.grey(1, 1, 3))
                        .build();
        var table =
                Pictures.file("labels.csv", "f,y,k\none.png,0.1,a\ntwo.png,2,b\nthree.png,,a\n");
        var file = Pictures.file("x.zip", damaged);
        assertThat(pictures.problem(table, file).violations())
                .extracting(Violation::pointer)
                .containsExactly("two.png");
        var skip = Pictures.with(new ImageOptions(null, null, "skip"));
        try (var prepared = pictures.prepare(skip, table, file)) {
            assertThat(Pictures.texts(prepared, "y")).containsExactly("0.1", "");
            assertThat(Pictures.texts(prepared, "f")).containsExactly("one.png", "three.png");
            assertThat(Pictures.tensor(prepared, "image", "values")).containsExactly(1, 3);
            assertThat(Pictures.images(prepared).undecodable())
                    .extracting(ImageReport.Undecodable::file)
                    .containsExactly("two.png");
        }
    }
}
