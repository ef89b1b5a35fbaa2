package dev.hearth.spec;

import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The names of the metrics that each epoch of a run has. */
public record EpochMetrics(TrainingSpec spec) {

    /** An error unless {@code metric} is measured in each epoch. */
    public void require(String metric, String pointer, SpecErrors errors) {
        require(metric, pointer, names(_ -> true), errors);
    }

    /** The same of what is measured of training rows, too. */
    void requireCheap(String metric, String pointer, SpecErrors errors) {
        require(metric, pointer, names(Metric::isOfTraining), errors);
    }

    private void require(String metric, String pointer, List<String> known, SpecErrors errors) {
        if (!known.contains(metric)) {
            boolean noValidation = metric.startsWith("validation_") && !holdsOut();
            errors.add(
                    pointer,
                    noValidation
                            ? "no rows are held out, so there is no %s; write \"metric\":"
                                            .formatted(Wording.quoted(metric))
                                    + " \"train_loss\", or hold out rows"
                            : "unknown metric %s; an epoch has %s%s"
                                    .formatted(
                                            Wording.quoted(metric),
                                            String.join(", ", known),
                                            Wording.didYouMean(metric, known)));
        }
    }

    private boolean holdsOut() {
        return spec.split().validates();
    }

    private List<String> names(Predicate<Metric> ofValidation) {
        Stream<String> training = names("train_", Metric::isOfTraining);
        return holdsOut()
                ? Stream.concat(training, names("validation_", ofValidation)).toList()
                : training.toList();
    }

    private Stream<String> names(String part, Predicate<Metric> which) {
        return Stream.concat(
                Stream.of(part + "loss"),
                spec.objective().measured().stream()
                        .filter(which)
                        .map(metric -> part + metric.wireName()));
    }
}
