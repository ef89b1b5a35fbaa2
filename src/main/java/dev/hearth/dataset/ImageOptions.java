package dev.hearth.dataset;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.hearth.dataset.image.ImageMode;
import dev.hearth.problem.Violation;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How to read pictures.
 *
 * @param mode {@code L} for grey, {@code RGB} for colours; by default grey where all pictures are
 *     grey
 * @param fileColumn the column of a table of labels that names the pictures; found by itself where
 *     it is left out
 * @param undecodable what to do about pictures that cannot be decoded: {@code reject} all, which is
 *     the default, or {@code skip} them
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record ImageOptions(
        @Nullable String mode, @Nullable String fileColumn, @Nullable String undecodable) {

    static final ImageOptions NONE = new ImageOptions(null, null, null);

    private static final String REJECT = "reject";
    private static final String SKIP = "skip";

    void check(Consumer<Violation> violations) {
        if (mode != null && ImageMode.of(mode).isEmpty()) {
            violations.accept(
                    new Violation(
                            "/images/mode", "expected \"L\" or \"RGB\", got \"" + mode + "\""));
        }
        if (undecodable != null && !undecodable.equals(REJECT) && !undecodable.equals(SKIP)) {
            violations.accept(
                    new Violation(
                            "/images/undecodable",
                            "expected \"reject\" or \"skip\", got \"" + undecodable + "\""));
        }
    }

    Optional<ImageMode> wantedMode() {
        return Optional.ofNullable(mode).flatMap(ImageMode::of);
    }

    boolean skipsUndecodable() {
        return SKIP.equals(undecodable);
    }
}
