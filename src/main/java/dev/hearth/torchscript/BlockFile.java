package dev.hearth.torchscript;

import dev.hearth.spec.BlockInput;
import dev.hearth.tensorfile.MappedBytes;
import dev.hearth.tensorfile.SafetensorsReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Where the tensors of a column of images or tensors lie in its safetensors file.
 *
 * @param places of each tensor that {@link BlockCode} wants: how many of its elements the file
 *     would hold, and where among them it begins and ends
 */
record BlockFile(Path path, List<Long> places) {

    /**
     * @throws IllegalStateException where the file is not as the data set says
     */
    static BlockFile of(Path path, BlockInput input) {
        try (var bytes = MappedBytes.map(path)) {
            var tensors = SafetensorsReader.read(bytes).tensors();
            var places = new ArrayList<Long>();
            var names = input.varies() ? List.of("values", "offsets", "sizes") : List.of("values");
            for (String name : names) {
                SafetensorsReader.Entry tensor = tensors.get(name);
                if (tensor == null) {
                    throw new IllegalStateException(path + " has no tensor " + name);
                }
                long elements = SafetensorsReader.elements(tensor.shape()).orElseThrow();
                int size = tensor.type().size;
                if (tensor.position() % size != 0) {
                    throw new IllegalStateException(
                            "%s: %s is not aligned to its elements".formatted(path, name));
                }
                long first = tensor.position() / size;
                places.addAll(List.of(bytes.size() / size, first, first + elements));
            }
            return new BlockFile(path, List.copyOf(places));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** How many values there are, of all rows. */
    long values() {
        return places.get(2) - places.get(1);
    }

    /**
     * Whether to map it so that its pages are the page cache's own. A private mapping counts as
     * memory that may be written, of which the system grants no more than the machine has; but a
     * shared one is opened for writing, though nobody writes.
     */
    boolean isShared() {
        return Files.isWritable(path);
    }
}
