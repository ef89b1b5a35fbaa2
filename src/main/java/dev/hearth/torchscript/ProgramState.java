package dev.hearth.torchscript;

/**
 * All that a training program keeps between steps but its generator: enough to continue with the
 * same next step.
 *
 * @param model parameters and buffers as they are trained
 * @param optimizer its counters {@code steps}, its tensors such as {@code exp_avg.0.weight}, and
 *     the averaged parameters such as {@code average.0.weight}, in the program's order
 */
public record ProgramState(StateDict model, StateDict optimizer) {}
