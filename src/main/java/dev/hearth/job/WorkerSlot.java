package dev.hearth.job;

import java.util.ArrayList;
import java.util.List;

/**
 * A place where one job at a time runs.
 *
 * @param index of the slot, from 0
 * @param device what its jobs compute on: {@code cpu}, {@code cuda:0}, …
 */
public record WorkerSlot(int index, String device) {

    static List<WorkerSlot> of(List<DeviceEntry> entries) {
        var slots = new ArrayList<WorkerSlot>();
        for (var entry : entries) {
            for (var worker = 0; worker < entry.workers(); worker++) {
                slots.add(new WorkerSlot(slots.size(), entry.device()));
            }
        }
        return List.copyOf(slots);
    }
}
