package dev.hearth.spec;

import java.util.OptionalInt;
import java.util.OptionalLong;

/** A linear map, or the table that one is for whole numbers. */
public sealed interface Projection extends LayerSpec {

    /** Input {@code [N, *, in_features]}, output {@code [N, *, out_features]}. */
    record Linear(OptionalLong inFeatures, long outFeatures, boolean bias) implements Projection {
        public Linear {
            LayerSpec.require(inFeatures.orElse(1) >= 1, "in_features must be at least 1");
            LayerSpec.require(outFeatures >= 1, "out_features must be at least 1");
        }
    }

    /**
     * Inputs {@code [N, *, in1_features]} and {@code [N, *, in2_features]}, output {@code [N, *,
     * out_features]}.
     */
    record Bilinear(
            OptionalLong in1Features, OptionalLong in2Features, long outFeatures, boolean bias)
            implements Projection {
        public Bilinear {
            LayerSpec.require(in1Features.orElse(1) >= 1, "in1_features must be at least 1");
            LayerSpec.require(in2Features.orElse(1) >= 1, "in2_features must be at least 1");
            LayerSpec.require(outFeatures >= 1, "out_features must be at least 1");
        }

        @Override
        public int inputs(int given) {
            return 2;
        }
    }

    /**
     * Input {@code [N, *]}, whole numbers from 0 to {@code num_embeddings} − 1; output {@code [N,
     * *, embedding_dim]}.
     *
     * @param paddingIdx the row that begins as zeros and is never trained; not negative
     */
    record Embedding(long numEmbeddings, long embeddingDim, OptionalInt paddingIdx)
            implements Projection {
        public Embedding {
            LayerSpec.require(numEmbeddings >= 1, "num_embeddings must be at least 1");
            LayerSpec.require(embeddingDim >= 1, "embedding_dim must be at least 1");
            LayerSpec.require(
                    paddingIdx.orElse(0) >= 0 && paddingIdx.orElse(0) < numEmbeddings,
                    "padding_idx must be a row");
        }
    }
}
