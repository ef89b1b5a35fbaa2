package dev.hearth.run;

/**
 * A sum that keeps what rounding loses, so that it hardly depends on the order of its terms.
 *
 * <p>Source: A. Neumaier, Rundungsfehleranalyse einiger Verfahren zur Summation endlicher Summen,
 * 1974.
 */
final class NeumaierSum {

    private double sum;
    private double lost;

    void add(double term) {
        double next = sum + term;
        lost += Math.abs(sum) >= Math.abs(term) ? sum - next + term : term - next + sum;
        sum = next;
    }

    double value() {
        return sum + lost;
    }
}
