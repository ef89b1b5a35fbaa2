package dev.hearth.importing;

import dev.hearth.model.Lineage;
import dev.hearth.model.Target;
import dev.hearth.spec.ImportRequest.ServedModel;
import dev.hearth.spec.InputForm;
import java.util.Optional;

/**
 * All of a version but its weights.
 *
 * @param specification as it was sent
 * @param like the version that it was taken from
 */
record Recipe(
        String specification,
        ServedModel model,
        InputForm input,
        Target target,
        Optional<Lineage.VersionId> like) {}
