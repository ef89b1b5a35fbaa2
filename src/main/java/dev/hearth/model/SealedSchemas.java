package dev.hearth.model;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import dev.hearth.spec.Encoding;
import dev.hearth.spec.LearnedStep;
import dev.hearth.spec.TransformSpec;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.media.Discriminator;
import io.swagger.v3.oas.models.media.Schema;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springframework.stereotype.Component;

/**
 * What the OpenAPI document says of the closed sets in a version: which {@code type} each member
 * has, wherever one of them stands. springdoc lists the members, but knows schemas only by the
 * names of classes.
 */
@Component
class SealedSchemas implements OpenApiCustomizer {

    private static final String PLACE = "#/components/schemas/";

    private static final List<Class<?>> SETS =
            List.of(Encoding.Feature.class, LearnedStep.class, TransformSpec.class);

    @Override
    public void customise(OpenAPI document) {
        var schemas = document.getComponents().getSchemas();
        for (Class<?> set : SETS) {
            var discriminator = new Discriminator().propertyName("type");
            members(set)
                    .forEach(member ->
                            discriminator.mapping(
                                    member.name(), PLACE + member.value().getSimpleName()));
            requireNonNull(schemas.get(set.getSimpleName())).setDiscriminator(discriminator);
            Collection<String> places = discriminator.getMapping().values();
            schemas.values().stream()
                    .flatMap(SealedSchemas::parts)
                    .filter(part -> isOneOf(part, places))
                    .forEach(part -> part.setDiscriminator(discriminator));
        }
    }

    private static Stream<JsonSubTypes.Type> members(Class<?> set) {
        return Arrays.stream(set.getAnnotation(JsonSubTypes.class).value());
    }

    /** The schema itself, and all that it is made of. */
    private static Stream<Schema<?>> parts(Schema<?> schema) {
        var within = new ArrayList<Schema<?>>();
        if (schema.getItems() != null) {
            within.add(schema.getItems());
        }
        if (schema.getProperties() != null) {
            schema.getProperties().values().forEach(within::add);
        }
        if (schema.getAllOf() != null) {
            schema.getAllOf().forEach(within::add);
        }
        return Stream.concat(Stream.of(schema), within.stream().flatMap(SealedSchemas::parts));
    }

    private static boolean isOneOf(Schema<?> schema, Collection<String> places) {
        return schema.getOneOf() != null
                && schema.getOneOf().stream()
                        .map(each -> each.get$ref())
                        .collect(Collectors.toSet())
                        .equals(Set.copyOf(places));
    }
}
