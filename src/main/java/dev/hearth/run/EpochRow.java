package dev.hearth.run;

import java.util.Map;

/**
 * The metrics of one epoch.
 *
 * @param epoch from 1
 * @param metrics such as {@code train_loss}, in the order in which they are shown
 * @param seconds that the epoch took
 */
record EpochRow(int epoch, Map<String, Double> metrics, double seconds) {}
