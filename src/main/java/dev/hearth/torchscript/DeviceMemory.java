package dev.hearth.torchscript;

import ai.djl.Device;
import ai.djl.util.cuda.CudaUtils;
import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/** How much memory devices have for training. */
public final class DeviceMemory {

    /** Of the process beside its heap: the library itself, threads, classes, a database. */
    private static final long OWN_BYTES = 1L << 30;

    private static final long LEAST_BYTES = 256L << 20;

    private DeviceMemory() {}

    /**
     * What training may have: on the CPU, the memory of the machine or of its container without
     * what the process itself takes; on CUDA, the device's.
     *
     * @param device libtorch's name
     */
    public static long budget(String device) {
        return device.startsWith("cuda") ? cuda(device) : cpu();
    }

    /** Of the machine, or of the container that this process is in. */
    public static long machineBytes() {
        // The JDK asks the control group, where there is one with a limit.
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class)
                .getTotalMemorySize();
    }

    private static long cpu() {
        long left = machineBytes() - Runtime.getRuntime().maxMemory() - OWN_BYTES;
        return Math.max(LEAST_BYTES, left);
    }

    private static long cuda(String device) {
        return CudaUtils.getGpuMemory(Device.fromName(LibTorch.djlName(device))).getMax();
    }
}
