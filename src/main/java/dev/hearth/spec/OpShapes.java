package dev.hearth.spec;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What shape an operation makes of its inputs' shapes, with PyTorch's rules. The batch dimension
 * stands before each sample's own and goes with no other, since samples must not mix.
 *
 * @param inputs all of known shape
 * @param pointer to the node
 */
record OpShapes(OpSpec op, List<Flow> inputs, SpecErrors errors, String pointer) {

    /** Not all of libtorch's kernels go further. */
    static final int MAX_RANK = 16;

    /**
     * What an operation comes to.
     *
     * @param op with every inferred extent filled in
     */
    record Result(OpSpec op, Shape shape) {}

    /** Empty, and an error, if the inputs do not fit. */
    Optional<Result> result() {
        return switch (op) {
            case OpSpec.Arithmetic arithmetic ->
                    arithmetic.value().isPresent() ? same() : broadcast().flatMap(this::made);
            case OpSpec.MatMul _ -> matmul();
            case OpSpec.Cat(int dim) -> cat(dim);
            case OpSpec.Stack(int dim) -> stack(dim);
            case OpSpec.Reduce reduce -> reduce(reduce);
            case OpSpec.Flatten flatten -> flatten(flatten);
            case OpSpec.Reshape reshape -> reshape(reshape);
            case OpSpec.Transpose transpose -> transpose(transpose);
            case OpSpec.Permute(List<Integer> dims) -> permute(dims);
            case OpSpec.Squeeze(int dim) -> squeeze(dim);
            case OpSpec.Unsqueeze(int dim) -> unsqueeze(dim);
            case OpSpec.Select select -> select(select);
            case OpSpec.Narrow narrow -> narrow(narrow);
            case OpSpec.Slice slice -> slice(slice);
            case OpSpec.Chunk chunk -> chunk(chunk);
            case OpSpec.Softmax(int dim) -> dim(dim, "dim").isPresent() ? same() : nothing();
            case OpSpec.LogSoftmax(int dim) -> dim(dim, "dim").isPresent() ? same() : nothing();
            case OpSpec.Pointwise _,
                    OpSpec.Pow _,
                    OpSpec.Clamp _,
                    OpSpec.Gelu _,
                    OpSpec.LeakyRelu _,
                    OpSpec.Elu _,
                    OpSpec.Softplus _ ->
                    same();
            case OpSpec.ScaledDotProductAttention attention -> attention(attention);
        };
    }

    private Shape first() {
        return shape(0);
    }

    private Shape shape(int input) {
        return inputs.get(input).shape().orElseThrow();
    }

    private List<Long> dims() {
        return new ArrayList<>(first().dims());
    }

    private Optional<Result> same() {
        return made(first());
    }

    private Optional<Result> made(Shape shape) {
        return Optional.of(new Result(op, shape));
    }

    private Optional<Result> made(List<Long> dims) {
        return dims.size() <= MAX_RANK
                ? made(new Shape(dims))
                : misfit("expected at most %d dimensions, got %d".formatted(MAX_RANK, dims.size()));
    }

    private static Optional<Result> nothing() {
        return Optional.empty();
    }

    private <T> Optional<T> misfit(String message) {
        return misfit("", message);
    }

    /** An error that names each input's shape. */
    private <T> Optional<T> misfit(String field, String message) {
        errors.add(
                field.isEmpty() ? pointer : pointer + "/" + field,
                "%s: %s; %s"
                        .formatted(
                                op.op(),
                                message,
                                inputs.stream()
                                        .map(Flow::toString)
                                        .distinct()
                                        .collect(Collectors.joining(", "))));
        return Optional.empty();
    }

    private Optional<Shape> broadcast() {
        return sameRank().flatMap(_ -> broadcast(first().dims(), shape(1).dims()));
    }

    private Optional<Shape> broadcast(List<Long> left, List<Long> right) {
        var dims = new ArrayList<Long>();
        for (int i = 0; i < left.size(); i++) {
            long a = left.get(i);
            long b = right.get(i);
            if (a != b && a != 1 && b != 1) {
                return misfit("%s and %s do not broadcast".formatted(first(), shape(1)));
            }
            dims.add(Math.max(a, b));
        }
        return Optional.of(new Shape(dims));
    }

