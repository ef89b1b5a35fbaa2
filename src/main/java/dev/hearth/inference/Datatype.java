package dev.hearth.inference;

import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The element types of the protocol's tensors. */
enum Datatype {
    /** A byte, 0 or 1. */
    BOOL(1),
    UINT8(1),
    UINT16(2),
    UINT32(4),
    UINT64(8),
    INT8(1),
    INT16(2),
    INT32(4),
    INT64(8),
    FP16(2),
    FP32(4),
    FP64(8),
    /** Texts, or any bytes; of an element its length in four bytes, then the bytes. */
    BYTES(0);

    /** Of one element; 0 where elements differ. */
    final int sizeBytes;

    Datatype(int sizeBytes) {
        this.sizeBytes = sizeBytes;
    }

    /** Whether all elements take the same number of bytes. */
    boolean isFixed() {
        return this != BYTES;
    }

    boolean isInteger() {
        return switch (this) {
            case UINT8, UINT16, UINT32, UINT64, INT8, INT16, INT32, INT64 -> true;
            case BOOL, FP16, FP32, FP64, BYTES -> false;
        };
    }

    boolean isNumber() {
        return switch (this) {
            case UINT8, UINT16, UINT32, UINT64, INT8, INT16, INT32, INT64, FP16, FP32, FP64 -> true;
            case BOOL, BYTES -> false;
        };
    }

    /**
     * @param place what an error names
     */
    static Datatype parse(String text, String place) {
        return Stream.of(values())
                .filter(each -> each.name().equals(text))
                .findFirst()
                .orElseThrow(() ->
                        ProblemException.at(
                                ProblemCode.INVALID_INPUT,
                                place,
                                "unknown datatype '%s'; there are %s"
                                        .formatted(
                                                text.length() > 40 ? text.substring(0, 40) : text,
                                                Arrays.stream(values())
                                                        .map(Datatype::name)
                                                        .collect(Collectors.joining(", ")))));
    }
}
