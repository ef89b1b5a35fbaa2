package dev.hearth.torchscript;

import ai.djl.engine.EngineException;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A device had no memory for what a program wanted to allocate. The process goes on. */
public final class NoMemoryException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** Of libtorch's allocators on the CPU and on CUDA, and of C++ itself. */
    private static final Pattern SAID =
            Pattern.compile(
                    "can't allocate memory|not enough memory|out of memory|bad_alloc|bad allocation");

    /** {@code DefaultCPUAllocator: can't allocate memory: you tried to allocate 16 bytes}. */
    private static final Pattern BYTES = Pattern.compile("tried to allocate (\\d+) bytes");

    /** {@code CUDA out of memory. Tried to allocate 2.50 GiB}. */
    private static final Pattern UNITS = Pattern.compile("Tried to allocate ([\\d.]+) ([KMG])iB");

    private final transient OptionalLong asked;

    private NoMemoryException(OptionalLong asked, Throwable cause) {
        super("a device had no memory for " + asked + " bytes", cause);
        this.asked = asked;
    }

    /** How many bytes were asked for, where the library says. */
    public OptionalLong asked() {
        return asked == null ? OptionalLong.empty() : asked;
    }

    static boolean isMeantBy(String said) {
        return SAID.matcher(said).find();
    }

    static NoMemoryException of(String said, EngineException cause) {
        return new NoMemoryException(bytes(said), cause);
    }

    private static OptionalLong bytes(String said) {
        Matcher bytes = BYTES.matcher(said);
        if (bytes.find()) {
            return OptionalLong.of(Long.parseLong(bytes.group(1)));
        }
        Matcher units = UNITS.matcher(said);
        if (units.find()) {
            int shift =
                    switch (units.group(2)) {
                        case "K" -> 10;
                        case "M" -> 20;
                        default -> 30;
                    };
            return OptionalLong.of((long) (Double.parseDouble(units.group(1)) * (1L << shift)));
        }
        return OptionalLong.empty();
    }
}