    /** Present if all inputs have as many dimensions; then, how many of a sample's. */
    private Optional<Integer> sameRank() {
        for (int i = 1; i < inputs.size(); i++) {
            if (shape(i).rank() != first().rank()) {
                return misfit(
                        ("%s and %s have different numbers of dimensions, so that the batch of one"
                                        + " would meet another dimension of the other; unsqueeze the"
                                        + " smaller")
                                .formatted(first(), shape(i)));
            }
        }
        return Optional.of(first().rank());
    }

    private Optional<Result> matmul() {
        Optional<Integer> rank = sameRank();
        if (rank.isEmpty()) {
            return nothing();
        }
        int last = rank.get() - 1;
        if (last < 1) {
            return misfit("expected matrices [a, b] and [b, c] for each sample");
        }
        List<Long> left = first().dims();
        List<Long> right = shape(1).dims();
        if (!left.get(last).equals(right.get(last - 1))) {
            return misfit(
                    "expected [a, b] and [b, c], got %s and %s, whose %d and %d differ"
                            .formatted(first(), shape(1), left.get(last), right.get(last - 1)));
        }
        return broadcast(left.subList(0, last - 1), right.subList(0, last - 1))
                .flatMap(batch -> {
                    var dims = new ArrayList<>(batch.dims());
                    dims.add(left.get(last - 1));
                    dims.add(right.get(last));
                    return made(dims);
                });
    }

    private Optional<Result> attention(OpSpec.ScaledDotProductAttention attention) {
        Optional<Integer> rank = sameRank();
        if (rank.isEmpty()) {
            return nothing();
        }
        int last = rank.get() - 1;
        List<Long> query = first().dims();
        List<Long> key = shape(1).dims();
        List<Long> value = shape(2).dims();
        if (last < 1
                || !query.get(last).equals(key.get(last))
                || !key.get(last - 1).equals(value.get(last - 1))
                || !query.subList(0, last - 1).equals(key.subList(0, last - 1))
                || !key.subList(0, last - 1).equals(value.subList(0, last - 1))) {
            return misfit("expected a query [*, L, E], a key [*, S, E] and a value [*, S, V]");
        }
        var dims = new ArrayList<>(query);
        dims.set(last, value.get(last));
        return Optional.of(new Result(attention, new Shape(dims)));
    }

    private Optional<Result> cat(int dim) {
        OptionalInt at = dim(dim, "dim");
        if (at.isEmpty() || sameRank().isEmpty()) {
            return nothing();
        }
        List<Long> dims = dims();
        for (int i = 1; i < inputs.size(); i++) {
            List<Long> next = new ArrayList<>(shape(i).dims());
            long extent = next.set(at.getAsInt(), dims.get(at.getAsInt()));
            if (!next.equals(dims)) {
                return misfit(
                        "%s and %s differ in another dimension than %d"
                                .formatted(first(), shape(i), dim));
            }
            dims.set(at.getAsInt(), Math.addExact(dims.get(at.getAsInt()), extent));
        }
        return made(dims);
    }

    private Optional<Result> stack(int dim) {
        OptionalInt at = newDim(dim);
        for (int i = 1; i < inputs.size(); i++) {
            if (!shape(i).equals(first())) {
                return misfit(
                        "expected values of one shape, got %s and %s".formatted(first(), shape(i)));
            }
        }
        if (at.isEmpty()) {
            return nothing();
        }
        List<Long> dims = dims();
        dims.add(at.getAsInt(), (long) inputs.size());
        return made(dims);
    }

