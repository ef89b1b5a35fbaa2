package dev.hearth.job;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * @param roles what this process does
 * @param worker how it works, if it does
 */
@ConfigurationProperties("hearth")
record JobSettings(
        @DefaultValue({"api", "worker"}) Set<Role> roles, @DefaultValue JobSettings.Worker worker) {

    enum Role {
        /** Answers requests. */
        API,
        /** Runs jobs. */
        WORKER
    }

    /**
     * @param devices {@code auto}, or a list such as {@code cpu:2} or {@code cuda:0,cuda:1}
     * @param background how many jobs that need no device run at once, beside those that do
     * @param pollInterval how often to look for jobs that other processes enqueued
     * @param heartbeat how often a running job is confirmed; after six missed ones it is dead
     * @param shutdownWait how long a shutdown waits for jobs to hand themselves back
     */
    record Worker(
            @DefaultValue("auto") String devices,
            @DefaultValue("1") int background,
            @DefaultValue("1s") Duration pollInterval,
            @DefaultValue("10s") Duration heartbeat,
            @DefaultValue("20s") Duration shutdownWait) {

        private static final int MOST_BACKGROUND = 64;

        /** Of jobs that take a moment only. */
        static final List<WorkerSlot> BRIEF_SLOTS = List.of(new WorkerSlot(0, "cpu"));

        Worker {
            DeviceEntry.parse(devices);
            if (background < 1 || background > MOST_BACKGROUND) {
                throw new IllegalArgumentException(
                        "hearth.worker.background has to be from 1 to " + MOST_BACKGROUND);
            }
        }

        List<WorkerSlot> slots() {
            return WorkerSlot.of(DeviceEntry.parse(devices));
        }

        /** Of jobs that need no device. */
        List<WorkerSlot> backgroundSlots() {
            return WorkerSlot.of(List.of(new DeviceEntry("cpu", background)));
        }
    }

    boolean answers() {
        return roles.contains(Role.API);
    }

    boolean works() {
        return roles.contains(Role.WORKER);
    }
}
