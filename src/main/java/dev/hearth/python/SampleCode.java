package dev.hearth.python;

import dev.hearth.python.Expression.Call;
import dev.hearth.python.PythonFile.Import;
import dev.hearth.spec.BlockInput;
import dev.hearth.spec.Encoding;
import dev.hearth.spec.InputForm;
import dev.hearth.spec.TrainingSpec.Preprocessing;
import dev.hearth.spec.TransformSpec;
import java.util.List;

/**
 * Writes how a script holds what the model is trained with: inputs of all rows in one tensor {@code
 * x}, or pictures that are made inputs when they are asked for, since chance makes others of them
 * each time.
 *
 * @param training what is done to pictures in training
 * @param weighted whether each row has a weight
 * @param evaluated how many rows are evaluated at once
 */
record SampleCode(
        InputForm input,
        List<TransformSpec> training,
        boolean weighted,
        long evaluated,
        PythonFile file) {

    private static final String PICTURES =
            """
            class Pictures(Dataset):
                \"""Pictures of some rows, made inputs when they are asked for, and their values.\"""

                def __init__(self, pictures, rows, transform, *values):
                    self.pictures, self.rows, self.transform = pictures, rows, transform
                    self.values = values

                def __len__(self):
                    return len(self.rows)

                def __getitem__(self, index):
                    row = self.rows[index]
                    return self.transform(self.pictures[row]), *(value[row] for value in self.values)
            """;

    SampleCode {
        training = List.copyOf(training);
    }

    private boolean isOfPictures() {
        return input instanceof BlockInput block && block.kind() == BlockInput.Kind.IMAGE;
    }

    /** Writes what is needed beside functions: imports, constants and the class of samples. */
    void define(boolean holdsOut) {
        if (!isOfPictures()) {
            file.require(Import.DATA);
            return;
        }
        List<TransformSpec> evaluation = ((BlockInput) input).transforms();
        file.require(Import.SAMPLES, Import.VISION);
        if (evaluation.equals(training)) {
            file.constant("TRANSFORM", VisionCode.ofTensors(training));
        } else {
            file.constant("TRAINING", VisionCode.ofTensors(training));
            if (holdsOut) {
                file.constant("EVALUATION", VisionCode.ofTensors(evaluation));
            }
        }
        file.define("Pictures", PICTURES);
        if (holdsOut) {
            file.define("batches", batched());
        }
    }

    private String batched() {
        return """
        def batches(pictures):
            \"""All of them in their order, without drawing a random number.\"""
            for first in range(0, len(pictures), %1$d):
                rows = range(first, min(first + %1$d, len(pictures)))
                yield default_collate([pictures[row] for row in rows])
        """
                .formatted(evaluated);
    }

    /** What {@code read} answers first, in words. */
    String described() {
        return switch (input) {
            case Encoding encoding ->
                    "The columns [N, %d] as they are".formatted(encoding.features().size());
            case BlockInput block ->
                    switch (block.kind()) {
                        case IMAGE -> "The pictures as they are";
                        case TENSOR -> "The tensors as they are";
                    };
        };
    }

    /** What {@code main} calls that. */
    String raw() {
        return isOfPictures() ? "pictures" : "raw";
    }

    /**
     * The statements that make {@code x} of it, where there is such.
     *
     * @param preprocessing what the run asks for its columns
     */
    String inputs(Preprocessing preprocessing) {
        return switch (input) {
            case Encoding encoding -> {
                Columns columns = Columns.of(encoding);
                yield LearningColumns.fill(columns, preprocessing, file).indent(4)
                        + "    x = %s\n"
                                .formatted(LearningColumns.inputs(columns, preprocessing, file));
            }
            case BlockInput _ -> isOfPictures() ? "" : "    x = raw.float()\n";
        };
    }

    /** The data set that is shuffled. */
    String ofTraining() {
        return isOfPictures()
                ? pictures("training", "TRAINING").flat()
                : "TensorDataset(%s)".formatted(tensors("training"));
    }

    /** What {@code evaluate} takes of these rows. */
    String of(String rows) {
        return isOfPictures() ? pictures(rows, "EVALUATION").flat() : tensors(rows);
    }

    private String tensors(String rows) {
        return "x[%1$s], y[%1$s]".formatted(rows) + (weighted ? ", w[%s]".formatted(rows) : "");
    }

    private Call pictures(String rows, String transform) {
        boolean isOne = ((BlockInput) input).transforms().equals(training);
        Call call = Call.of("Pictures", "pictures", rows, isOne ? "TRANSFORM" : transform, "y");
        return weighted ? call.with("w") : call;
    }

    /** What {@code evaluate} calls it. */
    String parameters() {
        return isOfPictures() ? "pictures" : weighted ? "x, y, w" : "x, y";
    }

    /** The mini-batches of evaluation, as {@code evaluate} goes through them. */
    String batches() {
        if (isOfPictures()) {
            return "batches(pictures)";
        }
        String split =
                weighted
                        ? "zip(x.split(%1$d), y.split(%1$d), w.split(%1$d))"
                        : "zip(x.split(%1$d), y.split(%1$d))";
        return split.formatted(evaluated);
    }
}
