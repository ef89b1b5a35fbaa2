package dev.hearth.model;

import java.util.UUID;

/** Where a model came from: which run, on exactly which data. */
public record Lineage(UUID runId, UUID datasetId, String datasetSha256) {}
