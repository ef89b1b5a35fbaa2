package dev.hearth.dataset;

import dev.hearth.tensorfile.SafetensorsHeader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.SequencedMap;

/** Writes safetensors files from their front to their end. */
final class BlockFile {

    private BlockFile() {}

    /** Writes the header; the tensors' bytes follow in this order, without holes. */
    static void writeHeader(
            FileChannel file, SequencedMap<String, SafetensorsHeader.Tensor> tensors)
            throws IOException {
        write(file, ByteBuffer.wrap(SafetensorsHeader.of(tensors).bytes()));
    }

    static void write(FileChannel file, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            file.write(bytes);
        }
    }
}
