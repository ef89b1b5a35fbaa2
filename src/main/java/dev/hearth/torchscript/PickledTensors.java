package dev.hearth.torchscript;

import dev.hearth.tensorfile.BadFile;
import dev.hearth.tensorfile.ElementType;
import dev.hearth.tensorfile.MappedBytes;
import dev.hearth.tensorfile.SafetensorsReader;
import dev.hearth.torchscript.PickleMachine.BadTensor;
import dev.hearth.torchscript.PickleValue.Callable;
import dev.hearth.torchscript.PickleValue.Dict;
import dev.hearth.torchscript.PickleValue.Nothing;
import dev.hearth.torchscript.PickleValue.Storage;
import dev.hearth.torchscript.PickleValue.StorageClass;
import dev.hearth.torchscript.PickleValue.Tensor;
import dev.hearth.torchscript.PickleValue.Text;
import dev.hearth.torchscript.PickleValue.Truth;
import dev.hearth.torchscript.PickleValue.Tuple;
import dev.hearth.torchscript.PickleValue.Whole;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/**
 * Makes tensors of a {@code .pt} file's pickle, each a view of one of the file's records.
 *
 * <p>Source: {@code _rebuild_tensor_v2} and {@code _rebuild_parameter} of {@code torch/_utils.py};
 * {@code persistent_load} of {@code torch/serialization.py}.
 */
final class PickledTensors implements PickleMachine.Tensors {

    private static final Pattern KEY = Pattern.compile("[0-9]{1,9}");
    private static final int MOST_DIMENSIONS = 64;

    private final MappedBytes file;
    private final Map<String, TorchZipReader.Entry> records;
    private final Map<String, Storage> storages = new HashMap<>();

    /**
     * @param records by name, the storages being {@code data/0}, {@code data/1}, …
     */
    PickledTensors(MappedBytes file, Map<String, TorchZipReader.Entry> records) {
        this.file = file;
        this.records = records;
    }

    @Override
    public PickleValue storage(PickleValue id) {
        if (!(id instanceof Tuple(List<PickleValue> parts))
                || parts.size() != 5
                || !parts.get(0).equals(new Text("storage"))
                || !(parts.get(1) instanceof StorageClass(ElementType type))
                || !(parts.get(2) instanceof Text(String key))
                || !(parts.get(3) instanceof Text)
                || !(parts.get(4) instanceof Whole(long elements))) {
            throw new BadTensor(
                    "the persistent ID is %s, not ('storage', class, key, location, number of elements)"
                            .formatted(id.kind()));
        }
        if (!KEY.matcher(key).matches()) {
            throw new BadTensor(
                    "the storage key is %s; torch.save counts storages: '0', '1', …"
                            .formatted(BadFile.quoted(key)));
        }
        TorchZipReader.Entry record = records.get("data/" + key);
        if (record == null) {
            throw new BadTensor("the file has no record data/" + key);
        }
        if (elements < 0
                || elements != record.size() / type.size
                || record.size() % type.size != 0) {
            throw new BadTensor(
                    "storage %s is to have %d elements of %s, but its record data/%s has %d bytes"
                            .formatted(key, elements, type.dtype, key, record.size()));
        }
        var storage = new Storage(type, file, record.position(), elements);
        Storage known = storages.putIfAbsent(key, storage);
        if (known != null && known.type() != type) {
            throw new BadTensor(
                    "storage %s is used as %s and as %s"
                            .formatted(key, known.type().dtype, type.dtype));
        }
        return storage;
    }

    @Override
    public PickleValue call(Callable function, Tuple arguments) {
        List<PickleValue> given = arguments.items();
        return switch (function) {
            case ORDERED_DICT -> {
                require(given.isEmpty(), "OrderedDict", "()", arguments);
                yield new Dict(true);
            }
            case REBUILD_PARAMETER -> {
                require(
                        given.size() == 3
                                && given.get(0) instanceof Tensor
                                && given.get(1) instanceof Truth
                                && isWithoutHooks(given.get(2)),
                        "_rebuild_parameter",
                        "(tensor, requires_grad, OrderedDict())",
                        arguments);
                yield given.getFirst();
            }
            case REBUILD_TENSOR -> tensor(arguments);
        };
    }

