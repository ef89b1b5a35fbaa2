package dev.hearth.dataset;

/** Told how far the preparing of a data set is. What it throws stops the preparing. */
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
}
