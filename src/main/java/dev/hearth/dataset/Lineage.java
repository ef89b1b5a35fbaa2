package dev.hearth.dataset;

import java.util.Optional;

/**
 * Where a data set comes from.
 *
 * @param family the first version; all versions have the same
 * @param version from 1; never given twice in a family
 * @param parent the version that this one was made of, which may have been deleted since
 */
record Lineage(DatasetId family, int version, Optional<DatasetId> parent) {}
