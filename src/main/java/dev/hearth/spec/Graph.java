package dev.hearth.spec;

import java.util.List;
import java.util.Optional;

/**
 * What the {@code forward} of a {@link LayerSpec.Module} does: a list of named values, each made
 * from those before it.
 *
 * @param nodes in the order in which they are computed
 * @param output the name of the value that is returned
 */
public record Graph(List<Input> inputs, List<Node> nodes, String output) {

    public Graph {
        inputs = List.copyOf(inputs);
        nodes = List.copyOf(nodes);
    }

    /** A parameter of {@code forward}. */
    public record Input(String name, Source source) {}

    /** Where an input comes from. */
    public sealed interface Source {}

    /** From whoever calls the module; for the model itself, all there is. */
    public record Given() implements Source {}

    /** From these columns of the data set, encoded, in this order; only for the model itself. */
    public record Columns(List<String> names) implements Source {
        public Columns {
            names = List.copyOf(names);
        }
    }

    /** The next values of the model's input, in this shape; only in a check without a data set. */
    public record Extents(Shape shape) implements Source {}

    /** A value with a name. */
    public sealed interface Node {
        String name();

        /** Names of earlier nodes or inputs. */
        List<String> inputs();

        /** What makes it, in the user's words. */
        default String what() {
            return switch (this) {
                case Call call -> call.module();
                case Apply apply -> apply.op().op();
            };
        }
    }

    /**
     * What a module makes of its inputs. A module that is called twice has one set of parameters.
     *
     * @param module its attribute, or an index below a {@code ModuleList}'s, such as {@code
     *     blocks.0}; a {@code ModuleList} itself stands for its members in order
     */
    public record Call(String name, List<String> inputs, String module) implements Node {
        public Call {
            inputs = List.copyOf(inputs);
        }
    }

    /** What an operation without parameters makes of its inputs. */
    public record Apply(String name, List<String> inputs, OpSpec op) implements Node {
        public Apply {
            inputs = List.copyOf(inputs);
        }
    }

    /** The node of that name; empty if it is an input. */
    public Optional<Node> node(String name) {
        return nodes.stream().filter(node -> node.name().equals(name)).findFirst();
    }
}
