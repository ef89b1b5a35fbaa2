package dev.hearth.job;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * One entry of {@code hearth.worker.devices}.
 *
 * @param device what the jobs of these workers compute on: {@code cpu}, {@code cuda:0}, …
 * @param workers how many workers share it
 */
record DeviceEntry(String device, int workers) {

    private static final int MAX_WORKERS = 256;
    private static final Pattern CPU = Pattern.compile("cpu(?::([1-9]\\d{0,3}))?");
    private static final Pattern CUDA = Pattern.compile("cuda(?::(\\d{1,3}))?");

    DeviceEntry {
        if (workers < 1 || workers > MAX_WORKERS) {
            throw new IllegalArgumentException(
                    "hearth.worker.devices: %d workers on %s; give 1 to %d"
                            .formatted(workers, device, MAX_WORKERS));
        }
    }

    /**
     * Reads {@code auto}, {@code cpu}, {@code cpu:2} (two workers) or {@code cuda:0,cuda:1} (one
     * worker on each).
     */
    static List<DeviceEntry> parse(String text) {
        if (text.strip().equals("auto")) {
            return List.of(new DeviceEntry("cpu", 1));
        }
        var entries = new ArrayList<DeviceEntry>();
        for (var part : text.split(",", -1)) {
            entries.add(parseOne(part.strip()));
        }
        return List.copyOf(entries);
    }

    private static DeviceEntry parseOne(String part) {
        var cpu = CPU.matcher(part);
        if (cpu.matches()) {
            return new DeviceEntry(
                    "cpu", cpu.group(1) == null ? 1 : Integer.parseInt(cpu.group(1)));
        }
        var cuda = CUDA.matcher(part);
        if (cuda.matches()) {
            return new DeviceEntry("cuda:" + (cuda.group(1) == null ? "0" : cuda.group(1)), 1);
        }
        throw new IllegalArgumentException(
                ("hearth.worker.devices (HEARTH_DEVICES): '%s' is no device; expected auto, or a list"
                                + " such as cpu, cpu:2 (two workers), cuda:0,cuda:1")
                        .formatted(part));
    }
}
