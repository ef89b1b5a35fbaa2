package dev.hearth.dataset;

import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;

/**
 * Real data that ships with Hearth, so that a first run needs no file.
 *
 * @param name what to ask for
 * @param file what it is made of
 * @param target the column that is usually predicted
 * @param source whose data it is
 */
record Sample(
        String name, String description, String file, long rows, String target, String source) {

    static final List<Sample> ALL =
            List.of(
                    new Sample(
                            "iris",
                            "Four measurements of flowers of three species",
                            "iris.csv",
                            150,
                            "species",
                            "R. A. Fisher, 1936; UCI Machine Learning Repository"),
                    new Sample(
                            "breast_cancer",
                            "Thirty measurements of cell nuclei, benign or malignant",
                            "breast_cancer.csv",
                            569,
                            "diagnosis",
                            "Wisconsin Diagnostic Breast Cancer, 1995; UCI Machine Learning"
                                    + " Repository"),
                    new Sample(
                            "diabetes",
                            "Ten measurements of patients and how the disease went on",
                            "diabetes.csv",
                            442,
                            "progression",
                            "Efron, Hastie, Johnstone and Tibshirani, 2004"),
                    new Sample(
                            "digits",
                            "Handwritten digits as 8×8 grey values from 0 to 16",
                            "digits.csv",
                            1797,
                            "digit",
                            "Optical Recognition of Handwritten Digits, 1998; UCI Machine Learning"
                                    + " Repository"),
                    new Sample(
                            "mnist",
                            "Handwritten digits as grey pictures of 28×28 pixels, a hundred of each",
                            "mnist.zip",
                            1000,
                            "label",
                            "Y. LeCun, C. Cortes and C. J. C. Burges, 1998; the MNIST database"));

    static Sample require(String name) {
        return ALL.stream()
                .filter(sample -> sample.name().equals(name))
                .findFirst()
                .orElseThrow(() ->
                        ProblemException.at(
                                ProblemCode.INVALID_DATASET,
                                "/builtin",
                                "there is no built-in data set '%s'; there are %s"
                                        .formatted(name, ALL.stream().map(Sample::name).toList())));
    }

    FileContent content() {
        return () -> {
            InputStream in = Sample.class.getResourceAsStream("/samples/" + file);
            if (in == null) {
                throw new FileNotFoundException("sample " + file);
            }
            return in;
        };
    }

    long sizeBytes() throws IOException {
        try (var in = content().open()) {
            return in.transferTo(OutputStream.nullOutputStream());
        }
    }
}
