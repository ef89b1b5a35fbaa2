package dev.hearth.run;

import java.util.Map;
import java.util.Optional;

/**
 * A run as the whole sees it that it is a part of.
 *
 * @param epochs that it is to have
 * @param epoch the last one that ended
 * @param metrics of its result where it has succeeded, else of the last epoch
 * @param failure why it failed, in a sentence's words
 */
public record RunPart(
        PartOf part,
        RunId id,
        RunState state,
        int epoch,
        int epochs,
        Map<String, Double> metrics,
        Optional<String> failure) {}
