package dev.hearth.importing;

import dev.hearth.http.JsonBody;
import dev.hearth.model.Lineage;
import dev.hearth.model.ModelName;
import dev.hearth.model.ModelVersion;
import dev.hearth.model.Models;
import dev.hearth.model.Target;
import dev.hearth.spec.ImportReader;
import dev.hearth.spec.ImportRequest;
import dev.hearth.spec.Limits;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** Reads what is to be imported, and finds the version that it is to be like. */
@Component
class ImportRecipes {

    private final JsonBody json;
    private final Models models;
    private final ImportReader reader = new ImportReader(Limits.DEFAULT);

    ImportRecipes(JsonBody json, Models models) {
        this.json = json;
        this.models = models;
    }

    ImportRequest parse(byte[] body) {
        return reader.read(json.parse(body));
    }

    /**
     * @param body that the request was read from
     */
    Recipe recipe(ImportRequest request, byte[] body) {
        return switch (request.source()) {
            case ImportRequest.Like like -> like(like);
            case ImportRequest.Own own ->
                    new Recipe(
                            new String(body, StandardCharsets.UTF_8),
                            own.model(),
                            own.encoding(),
                            target(own),
                            Optional.empty());
        };
    }

    private Recipe like(ImportRequest.Like like) {
        var name = new ModelName(like.name());
        ModelVersion version =
                like.version().isPresent()
                        ? models.require(name, like.version().getAsInt())
                        : models.requireLatest(name);
        byte[] specification = version.specification().getBytes(StandardCharsets.UTF_8);
        return new Recipe(
                version.specification(),
                reader.stored(json.parse(specification), version.input()),
                version.input(),
                version.target(),
                Optional.of(new Lineage.VersionId(name.value(), version.number())));
    }

    private static Target target(ImportRequest.Own own) {
        Target.Kind kind =
                switch (own.target().kind()) {
                    case NUMERIC -> Target.Kind.NUMBER;
                    case INTEGER -> Target.Kind.INTEGER;
                    case BOOLEAN -> Target.Kind.BOOLEAN;
                    case CATEGORICAL, TEXT -> Target.Kind.CATEGORY;
                };
        return new Target(
                List.of(own.target().column()),
                own.model().loss().task(1),
                kind,
                own.target().classes());
    }
}
