package dev.hearth.serving;

/**
 * The points and weights of the Gauss-Legendre rule on [0, 1], those of NumPy's {@code leggauss}
 * halved and moved, as Captum has them.
 *
 * @param points in rising order
 * @param weights add up to 1
 */
@SuppressWarnings("ArrayRecordComponent") // made once for a request, never compared
record GaussLegendre(double[] points, double[] weights) {

    private static final int MOST_ITERATIONS = 100;

    /** By Newton's method from Tricomi's first guess at the roots of the polynomial. */
    static GaussLegendre of(int count) {
        var points = new double[count];
        var weights = new double[count];
        for (int i = 0; i < count; i++) {
            double x = Math.cos(Math.PI * (i + 0.75) / (count + 0.5));
            double slope = 0;
            for (int k = 0; k < MOST_ITERATIONS; k++) {
                double before = 1;
                double value = x;
                for (int n = 2; n <= count; n++) {
                    double next = ((2 * n - 1) * x * value - (n - 1) * before) / n;
                    before = value;
                    value = next;
                }
                slope = count * (x * value - before) / (x * x - 1);
                double step = value / slope;
                x -= step;
                if (Math.abs(step) < 1e-15) {
                    break;
                }
            }
            // From the largest root on, so from the end of the interval.
            points[count - 1 - i] = (1 + x) / 2;
            weights[count - 1 - i] = 1 / ((1 - x * x) * slope * slope);
        }
        return new GaussLegendre(points, weights);
    }
}
