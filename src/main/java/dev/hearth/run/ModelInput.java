package dev.hearth.run;

import dev.hearth.dataset.Column;
import dev.hearth.dataset.Table;
import dev.hearth.spec.BlockInput;
import dev.hearth.spec.Encoding;
import dev.hearth.spec.InputForm;
import dev.hearth.spec.Shape;
import dev.hearth.spec.SpecErrors;
import dev.hearth.spec.TrainingSpec;

/** What the chosen columns become as a model's input. */
final class ModelInput {

    private ModelInput() {}

    /** The input's form, before anything is learned of the data: what a check needs. */
    static InputForm unfitted(ChosenColumns columns, TrainingSpec spec) {
        return columns.block()
                .<InputForm>map(ModelInput::block)
                .orElseGet(() -> EncodingFit.unfitted(columns.features(), spec.preprocessing()));
    }

    /**
     * @param rows the training rows, from which alone is learned
     */
    static InputForm fit(ChosenColumns columns, TrainingSpec spec, Table table, long[] rows) {
        return columns.block()
                .<InputForm>map(ModelInput::block)
                .orElseGet(() ->
                        EncodingFit.fit(columns.features(), spec.preprocessing(), table, rows));
    }

    /** The shape of one sample as the model gets it. */
    static Shape shape(InputForm input, SpecErrors errors) {
        return switch (input) {
            case Encoding encoding -> Shape.of(encoding.width());
            case BlockInput block -> block.modelShape(errors);
        };
    }

    private static BlockInput block(Column column) {
        var block = column.block().orElseThrow();
        return new BlockInput(
                column.name(),
                BlockInput.Kind.valueOf(column.type().name()),
                BlockInput.Dtype.valueOf(block.dtype().name()),
                block.shape());
    }
}
