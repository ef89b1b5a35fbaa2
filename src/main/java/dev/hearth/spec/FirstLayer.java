package dev.hearth.spec;

import java.util.Optional;
import java.util.OptionalLong;

/** What a model's first layer says of its input, for a check that says nothing else of it. */
final class FirstLayer {

    private FirstLayer() {}

    /** Of a {@code Linear} that says it. */
    static OptionalLong inFeatures(Draft model) {
        return of(model)
                .filter(first ->
                        first instanceof Draft.Leaf(Projection.Linear linear, _)
                                && linear.inFeatures().isPresent())
                .map(first -> ((Projection.Linear) ((Draft.Leaf) first).spec()).inFeatures())
                .orElse(OptionalLong.empty());
    }

    /** Whether what comes first could not be read, so that nothing can be said of the input. */
    static boolean isUnread(Draft model) {
        return of(model).filter(Draft.Gap.class::isInstance).isPresent();
    }

    /** Empty where an operation comes first. */
    private static Optional<Draft> of(Draft draft) {
        return switch (draft) {
            case Draft.Leaf _, Draft.Gap _ -> Optional.of(draft);
            case Draft.Group group -> of(group.parts().getFirst().draft());
            case Draft.Custom custom -> {
                if (custom.nodes().getFirst().isEmpty()) {
                    yield Optional.of(new Draft.Gap());
                }
                yield custom.nodes()
                        .getFirst()
                        .filter(Graph.Call.class::isInstance)
                        .flatMap(call -> module(custom, ((Graph.Call) call).module()))
                        .flatMap(FirstLayer::of);
            }
        };
    }

    /** Of a member of a list, the list is enough: its first layer is as good as any. */
    private static Optional<Draft> module(Draft.Custom custom, String module) {
        return custom.parts().stream()
                .filter(part -> part.name().equals(module.split("\\.")[0]))
                .map(Draft.Part::draft)
                .findFirst();
    }
}
