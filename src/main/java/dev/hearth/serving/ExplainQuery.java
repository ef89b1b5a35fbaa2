package dev.hearth.serving;

import dev.hearth.model.Target;
import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import dev.hearth.serving.Question.Patience;
import dev.hearth.spec.BlockInput;
import dev.hearth.spec.Encoding;
import dev.hearth.spec.InputForm;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;

/**
 * What a request says about the explanation that it wants.
 *
 * @param accepted the types that it takes as an answer; empty for any
 */
record ExplainQuery(
        HttpServletRequest request,
        ExplainMethod method,
        ExplainedOutput.Wanted wanted,
        List<MediaType> accepted) {

    private static final int MOST_DIGITS = 9;

    /** As for all answers: what is said most exactly counts most. */
    private static final Comparator<MediaType> WANTED_FIRST =
            Comparator.comparingDouble(MediaType::getQualityValue)
                    .reversed()
                    .thenComparing(MediaType::isWildcardType)
                    .thenComparing(MediaType::isWildcardSubtype);

    /** What an answer is. */
    enum Form {
        JSON(RequestRows.JSON),
        CSV(RequestRows.CSV),
        PNG(MediaType.IMAGE_PNG_VALUE);

        private final String mediaType;

        Form(String mediaType) {
            this.mediaType = mediaType;
        }

        MediaType mediaType() {
            return MediaType.parseMediaType(mediaType);
        }
    }

    ExplainQuery {
        accepted = List.copyOf(accepted);
    }

    /**
     * @throws ProblemException INVALID_PARAMETER for what is unknown or out of range
     */
    static ExplainQuery of(HttpServletRequest request) {
        return new ExplainQuery(
                request,
                ExplainMethod.of(
                        request.getParameter("explain"),
                        number(request, "steps"),
                        number(request, "window"),
                        number(request, "stride")),
                new ExplainedOutput.Wanted(
                        request.getParameter("explain_class"),
                        request.getParameter("explain_output")),
                accepted(request));
    }

    Patience patience(RequestPatience patience) {
        return patience.of(request, number(request, "timeout_ms"), number(request, "priority"));
    }

    /**
     * @param own the row beside the request's rows
     * @throws ProblemException INVALID_PARAMETER where it does not suit the method or the model
     */
    Baseline baseline(Optional<Rows> own, InputForm input) {
        return Baseline.of(own, number(request, Baseline.NAME), method, input);
    }

    TopClasses top(Target target) {
        return TopClasses.of(number(request, "top_k"), target);
    }

    /**
     * The form of the answer: of those that there are for a model's input, the one that is wanted
     * first.
     *
     * @throws ProblemException NOT_ACCEPTABLE if none of them is
     */
    Form form(InputForm input) {
        List<Form> possible =
                switch (input) {
                    case BlockInput block ->
                            switch (block.kind()) {
                                case IMAGE -> List.of(Form.PNG, Form.JSON);
                                case TENSOR -> List.of(Form.JSON);
                            };
                    case Encoding _ -> List.of(Form.JSON, Form.CSV);
                };
        return accepted.stream()
                .flatMap(type ->
                        possible.stream().filter(form -> type.isCompatibleWith(form.mediaType())))
                .findFirst()
                .orElseThrow(() ->
                        new ProblemException(
                                ProblemCode.NOT_ACCEPTABLE,
                                "an explanation of this model's input is "
                                        + possible.stream()
                                                .map(form -> form.mediaType().toString())
                                                .collect(Collectors.joining(" or "))));
    }

    private static List<MediaType> accepted(HttpServletRequest request) {
        List<String> headers = Collections.list(request.getHeaders(HttpHeaders.ACCEPT));
        try {
            List<MediaType> types = MediaType.parseMediaTypes(headers);
            return types.isEmpty()
                    ? List.of(MediaType.ALL)
                    : types.stream().sorted(WANTED_FIRST).toList();
        } catch (InvalidMediaTypeException e) {
            throw new ProblemException(
                    ProblemCode.NOT_ACCEPTABLE,
                    "the header Accept cannot be read: " + e.getMessage(),
                    e);
        }
    }

    private static @Nullable Integer number(HttpServletRequest request, String name) {
        String text = request.getParameter(name);
        if (text == null) {
            return null;
        }
        if (!text.matches("[+-]?[0-9]{1," + MOST_DIGITS + "}")) {
            throw ProblemException.at(
                    ProblemCode.INVALID_PARAMETER,
                    name,
                    "expected a whole number, got " + RowReader.quote(text));
        }
        return Integer.valueOf(text);
    }
}
