package dev.hearth.dataset;

/**
 * A worker's right to write to a data set that is being prepared, until somebody else claims it and
 * so raises the fence.
 */
record DatasetLease(DatasetId dataset, long fence) {

    /** Of the transaction that inserts the data set: nobody can have claimed it. */
    static DatasetLease ofInsertion(DatasetId dataset) {
        return new DatasetLease(dataset, 0);
    }
}
