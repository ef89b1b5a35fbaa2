package dev.hearth.dataset;

import java.io.IOException;
import java.util.List;

/** Makes a data set of files of one form. */
interface DatasetReader {

    /** What it reads, in words for those who sent something else. */
    String wants();

    /** Whether these files are of this form, by their kinds alone. */
    boolean reads(List<SourceFile> files);

    /**
     * Checks the files and writes them as tensors, with flat memory.
     *
     * @throws dev.hearth.problem.ProblemException with all that is wrong; nothing is left behind
     */
    Prepared prepare(List<SourceFile> files, DatasetOptions options, PreparationProgress progress)
            throws IOException;
}
