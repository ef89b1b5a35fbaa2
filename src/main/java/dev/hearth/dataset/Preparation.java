package dev.hearth.dataset;

import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/** Finds the reader that knows the files of an upload, and lets it make a data set of them. */
@Component
class Preparation {

    private final List<DatasetReader> readers;

    Preparation(List<DatasetReader> readers) {
        this.readers = List.copyOf(readers);
    }

    /**
     * @param files at least one
     * @throws ProblemException with all that is wrong; nothing is left behind
     */
    Prepared prepare(List<SourceFile> files, DatasetOptions options, PreparationProgress progress)
            throws IOException {
        for (var reader : readers) {
            if (reader.reads(files)) {
                return reader.prepare(files, options, progress);
            }
        }
        throw new ProblemException(
                ProblemCode.UNSUPPORTED_MEDIA_TYPE,
                "%s cannot be read%s; send %s"
                        .formatted(
                                files.stream()
                                        .map(file -> file.name() + " (" + file.kind().words() + ")")
                                        .collect(Collectors.joining(", ")),
                                files.size() > 1 ? " together" : "",
                                readers.stream()
                                        .map(DatasetReader::wants)
                                        .collect(Collectors.joining(", or "))));
    }
}
