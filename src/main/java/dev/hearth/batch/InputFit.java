package dev.hearth.batch;

import dev.hearth.dataset.Block;
import dev.hearth.dataset.Column;
import dev.hearth.dataset.ColumnType;
import dev.hearth.dataset.Dataset;
import dev.hearth.model.ModelVersion;
import dev.hearth.problem.Violation;
import dev.hearth.serving.TableRows;
import dev.hearth.spec.BlockInput;
import dev.hearth.spec.Encoding;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Whether the columns of a data set are what a model version takes: all that is wrong at once. */
final class InputFit {

    private static final String POINTER = "/dataset_id";
    private static final int NAMED = 50;

    private final Dataset dataset;
    private final List<Violation> violations = new ArrayList<>();

    private InputFit(Dataset dataset) {
        this.dataset = dataset;
    }

    static List<Violation> violations(ModelVersion version, Dataset dataset) {
        var fit = new InputFit(dataset);
        switch (version.input()) {
            case Encoding encoding -> fit.table(encoding);
            case BlockInput block -> fit.block(block);
        }
        return fit.violations;
    }

    private void table(Encoding encoding) {
        List<TableRows.Column> wanted = TableRows.columns(encoding);
        Optional<Column> block = ofBlocks().findFirst();
        if (block.isPresent()
                && wanted.stream().allMatch(each -> dataset.column(each.name()).isEmpty())) {
            refuse(
                    "the data set holds %ss (column '%s'), and the model takes the columns %s of a table"
                            .formatted(
                                    block.get().type().wireName(),
                                    block.get().name(),
                                    names(wanted.stream().map(TableRows.Column::name))));
            return;
        }
        for (TableRows.Column column : wanted) {
            dataset.column(column.name())
                    .ifPresentOrElse(
                            found -> cells(column, found),
                            () ->
                                    refuse(
                                            "the data set has no column '%s', which the model takes; it has %s"
                                                    .formatted(column.name(), columns())));
        }
    }

    private void cells(TableRows.Column wanted, Column found) {
        if (!fits(wanted.kind(), found)) {
            refuse(
                    "column '%s' is %s, and the model takes %s"
                            .formatted(
                                    found.name(),
                                    found.type().wireName(),
                                    switch (wanted.kind()) {
                                        case NUMBER -> "numbers";
                                        case FLAG -> "true or false";
                                        case CATEGORY -> "categories";
                                    }));
        }
    }

    /** Words of any kind may be categories; which ones a model does not know is told row by row. */
    private boolean fits(TableRows.Kind wanted, Column found) {
        if (found.block().isPresent()) {
            return false;
        }
        // Where no cell has a value, nobody knows of what type they would be.
        if (found.missing() == dataset.rows()) {
            return true;
        }
        return switch (wanted) {
            case NUMBER -> found.type().isNumber();
            case FLAG -> found.type() == ColumnType.BOOLEAN;
            case CATEGORY -> true;
        };
    }

    private void block(BlockInput wanted) {
        String words = words(wanted);
        Optional<Column> found = dataset.column(wanted.column());
        if (found.isEmpty()) {
            refuse(
                    "the data set has no column '%s', of which the model takes %s; it has %s"
                            .formatted(wanted.column(), words, columns()));
            return;
        }
        Column column = found.get();
        if (column.type() != ColumnType.valueOf(wanted.kind().name())) {
            refuse(
                    "column '%s' is %s, and the model takes %s"
                            .formatted(column.name(), column.type().wireName(), words));
            return;
        }
        Block block = column.block().orElseThrow();
        switch (wanted.kind()) {
            case TENSOR -> {
                if (!block.shape().equals(wanted.shape())) {
                    refuseShape(column, block, words);
                }
            }
            case IMAGE -> image(wanted, column, block);
        }
    }

    private void image(BlockInput wanted, Column column, Block block) {
        if (!block.shape().getFirst().equals(wanted.shape().getFirst())) {
            refuseShape(column, block, words(wanted));
        } else if (block.isUniform()) {
            wanted.refusal(block.shape().get(1), block.shape().get(2))
                    .ifPresent(why ->
                            refuse("the images of column '%s': %s".formatted(column.name(), why)));
        }
    }

    private void refuseShape(Column column, Block block, String words) {
        refuse(
                "column '%s' has %ss %s, and the model takes %s"
                        .formatted(
                                column.name(),
                                column.type().wireName(),
                                extents(block.shape()),
                                words));
    }

    private static String words(BlockInput input) {
        return "%ss %s"
                .formatted(input.kind().name().toLowerCase(Locale.ROOT), extents(input.shape()));
    }

    private static String extents(List<Long> shape) {
        return shape.stream()
                .map(extent -> extent == Block.VARIES ? "any" : extent.toString())
                .collect(Collectors.joining(", ", "[", "]"));
    }

    private Stream<Column> ofBlocks() {
        return dataset.columns().stream().filter(column -> column.block().isPresent());
    }

    private String columns() {
        return names(dataset.columns().stream().map(Column::name));
    }

    private static String names(Stream<String> names) {
        return names.limit(NAMED).collect(Collectors.joining(", "));
    }

    private void refuse(String message) {
        violations.add(new Violation(POINTER, message));
    }
}
