package dev.hearth.serving;

import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import dev.hearth.spec.Encoding;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/** What is hidden of an input, one after the other: each some of its numbers, by their places. */
sealed interface Windows {

    int count();

    int[] places(int window);

    /**
     * All that a column is encoded as, column by column.
     *
     * @param bounds where each column begins in an encoded row, and where the last one ends
     */
    @SuppressWarnings("ArrayRecordComponent") // made once for a request, never compared
    record OfColumns(int[] bounds) implements Windows {

        static OfColumns of(Encoding encoding) {
            var bounds = new int[encoding.features().size() + 1];
            for (int i = 0; i < encoding.features().size(); i++) {
                bounds[i + 1] = bounds[i] + encoding.features().get(i).width();
            }
            return new OfColumns(bounds);
        }

        @Override
        public int count() {
            return bounds.length - 1;
        }

        @Override
        public int[] places(int window) {
            return IntStream.range(bounds[window], bounds[window + 1]).toArray();
        }
    }

    /**
     * A window that slides over the last two dimensions, or the only one, through all others: those
     * of Captum's {@code Occlusion}. What reaches over the end is cut off.
     *
     * @param shape of the input; {@code [channels, height, width]} of an image
     * @param window its side
     * @param stride from one place to the next
     */
    record Sliding(List<Long> shape, int window, int stride) implements Windows {

        public Sliding {
            shape = List.copyOf(shape);
        }

        /** With sides that make about two hundred windows where nothing else is said. */
        static Sliding of(List<Long> shape, OptionalInt window, OptionalInt stride) {
            long longest = Math.max(height(shape), width(shape));
            int side = window.orElse(Math.toIntExact(Math.ceilDiv(longest, 8L)));
            if (side > longest) {
                throw ProblemException.at(
                        ProblemCode.INVALID_PARAMETER,
                        "window",
                        "expected at most %d, the longer side of the model's input %s, got %d"
                                .formatted(longest, shape, side));
            }
            int step = stride.orElse(Math.max(1, side / 2));
            if (step > side) {
                throw ProblemException.at(
                        ProblemCode.INVALID_PARAMETER,
                        "stride",
                        "expected at most the window's side, %d, so that nothing is left out, got %d"
                                .formatted(side, step));
            }
            return new Sliding(shape, side, step);
        }

        private static long width(List<Long> shape) {
            return shape.isEmpty() ? 1 : shape.getLast();
        }

        private static long height(List<Long> shape) {
            return shape.size() < 2 ? 1 : shape.get(shape.size() - 2);
        }

        /** How many places there are along an extent. */
        private int steps(long extent) {
            long side = Math.min(window, extent);
            return Math.toIntExact(Math.ceilDiv(extent - side, (long) stride) + 1);
        }

        @Override
        public int count() {
            return Math.multiplyExact(steps(height(shape)), steps(width(shape)));
        }

        @Override
        public int[] places(int number) {
            int height = (int) height(shape);
            int width = (int) width(shape);
            int planes = (int) (shape.stream().reduce(1L, Math::multiplyExact) / height / width);
            int across = steps(width);
            int top = number / across * stride;
            int left = number % across * stride;
            int bottom = Math.min(height, top + window);
            int right = Math.min(width, left + window);
            var places = new int[planes * (bottom - top) * (right - left)];
            int end = 0;
            for (int plane = 0; plane < planes; plane++) {
                for (int y = top; y < bottom; y++) {
                    for (int x = left; x < right; x++) {
                        places[end++] = (plane * height + y) * width + x;
                    }
                }
            }
            return places;
        }
    }
}
