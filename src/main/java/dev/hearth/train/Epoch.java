package dev.hearth.train;

import java.util.Optional;

/**
 * What one epoch came to.
 *
 * @param number from 1
 * @param training over the epoch's mini-batches as they were trained, with dropout on
 * @param validation after the epoch, in evaluation mode; empty where no rows are held out
 * @param nanos the whole epoch, evaluation included
 */
public record Epoch(int number, Scores training, Optional<Scores> validation, long nanos) {}
