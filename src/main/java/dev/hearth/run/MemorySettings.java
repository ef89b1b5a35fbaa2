package dev.hearth.run;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.util.unit.DataSize;

/**
 * @param memory how much memory of each device all runs together may have; left out: the device's,
 *     and on the CPU what the machine or its container has beside this process itself
 */
@ConfigurationProperties("hearth.worker")
record MemorySettings(@Nullable DataSize memory) {

    MemorySettings {
        if (memory != null && memory.toBytes() < 1) {
            throw new IllegalArgumentException("hearth.worker.memory has to be more than nothing");
        }
    }
}
