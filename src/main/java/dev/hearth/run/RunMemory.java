package dev.hearth.run;

import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import dev.hearth.problem.Violation;
import dev.hearth.spec.MemoryEstimate;
import dev.hearth.spec.ModelCheck;
import dev.hearth.spec.TrainingSpec;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;

/**
 * How much memory a run takes.
 *
 * @param rows of a mini-batch
 */
record RunMemory(MemoryEstimate estimate, long rows) {

    private static final String POINTER = "/batch_size";

    /**
     * @param most rows that there are to train on
     */
    static RunMemory of(TrainingSpec spec, long most, ModelCheck.Checked checked) {
        long rows = Math.min(spec.schedule().batchSize().orElse(Integer.MAX_VALUE), most);
        return new RunMemory(checked.memory(), rows);
    }

    long bytes() {
        return estimate.totalBytes();
    }

    /**
     * Of a run that can never be trained with so much.
     *
     * @param budget of the device that has most, in bytes
     */
    ProblemException refusal(long budget) {
        String detail =
                "training takes about %s, and a worker's device has %s for it; %s"
                        .formatted(described(), words(budget), mend(budget));
        return new ProblemException(
                ProblemCode.OUT_OF_MEMORY, detail, List.of(new Violation(POINTER, detail)));
    }

    /**
     * Of a run whose device had no memory left.
     *
     * @param asked what could not be allocated
     * @param budget of the device, in bytes
     */
    Run.Failure failure(String device, String asked, long budget) {
        return new Run.Failure(
                ProblemCode.OUT_OF_MEMORY,
                "there was no memory left on %s: %s; training was estimated to take %s, and %s is meant for all runs on the device; %s"
                        .formatted(
                                device,
                                asked,
                                described(),
                                words(budget),
                                // The estimate was too low, or others have taken what is missing.
                                mend(Math.min(budget, bytes() - batchBytes() / 2))));
    }

    private long batchBytes() {
        return estimate.activationBytes() + estimate.workingBytes();
    }

    private String described() {
        return "%s (parameters, gradients and optimiser %s, a mini-batch of %,d rows %s, an evaluation %s, copies for checkpoints %s)"
                .formatted(
                        words(bytes()),
                        words(
                                estimate.parameterBytes()
                                        + estimate.gradientBytes()
                                        + estimate.optimizerBytes()),
                        rows,
                        words(batchBytes()),
                        words(estimate.evaluationBytes()),
                        words(estimate.checkpointBytes()));
    }

    private String mend(long budget) {
        OptionalLong largest = estimate.largestBatch(rows, budget);
        return largest.isPresent() && largest.getAsLong() < rows
                ? "a batch_size of at most %d would fit".formatted(largest.getAsLong())
                : "not even a batch_size of 1 would fit, so make the model smaller";
    }

    /** Such as {@code 1.5 GB}. */
    static String words(long bytes) {
        if (bytes < 1_000_000) {
            return "%,d bytes".formatted(bytes);
        }
        return bytes < 1_000_000_000
                ? String.format(Locale.ROOT, "%.1f MB", bytes / 1e6)
                : String.format(Locale.ROOT, "%.1f GB", bytes / 1e9);
    }
}
