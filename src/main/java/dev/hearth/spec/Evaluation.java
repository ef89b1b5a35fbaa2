package dev.hearth.spec;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How good a trained model is over the rows that were held out. It travels with the model. Which
 * parts there are depends on what the model predicts; the others are null.
 *
 * @param rows how many were held out
 * @param metrics that are one number, by name: {@code loss} and all that suit the model
 * @param classes each class, in order
 * @param labels each target column that says yes or no
 * @param targets each target column of numbers, where there are several
 * @param confusion rows by class; null for more than 1,000 classes
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Evaluation(
        long rows,
        Map<String, Double> metrics,
        @Nullable List<ClassScore> classes,
        @Nullable List<LabelScore> labels,
        @Nullable List<TargetScore> targets,
        @Nullable Confusion confusion) {

    /**
     * How well one class is told from the others.
     *
     * @param name of the class, as text
     * @param precision of the rows that are said to be of it, the fraction that are; 0 for none
     * @param recall of its rows, the fraction that are found; 0 for none
     * @param f1 the harmonic mean of the two; 0 where both are
     * @param support how many rows are of it
     * @param rocAuc against all other classes; null where there are no rows of it, or no others
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record ClassScore(
            String name,
            double precision,
            double recall,
            double f1,
            long support,
            @Nullable Double rocAuc) {}

    /**
     * How well one target that says yes or no is predicted.
     *
     * @param column its name
     * @param accuracy the fraction of rows that are right in it
     * @param precision of the rows that are said to be yes, the fraction that are; 0 for none
     * @param recall of the rows that are yes, the fraction that are found; 0 for none
     * @param f1 the harmonic mean of the two; 0 where both are
     * @param support how many rows are yes
     * @param rocAuc null where all rows say the same
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record LabelScore(
            String column,
            double accuracy,
            double precision,
            double recall,
            double f1,
            long support,
            @Nullable Double rocAuc) {}

    /**
     * How well one number is predicted.
     *
     * @param column its name
     * @param mae in its unit
     * @param rmse in its unit
     * @param r2 null where it is the same in all rows
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record TargetScore(String column, double mae, double rmse, @Nullable Double r2) {}

    /**
     * Rows by their class and by what they are said to be.
     *
     * @param classes the names of rows and columns, in order
     * @param counts for each class, how many of its rows are said to be of each class
     */
    public record Confusion(List<String> classes, List<List<Long>> counts) {}
}
