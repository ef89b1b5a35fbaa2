package dev.hearth.dataset;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The labels of IDX files as rows, those of each file after those before. */
final class IdxLabels implements Rows {

    static final String NAME = ImageFolderReader.LABEL;

    private final List<IdxFile> files;
    private final CellRow row;
    private boolean named;
    private int file;
    private @Nullable InputStream in;
    private long next;

    /**
     * @param files of labels, at least one
     */
    IdxLabels(List<IdxFile> files, int maxCells) {
        this.files = List.copyOf(files);
        this.row = new CellRow(maxCells, "row");
    }

    @Override
    public @Nullable CellRow next() throws IOException {
        if (!named) {
            named = true;
            row.begin(0);
            row.add(NAME);
            return row;
        }
        while (file < files.size()) {
            IdxFile idx = files.get(file);
            InputStream opened = in == null ? begin(idx) : in;
            if (next < idx.rows()) {
                row.begin(++next);
                row.add(String.valueOf(idx.nextLabel(opened)));
                return row;
            }
            idx.requireEnd(opened);
            close();
            file++;
        }
        return null;
    }

    private InputStream begin(IdxFile idx) throws IOException {
        InputStream opened = idx.open();
        in = opened;
        next = 0;
        row.ofFile(idx.name());
        return opened;
    }

    @Override
    public void close() throws IOException {
        if (in != null) {
            in.close();
            in = null;
        }
    }
}
