package dev.hearth.spec;

import java.util.OptionalLong;

/** Every element of a sequence looks at every other; always with the batch first. */
public sealed interface Attention extends LayerSpec {

    /** The extent of an element. */
    OptionalLong width();

    long heads();

    double dropout();

    boolean bias();

    /**
     * In a chain, a sequence attends to itself: input and output {@code [N, L, embed_dim]}. In a
     * graph, {@code query} {@code [N, L, embed_dim]}, {@code key} and {@code value} {@code [N, S,
     * embed_dim]}.
     */
    record MultiheadAttention(OptionalLong embedDim, long numHeads, double dropout, boolean bias)
            implements Attention {
        @Override
        public OptionalLong width() {
            return embedDim;
        }

        @Override
        public long heads() {
            return numHeads;
        }

        @Override
        public int inputs(int given) {
            return given == 1 ? 1 : 3;
        }
    }

    /** Self-attention and a feed-forward network. Input and output {@code [N, L, d_model]}. */
    record TransformerEncoderLayer(
            OptionalLong dModel,
            long nhead,
            long dimFeedforward,
            double dropout,
            boolean gelu,
            double layerNormEps,
            boolean normFirst,
            boolean bias)
            implements Attention {
        @Override
        public OptionalLong width() {
            return dModel;
        }

        @Override
        public long heads() {
            return nhead;
        }
    }
}
