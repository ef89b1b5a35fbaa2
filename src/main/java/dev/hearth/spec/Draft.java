package dev.hearth.spec;

import java.util.List;

/** A model as far as it could be read, so that one unreadable layer does not hide other errors. */
sealed interface Draft {

    /** A layer with no layers in it. */
    record Leaf(LayerSpec spec) implements Draft {}

    record Group(List<Draft> children) implements Draft {
        public Group {
            children = List.copyOf(children);
        }

        /**
         * The same as a layer.
         *
         * @throws IllegalStateException if any of it could not be read
         */
        LayerSpec.Sequential sequential() {
            return new LayerSpec.Sequential(children.stream().map(Group::spec).toList());
        }

        private static LayerSpec spec(Draft draft) {
            return switch (draft) {
                case Leaf(LayerSpec spec) -> spec;
                case Group group -> group.sequential();
                case Gap _ -> throw new IllegalStateException("a layer that could not be read");
            };
        }
    }

    /** A layer that could not be read, whatever it makes of its input. */
    record Gap() implements Draft {}

    static Draft of(LayerSpec spec) {
        return spec instanceof LayerSpec.Sequential sequential ? of(sequential) : new Leaf(spec);
    }

    static Group of(LayerSpec.Sequential sequential) {
        return new Group(sequential.layers().stream().map(Draft::of).toList());
    }
}
