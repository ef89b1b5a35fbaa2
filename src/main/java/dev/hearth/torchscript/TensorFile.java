package dev.hearth.torchscript;

import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import dev.hearth.spec.ModelPlan;
import dev.hearth.tensorfile.BadFile;
import dev.hearth.tensorfile.MappedBytes;
import dev.hearth.tensorfile.SafetensorsReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;

/**
 * A file of tensors that somebody sent, read by Hearth's own strict readers and never by
 * libtorch's: nothing in it is executed. Its bytes are mapped, so what {@link #weights} answers
 * ends with this object. Belongs to the thread that opened it.
 */
public final class TensorFile implements AutoCloseable {

    /** The formats, with the names that users know them by. */
    public enum Format {
        /** What {@code torch.save(model.state_dict(), …)} writes. */
        STATE_DICT("state_dict.pt"),
        SAFETENSORS("safetensors");

        private final String text;

        Format(String text) {
            this.text = text;
        }

        public String text() {
            return text;
        }
    }

    /**
     * Weights that fit a model.
     *
     * @param notes what was done to the file's tensors, to be told to whoever sent them
     */
    public record Weights(StateDict state, List<String> notes) {
        public Weights {
            notes = List.copyOf(notes);
        }
    }

    /** What a reader found: nothing of it is copied yet. */
    record Contents(
            SequencedMap<String, StoredTensor> tensors,
            List<String> notes,
            Map<String, String> metadata) {
        Contents {
            tensors = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(tensors));
            notes = List.copyOf(notes);
            metadata = Map.copyOf(metadata);
        }

        static Contents of(SafetensorsReader.Contents read, MappedBytes file) {
            var tensors = new LinkedHashMap<String, StoredTensor>();
            read.tensors()
                    .forEach((name, entry) ->
                            tensors.put(
                                    name,
                                    StoredTensor.rowMajor(
                                            entry.type(), entry.shape(), file, entry.position())));
            return new Contents(tensors, List.of(), read.metadata());
        }

        StoredTensor tensor(String name) {
            return Objects.requireNonNull(tensors.get(name), name);
        }
    }

    private static final byte[] ZIP = {'P', 'K'};
    private static final byte[] PICKLE = {(byte) 0x80};

    /** What other files begin with, in ISO 8859-1. */
    private static final Map<String, String> OTHER_KINDS =
            Map.of(
                    "\u001f\u008b", "compressed by gzip",
                    "\u0089HDF", "an HDF5 file, such as Keras writes",
                    "\u0089PNG", "a PNG image",
                    "\u00ff\u00d8\u00ff", "a JPEG image",
                    "%PDF", "a PDF document",
                    "GGUF", "a GGUF file",
                    "\u0093NUMPY", "a NumPy array",
                    "<", "HTML or XML",
                    "{", "JSON");

    private final MappedBytes file;
    private final Format format;
    private final Contents contents;

    private TensorFile(MappedBytes file, Format format, Contents contents) {
        this.file = file;
        this.format = format;
        this.contents = contents;
    }

    /**
     * Reads names, types and shapes, and checks that all tensors are inside the file.
     *
     * @throws ProblemException INVALID_MODEL_FILE, or UNSUPPORTED_MEDIA_TYPE for what is no file of
     *     tensors at all
     */
    public static TensorFile open(Path file) throws IOException {
        return of(MappedBytes.map(file));
    }

    /** Takes the bytes over: they are closed with the file, or here if they cannot be read. */
    static TensorFile of(MappedBytes bytes) {
        try {
            Format format = format(bytes);
            Contents contents =
                    switch (format) {
                        case STATE_DICT -> PtReader.read(bytes);
                        case SAFETENSORS -> Contents.of(SafetensorsReader.read(bytes), bytes);
                    };
            return new TensorFile(bytes, format, contents);
        } catch (RuntimeException e) {
            bytes.close();
            throw e;
        }
    }

    /** By the bytes alone: what a file is called says nothing. */
    private static Format format(MappedBytes bytes) {
        if (bytes.size() == 0) {
            throw BadFile.whole("the file is empty");
        }
        if (bytes.startsWith(0, ZIP)) {
            return Format.STATE_DICT;
        }
        boolean hasHeader = bytes.startsWith(8, (byte) '{');
        if (!hasHeader && bytes.startsWith(0, PICKLE) && bytes.size() > 1 && bytes.byteAt(1) <= 5) {
            throw BadFile.whole(
                    "the file is a bare pickle: torch.save's format before PyTorch 1.6, or another"
                            + " program's; load it in Python and save it anew:"
                            + " torch.save(torch.load(\"old.pt\", weights_only=True), \"weights.pt\")");
        }
        if (!hasHeader) {
            OTHER_KINDS.forEach((start, kind) -> {
                if (bytes.startsWith(0, start.getBytes(StandardCharsets.ISO_8859_1))) {
                    throw new ProblemException(
                            ProblemCode.UNSUPPORTED_MEDIA_TYPE,
                            "the file is %s; send a state_dict (torch.save(model.state_dict(),"
                                            .formatted(kind)
                                    + " \"weights.pt\")) or safetensors");
                }
            });
        }
        return Format.SAFETENSORS;
    }

    public Format format() {
        return format;
    }

    Contents contents() {
        return contents;
    }

    /** Texts that the file tells beside its tensors; only safetensors has such. */
    public Map<String, String> metadata() {
        return contents.metadata();
    }

    /**
     * All tensors under their own names, in a copy that outlasts the file.
     *
     * @throws ProblemException INVALID_MODEL_FILE for a type that Hearth does not write
     */
    public StateDict tensors() {
        var copies = new LinkedHashMap<String, TensorData>();
        contents.tensors().forEach((name, tensor) -> copies.put(name, copy(name, tensor)));
        return new StateDict(copies);
    }

    private static TensorData copy(String name, StoredTensor tensor) {
        TensorData.Type type =
                switch (tensor.type()) {
                    case FLOAT32 -> TensorData.Type.FLOAT32;
                    case FLOAT64 -> TensorData.Type.FLOAT64;
                    case INT64 -> TensorData.Type.INT64;
                    case FLOAT16, BFLOAT16, INT32, INT16, INT8, UINT8, BOOL ->
                            throw BadFile.at(
                                    BadFile.tensor(name),
                                    "expected a type that Hearth writes, got "
                                            + tensor.type().dtype);
                };
        TensorData read = tensor.read(type);
        var bytes = ByteBuffer.allocate(read.bytes().remaining()).put(read.bytes().duplicate());
        return new TensorData(type, read.shape(), bytes.flip());
    }

    /**
     * The model's parameters and buffers, in the model's order and types.
     *
     * @param prefix that every name in the file has, and the model's names have not; mostly empty
     * @throws ProblemException INVALID_MODEL_FILE with every tensor that is missing, is not the
     *     model's, or is of another shape or type
     */
    public Weights weights(ModelPlan plan, String prefix) {
        var notes = new ArrayList<>(contents.notes());
        StateDict state = new WeightsFit(plan, prefix).fit(contents.tensors(), notes);
        return new Weights(state, notes);
    }

    @Override
    public void close() {
        file.close();
    }
}
