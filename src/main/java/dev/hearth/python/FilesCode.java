package dev.hearth.python;

import dev.hearth.dataset.FileForm;
import dev.hearth.python.Expression.Call;
import dev.hearth.python.PythonFile.Import;
import dev.hearth.spec.BlockInput;
import dev.hearth.spec.InputForm;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Writes how the files of a data set become {@code rows}, and {@code raw} where the model's input
 * is no column of the table: a tensor, or a list of pictures {@code [channels, height, width]}.
 */
final class FilesCode {

    private static final String PICTURE_NAMES =
            """
            def picture_names(paths):
                \"""The pictures in zip archives: archive and name of each.\"""
                for path in paths:
                    archive = zipfile.ZipFile(path, metadata_encoding="utf-8")
                    for name in archive.namelist():
                        file = name.rpartition("/")[2]
                        hidden = name.startswith("__MACOSX/") or file.startswith(".")
                        if file.rpartition(".")[2].lower() in ENDINGS and not hidden:
                            yield archive, name
            """;

    private static final String ENDINGS =
            "{\"png\", \"jpg\", \"jpeg\", \"jpe\", \"jfif\", \"gif\", \"bmp\", \"dib\", \"webp\"}";

    private static final String CLASS_ORDER =
            """
            def class_order(found):
                \"""By class, which is the name of a picture's folder, then by folder and file.\"""
                folder, _, file = found[1].rpartition("/")
                return folder.rpartition("/")[2], folder, file
            """;

    private static final String BY_NAME =
            """
            def by_name(found):
                \"""The pictures by their names: whole, without folders, and without extension.\"""
                short, whole = {}, {}
                for archive, name in found:
                    file = name.rpartition("/")[2]
                    short[file.rpartition(".")[0]] = short[file] = whole[name] = archive, name
                return short | whole
            """;

    private static final String LOOK_UP =
            """
            def look_up(pictures, name):
                \"""The picture of a name, which may have folders of its own before it.\"""
                return pictures.get(name) or pictures.get(name.rpartition("/")[2])
            """;

    private static final String IDX =
            """
            def idx(path):
                \"""The values of an IDX file, which may be compressed by gzip.\"""
                with open(path, "rb") as file:
                    data = file.read()
                if data.startswith(b"\\x1f\\x8b"):
                    data = gzip.decompress(data)
                kinds = {8: "u1", 9: "i1", 11: ">i2", 12: ">i4", 13: ">f4", 14: ">f8"}
                values = numpy.frombuffer(data, kinds[data[2]], offset=4 + 4 * data[3])
                return values.reshape(struct.unpack_from(f">{data[3]}I", data, 4))
            """;

    private static final String TENSOR_ROWS =
            """
            def tensor_rows(tensors):
                \"""The tensors of one extent as rows, with cells as a CSV file has them.\"""
                columns = {name: values for name, values in tensors.items() if values.dim() == 1}
                cells = [[str(value).lower() for value in values.tolist()] for values in columns.values()]
                return [dict(zip(columns, row)) for row in zip(*cells)]
            """;

    private final DataSource source;
    private final Optional<BlockInput> block;
    private final PythonFile file;

    FilesCode(DataSource source, InputForm input, PythonFile file) {
        this.source = source;
        this.block = input instanceof BlockInput given ? Optional.of(given) : Optional.empty();
        this.file = file;
    }

    /** Statements from the script's arguments to {@code rows}, and {@code raw} if need be. */
    String statements() {
        return switch (source.form()) {
            case FileForm.Rows rows ->
                    source.isOne()
                            ? new RowsCode(file).one(rows)
                            : new RowsCode(file).several(rows);
            case FileForm.ImageFolders folders -> folders(folders);
            case FileForm.ImageList list -> list(list);
            case FileForm.Idx idx -> idx.isSeveral() ? severalIdx(idx) : idx(idx.isConverted());
            case FileForm.Safetensors _ -> {
                file.require(Import.SAFETENSORS);
                yield tensors("tensors = load_file(path)\n");
            }
            case FileForm.Arrays(List<String> names) -> tensors(arrays(names));
        };
    }

    private String folders(FileForm.ImageFolders folders) {
        definePictureNames();
        file.define("class_order", CLASS_ORDER);
        return "found = sorted(picture_names(%s), key=class_order)\n".formatted(all())
                + leaveOut(
                        folders.left(), "found = [each for each in found if each[1] not in %s]\n")
                + "rows = [{\"label\": class_order(each)[0], \"file\": each[1]} for each in"
                + " found]\n"
                + decoded();
    }

    private String list(FileForm.ImageList list) {
        definePictureNames();
        file.define("by_name", BY_NAME);
        file.define("look_up", LOOK_UP);
        String column = Literal.of(list.nameColumns().getFirst());
        var text = new StringBuilder();
        text.append("path = paths.pop(%d)\n".formatted(list.place()));
        text.append(new RowsCode(file).one(list.rows()));
        text.append("pictures = by_name(picture_names(paths))\n");
        if (list.nameColumns().size() > 1) {
            text.append(
                    Expression.strings(list.nameColumns())
                            .laidOut(
                                    "column = next(name for name in ",
                                    " if look_up(pictures, rows[0][name]))\n"));
            column = "column";
        }
        text.append("found = [look_up(pictures, row[%s]) for row in rows]\n".formatted(column));
        text.append(
                leaveOut(
                        list.left(),
                        "kept = [number for number, each in enumerate(found) if each[1] not in"
                                + " %s]\n"));
        if (!list.left().isEmpty()) {
            text.append("rows, found = [rows[i] for i in kept], [found[i] for i in kept]\n");
        }
        return text.append(decoded()).toString();
    }

