package dev.hearth.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeviceEntryTest {

    @Test
    void eachEntryGivesItsWorkersASlot() {
        assertThat(WorkerSlot.of(DeviceEntry.parse("cpu:2, cuda:0,cuda:1")))
                .containsExactly(
                        new WorkerSlot(0, "cpu"),
                        new WorkerSlot(1, "cpu"),
                        new WorkerSlot(2, "cuda:0"),
                        new WorkerSlot(3, "cuda:1"));
    }

    @Test
    void automaticIsOneWorkerOnTheCpu() {
        assertThat(DeviceEntry.parse("auto")).containsExactly(new DeviceEntry("cpu", 1));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "cpu:0", "cpu:-1", "gpu", "cuda:x", "cpu,,cpu", "cpu:9999", "auto,cpu"})
    void whatIsNoDeviceIsRefusedByName(String text) {
        assertThatThrownBy(() -> DeviceEntry.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("hearth.worker.devices");
    }
}
