package dev.hearth.train;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;

/**
 * The C library's cosine and power, which Python's {@code math.cos} and {@code **} call. Java's own
 * differ from them in the last bit now and then, and a learning rate is to be PyTorch's very
 * double.
 */
final class CMath {

    private static final MethodHandle COS =
            handle("cos", FunctionDescriptor.of(JAVA_DOUBLE, JAVA_DOUBLE));
    private static final MethodHandle POW =
            handle("pow", FunctionDescriptor.of(JAVA_DOUBLE, JAVA_DOUBLE, JAVA_DOUBLE));

    private CMath() {}

    static double cos(double x) {
        try {
            return (double) COS.invokeExact(x);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    static double pow(double base, double exponent) {
        try {
            return (double) POW.invokeExact(base, exponent);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    @SuppressWarnings("restricted") // The two are pure functions of numbers.
    private static MethodHandle handle(String name, FunctionDescriptor type) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), type);
    }
}
