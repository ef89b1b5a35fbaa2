package dev.hearth.model;

import dev.hearth.spec.TransformSpec;
import org.springdoc.core.utils.SpringDocUtils;
import org.springframework.context.annotation.Configuration;

/** What the OpenAPI document says of models. */
@Configuration(proxyBeanMethods = false)
class ModelSchemas {

    static {
        // Its subtypes are found or not by the order in which types are looked at; the
        // specification's own page has them all.
        SpringDocUtils.getConfig().replaceWithClass(TransformSpec.class, Object.class);
    }
}