    private void definePictureNames() {
        file.require(Import.ZIPFILE);
        file.constant("ENDINGS", Expression.of(ENDINGS));
        file.define("picture_names", PICTURE_NAMES);
    }

    private String all() {
        return source.isOne() ? "[path]" : "paths";
    }

    /** Pictures that could not be decoded when the data set was made. */
    private String leaveOut(List<String> left, String statement) {
        if (left.isEmpty()) {
            return "";
        }
        file.remark("What could not be decoded when the data set was made.");
        file.constant("LEFT_OUT", Expression.strings(left));
        return statement.formatted("LEFT_OUT");
    }

    private String decoded() {
        if (block.isEmpty()) {
            return "";
        }
        file.require(Import.IMAGE, Import.PIXELS);
        file.define(
                "decode",
                """
                def decode(archive, name):
                    \"""A picture as bytes [channels, height, width].\"""
                    with archive.open(name) as file:
                        return pil_to_tensor(Image.open(file).convert("%s"))
                """
                        .formatted(BlockCells.mode(block.get())));
        return "raw = [decode(archive, name) for archive, name in found]\n";
    }

    /** Whoever trains needs labels, so there are two files of pictures, or one of labels alone. */
    private String idx(boolean isConverted) {
        file.require(Import.GZIP, Import.STRUCT, Import.NUMPY);
        file.define("idx", IDX);
        String rows = "rows = [{\"label\": str(label)} for label in labels]\n";
        if (source.isOne()) {
            return "labels = idx(path)\n" + rows;
        }
        String labels = "labels, pictures = sorted(map(idx, paths), key=numpy.ndim)\n" + rows;
        if (block.isEmpty()) {
            return labels.replace("labels, pictures", "labels, _");
        }
        String tensor = "torch.tensor(pictures).reshape(len(pictures), -1, *pictures.shape[-2:])";
        if (!isConverted) {
            return labels + "raw = %s\n".formatted(tensor);
        }
        file.require(Import.PIXELS, Import.PICTURE);
        return labels
                + "pictures = %s\n".formatted(tensor)
                + "raw = [pil_to_tensor(to_pil_image(picture).convert(\"%s\")) for picture in pictures]\n"
                        .formatted(BlockCells.mode(block.get()));
    }

    /** Labels and pictures are told by their extents, and each follow each other. */
    private String severalIdx(FileForm.Idx idx) {
        file.require(Import.GZIP, Import.STRUCT, Import.NUMPY);
        file.define("idx", IDX);
        String labels =
                """
                parts = [idx(path) for path in paths]
                labels = numpy.concatenate([part for part in parts if part.ndim == 1])
                rows = [{"label": str(label)} for label in labels]
                """;
        if (block.isEmpty()) {
            return labels;
        }
        String pictures =
                """
                pictures = [
                    picture
                    for part in parts
                    if part.ndim > 1
                    for picture in torch.tensor(part).reshape(len(part), -1, *part.shape[-2:])
                ]
                """;
        if (!idx.isConverted()) {
            return labels + pictures + "raw = torch.stack(pictures)\n";
        }
        file.require(Import.PIXELS, Import.PICTURE);
        return labels
                + pictures
                + "raw = [pil_to_tensor(to_pil_image(picture).convert(\"%s\")) for picture in pictures]\n"
                        .formatted(BlockCells.mode(block.get()));
    }

    private String arrays(List<String> names) {
        file.require(Import.NUMPY);
        file.define(
                "array",
                """
                def array(path):
                    \"""A NumPy array as a tensor, in this processor's order of bytes.\"""
                    values = numpy.load(path)
                    return torch.from_numpy(values.astype(values.dtype.newbyteorder("="), order="C"))
                """);
        return source.isOne()
                ? "tensors = {%s: array(path)}\n".formatted(Literal.of(names.getFirst()))
                : Call.of("zip", Expression.strings(names), "paths")
                        .laidOut("tensors = {name: array(path) for name, path in ", "}\n");
    }

    private String tensors(String read) {
        file.define("tensor_rows", TENSOR_ROWS);
        return read + "rows = tensor_rows(tensors)\n" + block.map(FilesCode::raw).orElse("");
    }

    private static String raw(BlockInput block) {
        String tensor = "tensors[%s]".formatted(Literal.of(block.column()));
        return "raw = "
                + switch (block.kind()) {
                    case TENSOR -> tensor;
                    case IMAGE ->
                            tensor
                                    + block.shape().stream()
                                            .map(String::valueOf)
                                            .collect(
                                                    Collectors.joining(", ", ".reshape(-1, ", ")"));
                }
                + "\n";
    }
}
