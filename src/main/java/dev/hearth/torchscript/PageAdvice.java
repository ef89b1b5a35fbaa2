package dev.hearth.torchscript;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/**
 * What a process can tell the system about the pages of a file that it has mapped: POSIX's {@code
 * madvise}. It is advice, so the system may pass over it and nothing but speed depends on it; where
 * a system has no such call there is no object of this class.
 */
final class PageAdvice {

    /** With the numbers that Linux, macOS and the BSDs share. */
    enum Advice {
        /** Pages after the one that is wanted are likely to be wanted too. */
        NORMAL(0),
        /** They are not. */
        RANDOM(1),
        /** These pages will be wanted soon; reading them begins, and is not waited for. */
        WILL_NEED(3);

        private final int number;

        Advice(int number) {
            this.number = number;
        }
    }

    private final MethodHandle madvise;
    private final long pageBytes;

    private PageAdvice(MethodHandle madvise, long pageBytes) {
        this.madvise = madvise;
        this.pageBytes = pageBytes;
    }

    /** Empty where the system has no such call. */
    @SuppressWarnings("restricted") // the two functions are declared as C has them
    static Optional<PageAdvice> ofSystem() {
        Linker linker = Linker.nativeLinker();
        SymbolLookup system = linker.defaultLookup();
        Optional<MemorySegment> madvise = system.find("madvise");
        Optional<MemorySegment> pageSize = system.find("getpagesize");
        if (madvise.isEmpty() || pageSize.isEmpty()) {
            return Optional.empty();
        }
        MethodHandle ofPages =
                linker.downcallHandle(pageSize.get(), FunctionDescriptor.of(ValueLayout.JAVA_INT));
        MethodHandle advise =
                linker.downcallHandle(
                        madvise.get(),
                        FunctionDescriptor.of(
                                ValueLayout.JAVA_INT,
                                ValueLayout.JAVA_LONG,
                                ValueLayout.JAVA_LONG,
                                ValueLayout.JAVA_INT));
        return Optional.of(new PageAdvice(advise, call(() -> (int) ofPages.invokeExact())));
    }

    /** Advises on all pages that the bytes from {@code begin} to {@code end} are on. */
    void give(Advice advice, long begin, long end) {
        long first = begin / pageBytes * pageBytes;
        int _ = call(() -> (int) madvise.invokeExact(first, end - first, advice.number));
    }

    private interface Native {
        int call() throws Throwable;
    }

    private static int call(Native function) {
        try {
            return function.call();
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new LinkageError("a call of the system's own failed", e);
        }
    }
}
