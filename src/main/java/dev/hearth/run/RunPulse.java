package dev.hearth.run;

import java.util.Map;

/**
 * How a run stands at one moment.
 *
 * @param events how many it has, all committed
 */
record RunPulse(RunState state, int events, Progress progress) {

    /**
     * How far it is.
     *
     * @param progress 0 to 1
     * @param metrics of the last epoch
     */
    record Progress(int epoch, int epochs, double progress, Map<String, Double> metrics) {}
}
