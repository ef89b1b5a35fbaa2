package dev.hearth.spec;

import java.util.List;
import java.util.OptionalLong;

/** Convolutions over 1 to 3 spatial dimensions, and their transposes. */
public sealed interface Convolution extends LayerSpec {

    /** How many spatial dimensions: the length of {@code kernelSize}. */
    default int dims() {
        return window().kernelSize().size();
    }

    Window window();

    OptionalLong inChannels();

    long outChannels();

    long groups();

    boolean bias();

    /**
     * What slides over the input; one value for each spatial dimension.
     *
     * @param padding at both ends
     */
    record Window(
            List<Long> kernelSize, List<Long> stride, List<Long> padding, List<Long> dilation) {
        public Window {
            kernelSize = List.copyOf(kernelSize);
            stride = List.copyOf(stride);
            padding = List.copyOf(padding);
            dilation = List.copyOf(dilation);
        }

        /** How far the window reaches in spatial dimension {@code i}. */
        public long reach(int i) {
            return dilation.get(i) * (kernelSize.get(i) - 1) + 1;
        }
    }

    /** How much is padded. */
    enum Padding {
        /** As {@link Window#padding} says. */
        GIVEN,
        /** So that the output is as large as the input. */
        SAME
    }

    /** What is padded with. */
    enum PaddingMode {
        ZEROS("zeros"),
        REFLECT("reflect"),
        REPLICATE("replicate"),
        CIRCULAR("circular");

        public final String word;

        PaddingMode(String word) {
            this.word = word;
        }
    }

    /**
     * {@code Conv1d}, {@code Conv2d} and {@code Conv3d}. Input {@code [N, in_channels, *]}, output
     * {@code [N, out_channels, *]}.
     */
    record Conv(
            OptionalLong inChannels,
            long outChannels,
            Window window,
            Padding padding,
            long groups,
            boolean bias,
            PaddingMode paddingMode)
            implements Convolution {
        public Conv {
            LayerSpec.require(outChannels % groups == 0, "groups must divide out_channels");
        }

        @Override
        public String type() {
            return "Conv" + dims() + "d";
        }
    }

    /**
     * {@code ConvTranspose1d} and {@code ConvTranspose2d}. Input {@code [N, in_channels, *]},
     * output {@code [N, out_channels, *]}.
     */
    record ConvTranspose(
            OptionalLong inChannels,
            long outChannels,
            Window window,
            List<Long> outputPadding,
            long groups,
            boolean bias)
            implements Convolution {
        public ConvTranspose {
            LayerSpec.require(outChannels % groups == 0, "groups must divide out_channels");
            outputPadding = List.copyOf(outputPadding);
        }

        @Override
        public String type() {
            return "ConvTranspose" + dims() + "d";
        }
    }
}
