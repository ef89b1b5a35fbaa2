package dev.hearth.serving;

import dev.hearth.http.RequestFilter;
import dev.hearth.model.ModelName;
import dev.hearth.problem.Category;
import dev.hearth.problem.ProblemException;
import dev.hearth.problem.ProblemWriter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Asks {@link Admission} before a byte of a prediction's body is read. */
public final class AdmissionFilter extends RequestFilter {

    private final String end;
    private final Pattern path;
    private final Admission admission;
    private final ProblemWriter problems;

    /**
     * @param end of each of these paths, by which most others are told at once
     * @param path of predictions, with the groups {@code name}, {@code alias} and {@code version},
     *     the latter where it is said; other names than models have are let pass
     */
    public AdmissionFilter(String end, Pattern path, Admission admission, ProblemWriter problems) {
        this.end = end;
        this.path = path;
        this.admission = admission;
        this.problems = problems;
    }

    @Override
    protected void filter(
            HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        String asked = request.getServletPath();
        if (asked.endsWith(end) && request.getMethod().equals("POST")) {
            try {
                requireRoom(path.matcher(asked));
            } catch (ProblemException e) {
                if (e.code().category() == Category.OVERLOADED) {
                    problems.write(request, response, e);
                    return;
                }
                // All else is said by whoever reads the request, in the words that it has for it.
            }
        }
        chain.doFilter(request, response);
    }

    private void requireRoom(Matcher asked) {
        if (!asked.matches()) {
            return;
        }
        if (asked.group("alias") == null) {
            admission.requireRoom(new ModelName(asked.group("name")), version(asked));
        } else {
            requireRoom(
                    ModelReference.of(
                            asked.group("name") + "@" + asked.group("alias"),
                            asked.group("version")));
        }
    }

    private void requireRoom(ModelReference reference) {
        switch (reference) {
            case ModelReference.Aliased alias -> admission.requireRoom(alias);
            case ModelReference.Latest(var model) ->
                    admission.requireRoom(model, OptionalInt.empty());
            case ModelReference.Numbered(var model, int version) ->
                    admission.requireRoom(model, version);
        }
    }

    private static OptionalInt version(Matcher asked) {
        String version = asked.group("version");
        return version == null ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(version));
    }
}
