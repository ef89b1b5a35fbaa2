package dev.hearth.python;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/** A Python expression, and how it is laid out: on one line where it fits, else one part a line. */
sealed interface Expression {

    int LINE_LENGTH = 100;

    /** A word, a number or any other piece that stays on one line. */
    record Text(String text) implements Expression {}

    /** {@code function(arguments)}, with one argument a line where it is long. */
    record Call(String function, List<Expression> arguments) implements Expression {
        public Call {
            arguments = List.copyOf(arguments);
        }

        static Call of(String function, Object... arguments) {
            Call call = new Call(function, List.of());
            for (Object argument : arguments) {
                call = call.with(argument);
            }
            return call;
        }

        Call with(Object argument) {
            var all = new ArrayList<>(arguments);
            all.add(Expression.of(argument));
            return new Call(function, all);
        }

        Call with(String name, Object value) {
            return with(new Named(name, Expression.of(value)));
        }

        /** A keyword argument, left out where it is what PyTorch takes anyway. */
        Call unless(Object usual, String name, Object value) {
            return value.equals(usual) ? this : with(name, value);
        }
    }

    /** A keyword argument. */
    record Named(String name, Expression value) implements Expression {}

    /** A list, with as many elements a line as fit. */
    record Listing(List<Expression> elements) implements Expression {
        public Listing {
            elements = List.copyOf(elements);
        }
    }

    /** A list with an element a line. */
    record Rows(List<? extends Expression> elements) implements Expression {
        public Rows {
            elements = List.copyOf(elements);
        }
    }

    /** {@code [item for variable in source]}. */
    record Comprehension(String item, String variable, Expression source) implements Expression {
        private String head() {
            return "[%s for %s in ".formatted(item, variable);
        }
    }

    /** A tuple. */
    record Tuple(List<Expression> elements) implements Expression {
        public Tuple {
            elements = List.copyOf(elements);
        }
    }

    /** An entry of a dictionary. */
    record Entry(Expression key, Expression value) implements Expression {}

    /** A dictionary, with an entry a line where it is long. */
    record Dictionary(List<Entry> entries) implements Expression {
        public Dictionary {
            entries = List.copyOf(entries);
        }
    }

    /** A list of one string for each. */
    static Listing strings(Collection<String> values) {
        return new Listing(
                values.stream().<Expression>map(value -> new Text(Literal.of(value))).toList());
    }

    static Tuple tuple(double... values) {
        var elements = new ArrayList<Expression>();
        for (double value : values) {
            elements.add(of(value));
        }
        return new Tuple(elements);
    }

    static Tuple tuple(List<Long> values) {
        return new Tuple(values.stream().map(Expression::of).toList());
    }

    /** One number where all are equal, as PyTorch's {@code kernel_size}; a tuple otherwise. */
    static Expression each(List<Long> values) {
        return values.stream().distinct().count() == 1 ? of(values.getFirst()) : tuple(values);
    }

    static Listing longs(LongStream values) {
        return new Listing(values.mapToObj(Expression::of).toList());
    }

    /**
     * A number, a truth value or an expression; a {@code String} is a piece of Python, not a
     * string.
     */
    static Expression of(Object value) {
        return switch (value) {
            case Expression expression -> expression;
            case String code -> new Text(code);
            case Boolean truth -> new Text(Literal.of(truth.booleanValue()));
            case Integer number -> new Text(Literal.of(number.longValue()));
            case Long number -> new Text(Literal.of(number.longValue()));
            case Double number -> new Text(Literal.of(number.doubleValue()));
            default -> throw new IllegalArgumentException(value.getClass().toString());
        };
    }

    /** On one line. */
    default String flat() {
        return switch (this) {
            case Text(String text) -> text;
            case Call(String function, var arguments) -> function + "(" + joined(arguments) + ")";
            case Named(String name, Expression value) -> name + "=" + value.flat();
            case Listing(var elements) -> "[" + joined(elements) + "]";
            case Rows(var elements) -> "[" + joined(elements) + "]";
            case Comprehension comprehension ->
                    comprehension.head() + comprehension.source().flat() + "]";
            case Tuple(var elements) ->
                    "(" + joined(elements) + (elements.size() == 1 ? ",)" : ")");
            case Entry(Expression key, Expression value) -> key.flat() + ": " + value.flat();
            case Dictionary(var entries) -> "{" + joined(entries) + "}";
        };
    }

    private static String joined(List<? extends Expression> parts) {
        return parts.stream().map(Expression::flat).collect(Collectors.joining(", "));
    }

    /**
     * As the lines of a statement.
     *
     * @param before what stands before it on its first line, with its indentation
     * @param after what follows it on its last line
     */
    default String laidOut(String before, String after) {
        String flat = before + flat() + after;
        if (flat.length() <= LINE_LENGTH) {
            return flat;
        }
        String indent = before.substring(0, before.length() - before.stripLeading().length());
        String inner = indent + "    ";
        return switch (this) {
            case Text _, Tuple _ -> flat;
            case Named(String name, Expression value) -> value.laidOut(before + name + "=", after);
            case Entry(Expression key, Expression value) ->
                    value.laidOut(before + key.flat() + ": ", after);
            case Call(String function, var arguments) ->
                    before + function + "(\n" + lines(arguments, inner) + indent + ")" + after;
            case Dictionary(var entries) ->
                    before + "{\n" + lines(entries, inner) + indent + "}" + after;
            case Comprehension comprehension ->
                    comprehension.source().laidOut(before + comprehension.head(), "]" + after);
            case Rows(var elements) ->
                    before + "[\n" + lines(elements, inner) + indent + "]" + after;
            case Listing(var elements) ->
                    before + "[\n" + filled(elements, inner) + indent + "]" + after;
        };
    }

    private static String lines(List<? extends Expression> parts, String indent) {
        return parts.stream()
                .map(part -> part.laidOut(indent, ",") + "\n")
                .collect(Collectors.joining());
    }

    private static String filled(List<Expression> elements, String indent) {
        var text = new StringBuilder();
        var line = new StringBuilder(indent);
        for (Expression element : elements) {
            String next = element.flat() + ",";
            if (line.length() > indent.length()
                    && line.length() + 1 + next.length() > LINE_LENGTH) {
                text.append(line).append('\n');
                line.setLength(indent.length());
            }
            line.append(line.length() > indent.length() ? " " : "").append(next);
        }
        return text.append(line).append('\n').toString();
    }
}
