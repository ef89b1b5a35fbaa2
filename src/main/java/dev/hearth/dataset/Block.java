package dev.hearth.dataset;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.hearth.tensorfile.ElementType;
import java.util.List;

/**
 * What the cells of a column of images or tensors are. Their values lie in a safetensors file of
 * their own, so that a program can map it into memory and gather mini-batches from it.
 *
 * <p>Where all cells have one shape, the file has a single tensor {@code values} {@code [rows,
 * shape…]}. Images of different sizes lie end to end in {@code values}, U8 {@code [bytes]}, each
 * {@code [channels, height, width]} row-major; {@code offsets}, I64 {@code [rows + 1]}, says where
 * each begins, and {@code sizes}, I64 {@code [rows, 2]}, its height and width. {@code offsets} and
 * {@code sizes} come first in the file, so every tensor is aligned to its elements.
 *
 * @param dtype of the values; in JSON as safetensors names it: {@code U8}, {@code F32} and so on
 * @param shape of one cell; {@code [channels, height, width]} of an image, with −1 for a height and
 *     a width that differ from row to row
 */
public record Block(ElementType dtype, List<Long> shape) {

    /** An extent that differs from row to row. */
    public static final long VARIES = -1;

    public Block {
        shape = List.copyOf(shape);
        if (shape.stream().anyMatch(extent -> extent < 1 && extent != VARIES)) {
            throw new IllegalArgumentException("a cell of shape " + shape);
        }
    }

    /** Whether all cells have one shape. */
    @JsonIgnore
    public boolean isUniform() {
        return shape.stream().allMatch(extent -> extent != VARIES);
    }
}
