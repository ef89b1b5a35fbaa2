package dev.hearth.importing;

import dev.hearth.http.Owner;
import dev.hearth.model.Lineage;
import dev.hearth.model.ModelFile;
import dev.hearth.model.ModelFiles;
import dev.hearth.model.ModelName;
import dev.hearth.model.ModelVersion;
import dev.hearth.model.Models;
import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import dev.hearth.spec.BlockInput;
import dev.hearth.spec.Encoding;
import dev.hearth.spec.Evaluations;
import dev.hearth.spec.InputForm;
import dev.hearth.spec.ModelPlan;
import dev.hearth.storage.BlobStore;
import dev.hearth.storage.Reservation;
import dev.hearth.storage.Scratch;
import dev.hearth.torchscript.ModelCompiler;
import dev.hearth.torchscript.ServingProgram;
import dev.hearth.torchscript.TensorFile;
import dev.hearth.torchscript.UnfitValuesException;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Makes versions of weights that were read, once they have shown that they run. */
@Component
class ImportedVersions {

    private static final Logger log = LoggerFactory.getLogger(ImportedVersions.class);

    /** A version that is not kept yet. */
    record Draft(
            String name,
            Recipe recipe,
            UploadedFile file,
            TensorFile.Format format,
            TensorFile.Weights weights) {

        Lineage.Imported lineage() {
            return new Lineage.Imported(
                    file.sha256(),
                    file.sizeBytes(),
                    format.text(),
                    recipe.like(),
                    Stream.concat(weights.notes().stream(), recipe.model().warnings().stream())
                            .toList());
        }
    }

    private final Models models;
    private final BlobStore blobs;
    private final Scratch scratch;
    private final InstantSource clock;

    ImportedVersions(Models models, BlobStore blobs, Scratch scratch, InstantSource clock) {
        this.models = models;
        this.blobs = blobs;
        this.scratch = scratch;
        this.clock = clock;
    }

    /**
     * Loads the model as serving will, and predicts a row of zeros; what comes out is not looked
     * at.
     */
    void requireRuns(Draft draft) throws IOException {
        var recipe = draft.recipe();
        ModelPlan plan = recipe.model().plan();
        Path archive = scratch.newFile();
        try {
            try (var out = new BufferedOutputStream(Files.newOutputStream(archive))) {
                new ModelCompiler(plan, recipe.input(), recipe.model().loss())
                        .compile(draft.weights().state(), out);
            }
            try (var program = ServingProgram.load(Files.readAllBytes(archive), "cpu")) {
                float[] output = predictZeros(program, recipe.input());
                long expected =
                        switch (recipe.target().task()) {
                            case REGRESSION,
                                    DISTRIBUTION,
                                    BINARY_CLASSIFICATION,
                                    CLASSIFICATION,
                                    MULTI_LABEL ->
                                    plan.output().elements();
                            // The measure, and which of the two classes it tells.
                            case SIMILARITY -> 2;
                        };
                if (output.length != expected) {
                    throw new IllegalStateException(
                            "expected %d numbers, got %d".formatted(expected, output.length));
                }
            }
        } catch (UnfitValuesException e) {
            log.debug("Zeros are no values for this model, but it runs", e);
        } catch (RuntimeException e) {
            throw new ProblemException(
                    ProblemCode.INVALID_MODEL_FILE,
                    "the model cannot be run on a row of zeros, so it is not kept",
                    e);
        } finally {
            Files.deleteIfExists(archive);
        }
    }

    private static float[] predictZeros(ServingProgram program, InputForm input) {
        return switch (input) {
            case Encoding encoding -> program.predict(new double[encoding.features().size()], 1);
            case BlockInput block -> program.predictZeros(block);
        };
    }

    /** Stores the files and makes the version, in the caller's transaction. */
    UUID publish(Draft draft, Reservation room) {
        var recipe = draft.recipe();
        var lineage = draft.lineage();
        var name = new ModelName(draft.name());
        List<ModelFile> files = store(draft, lineage);
        // In place of the file that was sent, which is not kept itself.
        long bytes = files.stream().mapToLong(file -> file.blob().sizeBytes()).sum();
        room.add(Math.max(0, bytes - draft.file().sizeBytes()));
        ModelVersion version =
                models.publish(
                        name,
                        number ->
                                new ModelVersion(
                                        name,
                                        number,
                                        Owner.current(),
                                        lineage,
                                        recipe.specification(),
                                        recipe.input(),
                                        recipe.target(),
                                        Map.of(),
                                        Evaluations.NONE,
                                        recipe.model().plan().parameterCount(),
                                        files,
                                        clock.instant()));
        room.settle();
        return models.id(version);
    }

    private List<ModelFile> store(Draft draft, Lineage lineage) {
        var recipe = draft.recipe();
        try {
            return new ModelFiles(
                            recipe.model().plan(),
                            recipe.input(),
                            recipe.model().loss(),
                            recipe.target(),
                            draft.weights().state())
                    .store(blobs, lineage);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    ModelVersion require(UUID id) {
        return models.require(id);
    }
}
