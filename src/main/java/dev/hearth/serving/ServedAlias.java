package dev.hearth.serving;

import dev.hearth.model.Alias;
import dev.hearth.model.ModelVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An alias as requests need it.
 *
 * @param routes the versions of its setting's routes, in their order
 * @param shadow the version of its shadow
 */
record ServedAlias(Alias alias, List<ModelVersion> routes, Optional<ModelVersion> shadow) {

    ServedAlias {
        routes = List.copyOf(routes);
    }

    /** All versions that it names, those that answer first. */
    List<ModelVersion> versions() {
        var all = new ArrayList<>(routes);
        shadow.ifPresent(all::add);
        return all;
    }
}
