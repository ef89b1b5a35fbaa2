package dev.hearth.run;

import dev.hearth.torchscript.DeviceMemory;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.stereotype.Component;

/** The memory of this process's devices, and which runs have how much of it. */
@Component
@EnableConfigurationProperties(MemorySettings.class)
class MemoryBudget {

    private final MemorySettings settings;
    private final Map<String, Long> budgets = new ConcurrentHashMap<>();
    private final Map<String, Map<RunId, Long>> shares = new HashMap<>();

    MemoryBudget(MemorySettings settings) {
        this.settings = settings;
    }

    /** Of all runs on a device together, in bytes. */
    long of(String device) {
        return budgets.computeIfAbsent(
                device,
                name ->
                        settings.memory() == null
                                ? DeviceMemory.budget(name)
                                : settings.memory().toBytes());
    }

    /** What no run has of a device's budget. */
    synchronized long free(String device) {
        return of(device)
                - shares.getOrDefault(device, Map.of()).values().stream()
                        .mapToLong(Long::longValue)
                        .sum();
    }

    /** Takes a share, if that much is free. Whoever is given one gives it back. */
    synchronized boolean take(RunId run, String device, long bytes) {
        if (bytes > free(device)) {
            return false;
        }
        shares.computeIfAbsent(device, _ -> new HashMap<>()).put(run, bytes);
        return true;
    }

    synchronized void giveBack(RunId run, String device) {
        shares.getOrDefault(device, new HashMap<>()).remove(run);
    }
}
