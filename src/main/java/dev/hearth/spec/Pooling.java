package dev.hearth.spec;

import java.util.List;
import java.util.OptionalLong;

/** The mean or the largest of each window; without parameters. */
public sealed interface Pooling extends LayerSpec {

    /** How many spatial dimensions. */
    int dims();

    /** {@code MaxPool1d} and {@code MaxPool2d}. */
    record MaxPool(Convolution.Window window, boolean ceilMode) implements Pooling {
        @Override
        public int dims() {
            return window.kernelSize().size();
        }

        @Override
        public String type() {
            return "MaxPool" + dims() + "d";
        }
    }

    /**
     * {@code AvgPool1d} and {@code AvgPool2d}.
     *
     * @param divisorOverride divides in place of the window's size; only with two dimensions
     */
    record AvgPool(
            Convolution.Window window,
            boolean ceilMode,
            boolean countIncludePad,
            OptionalLong divisorOverride)
            implements Pooling {
        @Override
        public int dims() {
            return window.kernelSize().size();
        }

        @Override
        public String type() {
            return "AvgPool" + dims() + "d";
        }
    }

    /** {@code AdaptiveAvgPool1d} and {@code AdaptiveAvgPool2d}: windows that make that output. */
    record AdaptiveAvgPool(List<Long> outputSize) implements Pooling {
        public AdaptiveAvgPool {
            outputSize = List.copyOf(outputSize);
        }

        @Override
        public int dims() {
            return outputSize.size();
        }

        @Override
        public String type() {
            return "AdaptiveAvgPool" + dims() + "d";
        }
    }

    /** {@code AdaptiveMaxPool2d}. */
    record AdaptiveMaxPool(List<Long> outputSize) implements Pooling {
        public AdaptiveMaxPool {
            outputSize = List.copyOf(outputSize);
        }

        @Override
        public int dims() {
            return outputSize.size();
        }

        @Override
        public String type() {
            return "AdaptiveMaxPool" + dims() + "d";
        }
    }
}
