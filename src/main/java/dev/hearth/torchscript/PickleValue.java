package dev.hearth.torchscript;

import dev.hearth.tensorfile.BadFile;
import dev.hearth.tensorfile.ElementType;
import dev.hearth.tensorfile.MappedBytes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/** What a pickle can make here: data, tensors, and the few callables that make tensors. */
sealed interface PickleValue {

    /** As an error calls it, in the words of Python. */
    String kind();

    /** What can be the key of a dictionary. */
    sealed interface Key extends PickleValue {}

    record Text(String text) implements Key {
        @Override
        public String kind() {
            return "the text " + BadFile.quoted(text);
        }
    }

    record Whole(long value) implements Key {
        @Override
        public String kind() {
            return "the number " + value;
        }
    }

    record Real(double value) implements PickleValue {
        @Override
        public String kind() {
            return "the number " + value;
        }
    }

    record Truth(boolean value) implements PickleValue {
        @Override
        public String kind() {
            return value ? "True" : "False";
        }
    }

    /** Python's {@code None}. */
    record Nothing() implements PickleValue {
        @Override
        public String kind() {
            return "None";
        }
    }

    record Tuple(List<PickleValue> items) implements PickleValue {
        public Tuple {
            items = List.copyOf(items);
        }

        @Override
        public String kind() {
            return "a tuple of " + items.size();
        }
    }

    /** A list, compared by identity: it can hold itself. */
    final class Items implements PickleValue {
        private final ArrayList<PickleValue> items = new ArrayList<>(0);

        void addAll(List<PickleValue> more) {
            items.addAll(more);
        }

        @Override
        public String kind() {
            return "a list of " + items.size();
        }
    }

    /** A dictionary or an {@code OrderedDict}, compared by identity: it can hold itself. */
    final class Dict implements PickleValue {
        private final boolean ordered;

        // Most dictionaries of a hostile file are empty, and a map is large.
        private @Nullable LinkedHashMap<Key, PickleValue> items;

        Dict(boolean ordered) {
            this.ordered = ordered;
        }

        boolean ordered() {
            return ordered;
        }

        /** Whether the key is new. */
        boolean put(Key key, PickleValue value) {
            if (items == null) {
                items = new LinkedHashMap<>(4);
            }
            return items.put(key, value) == null;
        }

        SequencedMap<Key, PickleValue> items() {
            return items == null ? new LinkedHashMap<>(0) : items;
        }

        @Override
        public String kind() {
            return "a dictionary of " + items().size();
        }
    }

    /** The functions that a pickle may call. */
    enum Callable implements PickleValue {
        ORDERED_DICT("collections", "OrderedDict"),
        REBUILD_TENSOR("torch._utils", "_rebuild_tensor_v2"),
        REBUILD_PARAMETER("torch._utils", "_rebuild_parameter");

        final String module;
        final String function;

        Callable(String module, String function) {
            this.module = module;
            this.function = function;
        }

        @Override
        public String kind() {
            return "the function " + module + "." + function;
        }
    }

    /** A class such as {@code torch.FloatStorage}. */
    record StorageClass(ElementType type) implements PickleValue {
        @Override
        public String kind() {
            return "a storage class of " + type.dtype;
        }
    }

    /**
     * A run of elements that tensors are views of.
     *
     * @param position of its first byte
     * @param elements how many there are
     */
    record Storage(ElementType type, MappedBytes file, long position, long elements)
            implements PickleValue {
        @Override
        public String kind() {
            return "a storage of " + type.dtype;
        }
    }

    record Tensor(StoredTensor stored) implements PickleValue {
        @Override
        public String kind() {
            return "a tensor of " + stored.shape();
        }
    }
}
