package dev.hearth.inference;

import dev.hearth.model.ModelVersion;
import dev.hearth.problem.ProblemException;
import dev.hearth.serving.Rows;
import dev.hearth.serving.TableRows;
import dev.hearth.spec.BlockInput;
import dev.hearth.spec.Encoding;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The tensors that a model takes, and how they become its rows. */
sealed interface ModelInput permits NumberTable, ColumnTable, BlockTensor {

    /**
     * @param accepted the datatypes that are taken, the one of the metadata among them
     */
    record Input(TensorMetadata metadata, Set<Datatype> accepted) {

        public Input {
            accepted = Set.copyOf(accepted);
        }

        static Input of(TensorMetadata metadata) {
            return new Input(metadata, EnumSet.of(Datatype.valueOf(metadata.datatype())));
        }
    }

    List<Input> inputs();

    /**
     * The rows that the tensors are.
     *
     * @param tensors by name, all of them, in shapes that the metadata allows
     * @param rows how many, at least one
     * @throws ProblemException INVALID_INPUT with all values that cannot be used
     */
    Rows rows(Map<String, Tensor> tensors, int rows);

    static ModelInput of(ModelVersion version) {
        return switch (version.input()) {
            case Encoding encoding -> {
                List<TableRows.Column> columns = TableRows.columns(encoding);
                yield columns.stream().allMatch(each -> each.kind() == TableRows.Kind.NUMBER)
                        ? new NumberTable(version, encoding)
                        : new ColumnTable(version, encoding, columns);
            }
            case BlockInput block -> new BlockTensor(block);
        };
    }
}
