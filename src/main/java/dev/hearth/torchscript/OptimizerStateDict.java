package dev.hearth.torchscript;

import dev.hearth.spec.OptimizerSpec;
import dev.hearth.spec.ParameterGroups;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.SequencedMap;

/**
 * What {@code optimizer.state_dict()} has in PyTorch. There, parameters are numbered through the
 * groups, in order; here they have their names.
 *
 * @param rates of each group, as they are now
 * @param state of each parameter, by names such as {@code exp_avg}
 */
public record OptimizerStateDict(
        ParameterGroups groups,
        List<GroupRates> rates,
        SequencedMap<String, SequencedMap<String, TensorData>> state) {

    public OptimizerStateDict {
        rates = List.copyOf(rates);
        state = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(state));
    }

    /**
     * A group's rates.
     *
     * @param momentum or the first of the betas, where a schedule has changed it
     * @param notes what schedulers leave in a group, such as {@code initial_lr}
     */
    public record GroupRates(
            double lr, OptionalDouble momentum, SequencedMap<String, Double> notes) {
        public GroupRates {
            notes = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(notes));
        }
    }

    /** Writes what {@code torch.save(optimizer.state_dict(), …)} writes. */
    public void writePt(OutputStream out) throws IOException {
        var pickle = new Pickle().emptyDict().mark();
        pickle.string("state").emptyDict().mark();
        int number = 0;
        for (ParameterGroups.Group group : groups.groups()) {
            for (String name : group.parameters()) {
                Map<String, TensorData> tensors = state.getOrDefault(name, new LinkedHashMap<>());
                if (!tensors.isEmpty()) {
                    pickle.integer(number).emptyDict().mark();
                    tensors.forEach((key, tensor) -> pickle.string(key).tensor(tensor, false));
                    pickle.setItems();
                }
                number++;
            }
        }
        pickle.setItems();
        pickle.string("param_groups").emptyList().mark();
        int first = 0;
        for (int i = 0; i < groups.groups().size(); i++) {
            writeGroup(pickle, i, first);
            first += groups.groups().get(i).parameters().size();
        }
        pickle.appends().setItems();
        try (var zip = new TorchZip(out, "archive")) {
            zip.addPickle("data", pickle).add("byteorder", "little").add("version", "3\n");
        }
    }

    private void writeGroup(Pickle pickle, int index, int first) {
        ParameterGroups.Group group = groups.groups().get(index);
        pickle.emptyDict().mark();
        arguments(group.optimizer(), rates.get(index))
                .forEach((name, value) -> {
                    pickle.string(name);
                    switch (value) {
                        case Double number -> pickle.real(number);
                        case Boolean bool -> pickle.bool(bool);
                        case List<?> betas -> {
                            pickle.mark();
                            betas.forEach(beta -> pickle.real((Double) beta));
                            pickle.tuple();
                        }
                        case Absent _ -> pickle.none();
                        default -> throw new IllegalStateException(name + " = " + value);
                    }
                });
        pickle.string("params").emptyList().mark();
        for (int i = 0; i < group.parameters().size(); i++) {
            pickle.integer(first + i);
        }
        pickle.appends().setItems();
    }

    /** Python's {@code None}. */
    private enum Absent {
        NONE
    }

    /** All that PyTorch keeps of a group, its own switches included, but the parameters. */
    private static SequencedMap<String, Object> arguments(OptimizerSpec spec, GroupRates rates) {
        var arguments = new LinkedHashMap<>(spec.arguments());
        arguments.put("lr", rates.lr());
        if (rates.momentum().isPresent()) {
            double momentum = rates.momentum().getAsDouble();
            arguments.computeIfPresent("momentum", (_, _) -> momentum);
            arguments.computeIfPresent(
                    "betas", (_, betas) -> List.of(momentum, ((List<?>) betas).getLast()));
        }
        arguments.put("foreach", Absent.NONE);
        arguments.put("differentiable", false);
        switch (spec) {
            case OptimizerSpec.SGD _, OptimizerSpec.Adagrad _ ->
                    arguments.put("fused", Absent.NONE);
            case OptimizerSpec.Adam _ -> {
                arguments.put("capturable", false);
                arguments.put("fused", Absent.NONE);
                arguments.put("decoupled_weight_decay", false);
            }
            case OptimizerSpec.AdamW _ -> {
                arguments.put("capturable", false);
                arguments.put("fused", Absent.NONE);
                arguments.put("decoupled_weight_decay", true);
            }
            case OptimizerSpec.NAdam _,
                    OptimizerSpec.RAdam _,
                    OptimizerSpec.RMSprop _,
                    OptimizerSpec.Adadelta _,
                    OptimizerSpec.Adamax _ ->
                    arguments.put("capturable", false);
        }
        arguments.putAll(rates.notes());
        return arguments;
    }

    /** A scalar of type {@code FLOAT32}, as PyTorch keeps {@code step}. */
    static TensorData scalar(double value) {
        var bytes = ByteBuffer.allocate(Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putFloat(0, (float) value);
        return new TensorData(TensorData.Type.FLOAT32, List.of(), bytes);
    }
}
