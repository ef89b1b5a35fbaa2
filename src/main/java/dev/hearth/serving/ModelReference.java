package dev.hearth.serving;

import dev.hearth.model.AliasName;
import dev.hearth.model.ModelName;
import dev.hearth.model.VersionNumber;
import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import org.jspecify.annotations.Nullable;

/** What a request names: a model's latest version, a version by number, or an alias. */
public sealed interface ModelReference {

    ModelName model();

    /** What the model was called in the request, such as {@code iris@prod}. */
    default String asked() {
        return model().value();
    }

    /** The newest version, whichever that is. */
    record Latest(ModelName model) implements ModelReference {}

    /** A version by its number. */
    record Numbered(ModelName model, int version) implements ModelReference {}

    /** Whatever an alias stands for. */
    record Aliased(ModelName model, AliasName alias) implements ModelReference {
        @Override
        public String asked() {
            return model + "@" + alias;
        }
    }

    /**
     * Reads what a request names.
     *
     * @param name {@code iris} or {@code iris@prod}; {@code iris@latest} is {@code iris}
     * @param version a number; null or empty where there is none
     * @throws ProblemException MALFORMED_IDENTIFIER
     */
    static ModelReference of(String name, @Nullable String version) {
        int at = name.indexOf('@');
        if (at < 0) {
            var model = new ModelName(name);
            return version == null || version.isEmpty()
                    ? new Latest(model)
                    : new Numbered(model, VersionNumber.parse(version));
        }
        var model = new ModelName(name.substring(0, at));
        String alias = name.substring(at + 1);
        if (version != null && !version.isEmpty()) {
            throw new ProblemException(
                    ProblemCode.MALFORMED_IDENTIFIER,
                    "'%s' names a version already; leave either the alias or the version out"
                            .formatted(model + "@…"));
        }
        return alias.equals(AliasName.LATEST)
                ? new Latest(model)
                : new Aliased(model, new AliasName(alias));
    }
}
