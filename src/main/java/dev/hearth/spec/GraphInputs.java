package dev.hearth.spec;

import dev.hearth.spec.ModelPlan.Input;
import dev.hearth.spec.ModelPlan.Range;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Which of a model's input values are which of its named inputs. The data is one tensor whatever
 * the inputs are, so that files, batches and serving know nothing of them.
 *
 * @param whole the shape of one sample of that tensor, where it is known
 * @param columns what columns become in it; empty where there is no data set to look at
 */
record GraphInputs(Optional<Shape> whole, Optional<InputForm> columns) {

    /** Far past all limits, and yet no overflow. */
    private static final BigInteger MOST = BigInteger.TWO.pow(62);

    /** Empty where it is not known yet. */
    Optional<List<Input>> of(List<Graph.Input> inputs) {
        var found = new ArrayList<Input>();
        long next = 0;
        for (Graph.Input input : inputs) {
            switch (input.source()) {
                case Graph.Given _ ->
                        whole.ifPresent(
                                shape -> found.add(new Input(input.name(), shape, List.of())));
                case Graph.Columns(List<String> names) ->
                        columns.flatMap(form -> ofColumns(input.name(), names, form))
                                .ifPresent(found::add);
                case Graph.Extents(Shape shape) -> {
                    long end = Math.addExact(next, shape.elements());
                    found.add(new Input(input.name(), shape, List.of(new Range(next, end))));
                    next = end;
                }
            }
        }
        return found.size() == inputs.size() ? Optional.of(found) : Optional.empty();
    }

    /** The whole input that named shapes make together; empty if there are none. */
    static Optional<Shape> extents(List<Graph.Input> inputs) {
        if (inputs.isEmpty()) {
            return Optional.empty();
        }
        long sum = 0;
        for (Graph.Input input : inputs) {
            if (!(input.source() instanceof Graph.Extents(Shape shape))) {
                return Optional.empty();
            }
            var elements =
                    shape.dims().stream()
                            .map(BigInteger::valueOf)
                            .reduce(BigInteger.ONE, BigInteger::multiply);
            sum = BigInteger.valueOf(sum).add(elements).min(MOST).longValueExact();
        }
        return Optional.of(Shape.of(sum));
    }

    /** The columns that inputs name, each once, in the order of their first mention. */
    static List<String> columns(List<Graph.Input> inputs) {
        return inputs.stream()
                .flatMap(input ->
                        input.source() instanceof Graph.Columns(List<String> names)
                                ? names.stream()
                                : Stream.<String>empty())
                .distinct()
                .toList();
    }

    /** A column of images or tensors is the whole input. */
    private Optional<Input> ofColumns(String name, List<String> columnNames, InputForm form) {
        return switch (form) {
            case Encoding encoding -> Optional.of(vector(name, ranges(columnNames, encoding)));
            case BlockInput _ -> whole.map(shape -> new Input(name, shape, List.of()));
        };
    }

    private static Input vector(String name, List<Range> ranges) {
        long extent = ranges.stream().mapToLong(range -> range.end() - range.begin()).sum();
        return new Input(name, Shape.of(extent), ranges);
    }

    /** One range where columns follow each other. */
    private static List<Range> ranges(List<String> names, Encoding encoding) {
        var ranges = new ArrayList<Range>();
        for (String name : names) {
            Range next = range(name, encoding);
            if (!ranges.isEmpty() && ranges.getLast().end() == next.begin()) {
                ranges.add(new Range(ranges.removeLast().begin(), next.end()));
            } else {
                ranges.add(next);
            }
        }
        return ranges;
    }

    private static Range range(String name, Encoding encoding) {
        long begin = 0;
        for (Encoding.Feature feature : encoding.features()) {
            if (feature.column().equals(name)) {
                return new Range(begin, begin + feature.width());
            }
            begin += feature.width();
        }
        throw new IllegalArgumentException("no column " + name + " in " + encoding);
    }
}
