package dev.hearth.dataset;

/**
 * Told how far the preparing of a data set is, and what it takes. What it throws stops the
 * preparing.
 */
@FunctionalInterface
interface PreparationProgress {

    PreparationProgress NONE = (_, _) -> {};

    /**
     * To be called often, a few times a second at least.
     *
     * @param fraction that is done, from 0 to 1
     * @param what is being done, in a few words, such as {@code decoding images}
     */
    void at(double fraction, String what);

    /**
     * To be called before bytes are written that will be the data set's; those of small files may
     * be left out.
     */
    default void takes(long bytes) {}

    /** One that is told only what is taken. */
    default PreparationProgress quiet() {
        var told = this;
        return new PreparationProgress() {
            @Override
            public void at(double fraction, String what) {}

            @Override
            public void takes(long bytes) {
                told.takes(bytes);
            }
        };
    }
}
