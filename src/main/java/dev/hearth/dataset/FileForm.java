package dev.hearth.dataset;

import java.nio.charset.Charset;
import java.util.List;

/** How the files of a data set are written, for those who read them elsewhere. */
public sealed interface FileForm {

    /** Rows of a table; those of several files follow each other. */
    sealed interface Rows extends FileForm {}

    /** What a CSV file says of its columns. */
    enum Header {
        /** The first line holds their names as they are. */
        PLAIN,
        /** There are empty lines before their names, or spaces around them. */
        SPACED,
        /** Nothing: they are called {@code column_1} and so on. */
        NONE
    }

    /**
     * CSV files.
     *
     * @param encoding {@code UTF-16} where a byte order mark says so
     * @param columns how many there are
     * @param isCompressed by gzip
     */
    record Csv(
            char delimiter,
            char quote,
            Charset encoding,
            Header header,
            int columns,
            boolean isCompressed)
            implements Rows {

        /** Read as names with spaces around them are; plain ones are found so, too. */
        Csv spaced() {
            return new Csv(delimiter, quote, encoding, Header.SPACED, columns, isCompressed);
        }
    }

    /**
     * An object for each row, on a line of its own.
     *
     * @param encoding {@code UTF-16} where a byte order mark says so
     */
    record JsonLines(Charset encoding, boolean isCompressed) implements Rows {}

    record Parquet(boolean isCompressed) implements Rows {}

    /**
     * Zip archives of pictures in class folders.
     *
     * @param left entries that could not be decoded and are no rows
     */
    record ImageFolders(List<String> left) implements FileForm {
        public ImageFolders {
            left = List.copyOf(left);
        }
    }

    /**
     * Zip archives of pictures, and a file of rows that names them.
     *
     * @param place of that file among the others, from 0
     * @param nameColumns columns of which the first that names a picture in the first row is the
     *     one that does in all
     * @param left entries that could not be decoded, whose rows are left out
     */
    record ImageList(Rows rows, int place, List<String> nameColumns, List<String> left)
            implements FileForm {
        public ImageList {
            nameColumns = List.copyOf(nameColumns);
            left = List.copyOf(left);
        }
    }

    /**
     * MNIST's own files, each perhaps compressed by gzip: labels, pictures, or both in any order.
     *
     * @param isConverted whether any pictures' colours become grey, or their grey colours
     * @param isSeveral whether there are more than one file of pictures or of labels, whose rows
     *     follow each other
     */
    record Idx(boolean isConverted, boolean isSeveral) implements FileForm {}

    /** A file of tensors whose first extents count rows. */
    record Safetensors() implements FileForm {}

    /**
     * NumPy arrays, one a file.
     *
     * @param names of the columns that they are, in the order of the files
     */
    record Arrays(List<String> names) implements FileForm {
        public Arrays {
            names = List.copyOf(names);
        }
    }
}
