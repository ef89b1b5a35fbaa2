package dev.hearth.torchscript;

import java.util.List;

/**
 * All that a training program keeps between steps but its generator: enough to continue with the
 * same next step.
 *
 * @param model parameters and buffers as they are trained, in the order of the model's {@code
 *     state_dict}
 * @param optimizer its counters, its tensors and the averaged parameters, in the program's order
 */
public record ProgramState(List<TensorData> model, List<TensorData> optimizer) {
    public ProgramState {
        model = List.copyOf(model);
        optimizer = List.copyOf(optimizer);
    }
}