    private Optional<Result> reduce(OpSpec.Reduce reduce) {
        var gone = new HashSet<Integer>();
        boolean array = reduce.dims().size() > 1;
        for (int i = 0; i < reduce.dims().size(); i++) {
            OptionalInt at = dim(reduce.dims().get(i), array ? "dim/" + i : "dim");
            if (at.isEmpty()) {
                return nothing();
            }
            if (!gone.add(at.getAsInt())) {
                return misfit("dim/" + i, "dimension " + reduce.dims().get(i) + " is named twice");
            }
        }
        var dims = new ArrayList<Long>();
        for (int i = 0; i < first().rank(); i++) {
            if (!gone.contains(i)) {
                dims.add(first().dims().get(i));
            } else if (reduce.keepdim()) {
                dims.add(1L);
            }
        }
        return made(dims);
    }

    private Optional<Result> flatten(OpSpec.Flatten flatten) {
        OptionalInt start = dim(flatten.startDim(), "start_dim");
        OptionalInt end = dim(flatten.endDim(), "end_dim");
        if (start.isEmpty() || end.isEmpty()) {
            return nothing();
        }
        if (start.getAsInt() > end.getAsInt()) {
            return misfit(
                    "start_dim",
                    "expected at most end_dim, got %d with end_dim %d"
                            .formatted(flatten.startDim(), flatten.endDim()));
        }
        List<Long> dims = first().dims();
        var merged = new Shape(dims.subList(start.getAsInt(), end.getAsInt() + 1));
        var made = new ArrayList<>(dims.subList(0, start.getAsInt()));
        made.add(merged.elements());
        made.addAll(dims.subList(end.getAsInt() + 1, dims.size()));
        return made(made);
    }

    private Optional<Result> reshape(OpSpec.Reshape reshape) {
        var elements = BigInteger.valueOf(first().elements());
        BigInteger known =
                reshape.shape().stream()
                        .filter(extent -> extent > 0)
                        .map(BigInteger::valueOf)
                        .reduce(BigInteger.ONE, BigInteger::multiply);
        boolean open = reshape.shape().contains(-1L);
        boolean fits = open ? elements.mod(known).signum() == 0 : elements.equals(known);
        if (!fits) {
            return misfit(
                    "shape",
                    "%s has %s values, but %s has %s"
                            .formatted(
                                    first(),
                                    Wording.number(elements),
                                    reshape.shape(),
                                    open
                                            ? "a multiple of " + Wording.number(known)
                                            : Wording.number(known)));
        }
        long left = elements.divide(known).longValueExact();
        List<Long> dims =
                reshape.shape().stream()
                        .map(extent -> extent == -1 ? Long.valueOf(left) : extent)
                        .toList();
        return made(dims)
                .map(made -> new Result(new OpSpec.Reshape(reshape.op(), dims), made.shape()));
    }

    private Optional<Result> transpose(OpSpec.Transpose transpose) {
        OptionalInt one = dim(transpose.dim0(), "dim0");
        OptionalInt other = dim(transpose.dim1(), "dim1");
        if (one.isEmpty() || other.isEmpty()) {
            return nothing();
        }
        List<Long> dims = dims();
        Collections.swap(dims, one.getAsInt(), other.getAsInt());
        return made(dims);
    }

    private Optional<Result> permute(List<Integer> order) {
        int rank = first().rank() + 1;
        List<Integer> counted = order.stream().map(dim -> dim < 0 ? dim + rank : dim).toList();
        boolean complete =
                counted.size() == rank
                        && new HashSet<>(counted)
                                .equals(
                                        IntStream.range(0, rank)
                                                .boxed()
                                                .collect(Collectors.toSet()));
        if (!complete || counted.getFirst() != 0) {
            return misfit(
                    "dims",
                    "expected 0, the batch, and then 1 to %d in their new order, got %s"
                            .formatted(rank - 1, order));
        }
        return made(counted.stream().skip(1).map(dim -> first().dims().get(dim - 1)).toList());
    }

    private Optional<Result> squeeze(int dim) {
        OptionalInt at = dim(dim, "dim");
        if (at.isEmpty()) {
            return nothing();
        }
        List<Long> dims = dims();
        long extent = dims.remove(at.getAsInt());
        return extent == 1
                ? made(dims)
                : misfit("dim", "expected a dimension of extent 1, got one of " + extent);
    }

