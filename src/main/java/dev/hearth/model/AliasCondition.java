package dev.hearth.model;

import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a caller knows of an alias: {@code If-Match} and {@code If-None-Match} of its request. Who
 * knows something else than what is so overwrites nothing.
 *
 * @param ifMatch the ETags of which the alias has to have one; null for whatever it is
 * @param ifNoneMatch those that it must not have; null for none
 */
public record AliasCondition(@Nullable String ifMatch, @Nullable String ifNoneMatch) {

    private static final String ANY = "*";

    /** The ETag of an alias. */
    public static String etag(Alias alias) {
        return "\"" + alias.revision() + "\"";
    }

    /**
     * @param current the alias as it is; empty where there is none
     * @throws ProblemException PRECONDITION_FAILED
     */
    void require(ModelName model, AliasName name, Optional<Alias> current) {
        if (ifMatch != null && current.filter(alias -> matches(ifMatch, alias)).isEmpty()) {
            throw failed(model, name, current, "If-Match", ifMatch);
        }
        if (ifNoneMatch != null && current.filter(alias -> matches(ifNoneMatch, alias)).isPresent()) {
            throw failed(model, name, current, "If-None-Match", ifNoneMatch);
        }
    }

    private static boolean matches(String header, Alias alias) {
        return Arrays.stream(header.split(","))
                .map(String::strip)
                .anyMatch(each -> each.equals(ANY) || each.equals(etag(alias)));
    }

    private static ProblemException failed(
            ModelName model,
            AliasName name,
            Optional<Alias> current,
            String header,
            String expected) {
        return new ProblemException(
                ProblemCode.PRECONDITION_FAILED,
                "%s is %s, and the ETag of alias '%s' of model '%s' is %s; look at it again, and send what it has then"
                        .formatted(
                                header,
                                expected.length() > 60 ? expected.substring(0, 60) + "…" : expected,
                                name,
                                model,
                                current.map(alias ->
                                                "%s, since %s of '%s'"
                                                        .formatted(
                                                                etag(alias),
                                                                alias.changedAt(),
                                                                alias.changedBy().name()))
                                        .orElse("none, as there is no such alias")));
    }
}