    private static void require(boolean holds, String function, String expected, Tuple given) {
        if (!holds) {
            throw new BadTensor(
                    "%s takes %s, got %s of another form"
                            .formatted(function, expected, given.kind()));
        }
    }

    private static boolean isWithoutHooks(PickleValue hooks) {
        return hooks instanceof Dict dict && dict.items().isEmpty();
    }

    private static Tensor tensor(Tuple arguments) {
        List<PickleValue> given = arguments.items();
        boolean isForm =
                (given.size() == 6 || given.size() == 7)
                        && given.get(4) instanceof Truth
                        && isWithoutHooks(given.get(5));
        if (!isForm
                || !(given.get(0) instanceof Storage storage)
                || !(given.get(1) instanceof Whole(long offset))
                || !(given.get(2) instanceof Tuple size)
                || !(given.get(3) instanceof Tuple stride)) {
            throw new BadTensor(
                    "_rebuild_tensor_v2 takes (storage, offset, size, stride, requires_grad,"
                            + " OrderedDict()), got "
                            + arguments.kind()
                            + " of another form");
        }
        if (given.size() == 7
                && !(given.get(6) instanceof Nothing || isWithoutHooks(given.get(6)))) {
            throw new BadTensor(
                    "the tensor is a conjugated or negated view; save tensor.resolve_conj() or"
                            + " tensor.resolve_neg()");
        }
        List<Long> shape = wholeNumbers(size, "size");
        List<Long> strides = wholeNumbers(stride, "stride");
        if (shape.size() != strides.size()) {
            throw new BadTensor(
                    "the tensor has %d extents and %d strides"
                            .formatted(shape.size(), strides.size()));
        }
        requireInside(storage, offset, shape, strides);
        return new Tensor(
                new StoredTensor(
                        storage.type(),
                        shape,
                        storage.file(),
                        storage.position(),
                        offset,
                        strides));
    }

    private static List<Long> wholeNumbers(Tuple tuple, String what) {
        if (tuple.items().size() > MOST_DIMENSIONS) {
            throw new BadTensor(
                    "the tensor's %s has more than %d numbers".formatted(what, MOST_DIMENSIONS));
        }
        var numbers = new ArrayList<Long>();
        for (PickleValue item : tuple.items()) {
            if (!(item instanceof Whole(long number)) || number < 0) {
                throw new BadTensor(
                        "the tensor's %s has %s; expected whole numbers of at least 0"
                                .formatted(what, item.kind()));
            }
            numbers.add(number);
        }
        return numbers;
    }

    /** Whether the first and the last element are in the storage; then all are. */
    private static void requireInside(
            Storage storage, long offset, List<Long> shape, List<Long> strides) {
        OptionalLong elements = SafetensorsReader.elements(shape);
        boolean isInside = offset >= 0 && offset <= storage.elements() && elements.isPresent();
        if (isInside && elements.getAsLong() > 0) {
            long last = offset;
            for (int i = 0; isInside && i < shape.size(); i++) {
                long steps = shape.get(i) - 1;
                // A storage has less than 2⁶³ elements, so a product beyond it is outside.
                isInside =
                        Math.multiplyHigh(steps, strides.get(i)) == 0
                                && steps * strides.get(i) >= 0
                                && steps * strides.get(i) < storage.elements() - last;
                last += isInside ? steps * strides.get(i) : 0;
            }
            isInside = isInside && last < storage.elements();
        }
        if (!isInside) {
            throw new BadTensor(
                    "a tensor of size %s, stride %s and offset %d is not inside its storage of %d elements"
                            .formatted(shape, strides, offset, storage.elements()));
        }
    }
}
