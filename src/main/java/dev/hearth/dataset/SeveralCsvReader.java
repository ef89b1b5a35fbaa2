package dev.hearth.dataset;

import java.io.IOException;
import java.util.List;
import org.springframework.stereotype.Component;

/** Makes one table of several CSV files that have the same header, row after row. */
@Component
class SeveralCsvReader implements DatasetReader {

    private final CsvReader one;

    SeveralCsvReader(CsvReader one) {
        this.one = one;
    }

    @Override
    public String wants() {
        return "several CSV files with the same header";
    }

    @Override
    public boolean reads(List<SourceFile> files) {
        return files.size() > 1 && files.stream().allMatch(file -> file.kind() == FileKind.TEXT);
    }

    @Override
    public Prepared prepare(
            List<SourceFile> files, DatasetOptions options, PreparationProgress progress)
            throws IOException {
        var joined = JoinedCsv.of(files);
        return joined.naming(() -> one.prepare(List.of(joined.file()), options, progress));
    }
}
