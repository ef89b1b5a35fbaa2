package dev.hearth.inference;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** A body that is one tensor's bytes, without any JSON. */
final class RawBody {

    private RawBody() {}

    /**
     * The tensor of a batch of one that the bytes are; one extent besides may be free, and is what
     * is left.
     */
    static Tensor tensor(TensorMetadata metadata, byte[] body) {
        Datatype datatype = Datatype.valueOf(metadata.datatype());
        var shape = new ArrayList<>(metadata.shape());
        shape.set(0, 1L);
        long free = shape.stream().filter(extent -> extent == TensorMetadata.FREE).count();
        if (free > 1) {
            throw Tensor.refused(
                    metadata.name(),
                    "the shape %s cannot be told from %d bytes; send JSON that says it"
                            .formatted(metadata.shape(), body.length));
        }
        if (datatype == Datatype.BYTES) {
            return new Tensor(metadata.name(), datatype, shape, text(body));
        }
        if (free == 1) {
            shape.set(shape.indexOf(TensorMetadata.FREE), left(datatype, shape, body.length));
        }
        return new Tensor(metadata.name(), datatype, shape, ByteBuffer.wrap(body));
    }

    /** One element, which comes without its length. */
    private static ByteBuffer text(byte[] body) {
        return ByteBuffer.allocate(Integer.BYTES + body.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(body.length)
                .put(body)
                .flip();
    }

    /** What the free extent is; if it is no whole number, the tensor itself will tell. */
    private static long left(Datatype datatype, List<Long> shape, int bytes) {
        long known =
                shape.stream()
                        .filter(extent -> extent != TensorMetadata.FREE)
                        .reduce((long) datatype.sizeBytes, Math::multiplyExact);
        return bytes / known;
    }
}
