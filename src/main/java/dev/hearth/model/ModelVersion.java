package dev.hearth.model;

import dev.hearth.http.Owner;
import dev.hearth.spec.Evaluations;
import dev.hearth.spec.InputForm;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * A trained model: immutable.
 *
 * @param owner on whose account its files are
 * @param specification the run's request, as it was sent
 * @param input how raw columns, or images and tensors, become its input
 * @param metrics of the last epoch, such as {@code validation_accuracy}
 * @param evaluations over the rows that its run held out
 * @param parameters how many numbers were trained
 */
public record ModelVersion(
        ModelName name,
        int number,
        Owner owner,
        Lineage lineage,
        String specification,
        InputForm input,
        Target target,
        Map<String, Double> metrics,
        Evaluations evaluations,
        long parameters,
        List<ModelFile> files,
        Instant createdAt) {

    public ModelVersion {
        files = List.copyOf(files);
    }

    /**
     * The file of that name, which every version has if it is one of {@link ModelFile}'s constants.
     */
    public ModelFile file(String fileName) {
        return files.stream()
                .filter(file -> file.name().equals(fileName))
                .findFirst()
                .orElseThrow(() -> Models.noSuchFile(this, fileName));
    }
}