    private Optional<Result> unsqueeze(int dim) {
        OptionalInt at = newDim(dim);
        if (at.isEmpty()) {
            return nothing();
        }
        List<Long> dims = dims();
        dims.add(at.getAsInt(), 1L);
        return made(dims);
    }

    private Optional<Result> select(OpSpec.Select select) {
        OptionalInt at = dim(select.dim(), "dim");
        if (at.isEmpty()) {
            return nothing();
        }
        List<Long> dims = dims();
        long extent = dims.remove(at.getAsInt());
        return select.index() >= -extent && select.index() < extent
                ? made(dims)
                : misfit("index", outside(select.index(), extent));
    }

    private Optional<Result> narrow(OpSpec.Narrow narrow) {
        OptionalInt at = dim(narrow.dim(), "dim");
        if (at.isEmpty()) {
            return nothing();
        }
        List<Long> dims = dims();
        long extent = dims.set(at.getAsInt(), narrow.length());
        if (narrow.start() < -extent || narrow.start() >= extent) {
            return misfit("start", outside(narrow.start(), extent));
        }
        long start = narrow.start() < 0 ? narrow.start() + extent : narrow.start();
        return narrow.length() <= extent - start
                ? made(dims)
                : misfit(
                        "length",
                        "expected at most the %d from %d on, got %d"
                                .formatted(extent - start, narrow.start(), narrow.length()));
    }

    private Optional<Result> slice(OpSpec.Slice slice) {
        OptionalInt at = dim(slice.dim(), "dim");
        if (at.isEmpty()) {
            return nothing();
        }
        List<Long> dims = dims();
        long extent = dims.get(at.getAsInt());
        long start = clamped(slice.start(), extent);
        long end = clamped(slice.end().orElse(extent), extent);
        if (start >= end) {
            return misfit(
                    "start",
                    "nothing is left from %d to %d of %d"
                            .formatted(slice.start(), slice.end().orElse(extent), extent));
        }
        dims.set(at.getAsInt(), Math.ceilDiv(end - start, slice.step()));
        return made(dims);
    }

    private static long clamped(long index, long extent) {
        return Math.clamp(index < 0 ? index + extent : index, 0, extent);
    }

    private Optional<Result> chunk(OpSpec.Chunk chunk) {
        OptionalInt at = dim(chunk.dim(), "dim");
        if (at.isEmpty()) {
            return nothing();
        }
        List<Long> dims = dims();
        long extent = dims.get(at.getAsInt());
        long size = Math.ceilDiv(extent, chunk.chunks());
        long count = Math.ceilDiv(extent, size);
        if (chunk.index() < -count || chunk.index() >= count) {
            return misfit("index", outside(chunk.index(), count));
        }
        long index = chunk.index() < 0 ? chunk.index() + count : chunk.index();
        dims.set(at.getAsInt(), Math.min(size, extent - index * size));
        return made(dims);
    }

    private static String outside(long index, long extent) {
        return "expected 0 to %d, or -%d to -1, got %d".formatted(extent - 1, extent, index);
    }

    /** A dimension of the first input's sample, from 0. */
    private OptionalInt dim(int dim, String field) {
        return within(dim, field, first().rank() + 1);
    }

    /** Where a new dimension of a sample goes, from 0. */
    private OptionalInt newDim(int dim) {
        return within(dim, "dim", first().rank() + 2);
    }

    /**
     * @param rank of a batch
     */
    private OptionalInt within(int dim, String field, int rank) {
        if (dim == 0 || dim == -rank) {
            misfit(
                    field,
                    "dimension %d is the batch, whose samples must not mix; write 1 for the first"
                                    .formatted(dim)
                            + " dimension of a sample or -1 for the last");
            return OptionalInt.empty();
        }
        if (dim < -rank || dim >= rank) {
            misfit(
                    field,
                    rank == 1
                            ? "a sample has no dimension, got " + dim
                            : "expected 1 to %d, or -%d to -1, got %d"
                                    .formatted(rank - 1, rank - 1, dim));
            return OptionalInt.empty();
        }
        return OptionalInt.of((dim < 0 ? dim + rank : dim) - 1);
    }
}
