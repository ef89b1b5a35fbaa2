package dev.hearth.torchscript;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.JniUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.function.Supplier;

/** The one place where the native library is started and its devices are chosen. */
public final class LibTorch {

    private static final String THREADS = "ai.djl.pytorch.num_threads";

    static {
        // Read by DJL at the engine's start. Nothing is ever downloaded at run time.
        System.setProperty("ai.djl.offline", "true");
        // One intra-op thread: small models gain nothing from more, and sums stay in one order.
        if (System.getProperty(THREADS) == null) {
            System.setProperty(THREADS, "1");
        }
        // DJL's own advice about this property is about serving with the profiling executor.
        System.setProperty("ai.djl.pytorch.graph_optimizer", "false");
        if (!Engine.getInstance().getEngineName().equals("PyTorch")) {
            throw new IllegalStateException("the PyTorch engine is not on the class path");
        }
    }

    private LibTorch() {}

    /** Loads the library now instead of at the first use, and names its version. */
    public static String version() {
        return Engine.getInstance().getVersion();
    }

    /** How many CUDA devices libtorch can use. */
    public static int cudaDevices() {
        return Engine.getInstance().getGpuCount();
    }

    /**
     * Chooses a device.
     *
     * @param requested {@code auto}, {@code cpu}, {@code cuda} or {@code cuda:<index>}
     * @return libtorch's name of it, such as {@code cpu} or {@code cuda:0}
     * @throws IllegalArgumentException if there is no such device here
     */
    public static String chooseDevice(String requested) {
        int available = cudaDevices();
        return switch (requested) {
            case "cpu" -> "cpu";
            case "auto" -> available > 0 ? "cuda:0" : "cpu";
            case "cuda" -> requireCuda(0, requested, available);
            case String name when name.matches("cuda:\\d{1,3}") ->
                    requireCuda(
                            Integer.parseInt(name.substring("cuda:".length())), name, available);
            case String other ->
                    throw new IllegalArgumentException(
                            "expected auto, cpu, cuda or cuda:<index>, got '" + other + "'");
        };
    }

    private static String requireCuda(int index, String requested, int available) {
        if (index >= available) {
            throw new IllegalArgumentException(
                    "'%s' is not here: this machine has %d CUDA devices"
                            .formatted(requested, available));
        }
        return "cuda:" + index;
    }

    /** A scope for native memory on {@code device}; the caller closes it. */
    static PtNDManager newScope(String device) {
        return (PtNDManager) Engine.getInstance().newBaseManager(Device.fromName(djlName(device)));
    }

    // DJL calls cuda:0 gpu0.
    static String djlName(String device) {
        return device.replace("cuda:", "gpu");
    }

    static PtSymbolBlock load(byte[] archive, PtNDManager scope) {
        enterThread();
        try (InputStream in = new ByteArrayInputStream(archive)) {
            return JniUtils.loadModule(scope, in, true, false);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Calls a program, and tells in a user's words what the engine says where it is not our fault.
     *
     * @throws UnfitValuesException where the program cannot compute with what it was given
     * @throws NoMemoryException where the device has no memory for it
     */
    static <T> T call(Supplier<T> call) {
        enterThread();
        try {
            return call.get();
        } catch (EngineException e) {
            throw UnfitValuesException.explain(e);
        }
    }

    /**
     * The setting belongs to the thread. Without the executor's optimisation the program runs eager
     * autograd's own formulas, hence PyTorch's bits, and its first call costs less. A virtual
     * thread may be on another one after each wait for a lock, so it enters right before it calls.
     */
    static void enterThread() {
        JniUtils.setGraphExecutorOptimize(false);
    }
}
