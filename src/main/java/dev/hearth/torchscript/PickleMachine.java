package dev.hearth.torchscript;

import dev.hearth.problem.ProblemException;
import dev.hearth.tensorfile.BadFile;
import dev.hearth.tensorfile.ElementType;
import dev.hearth.torchscript.PickleValue.Callable;
import dev.hearth.torchscript.PickleValue.Dict;
import dev.hearth.torchscript.PickleValue.Items;
import dev.hearth.torchscript.PickleValue.Nothing;
import dev.hearth.torchscript.PickleValue.Real;
import dev.hearth.torchscript.PickleValue.StorageClass;
import dev.hearth.torchscript.PickleValue.Text;
import dev.hearth.torchscript.PickleValue.Truth;
import dev.hearth.torchscript.PickleValue.Tuple;
import dev.hearth.torchscript.PickleValue.Whole;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Runs the pickle of a state_dict. A pickle is a program; this machine knows only the instructions
 * that {@code torch.save} writes for tensors in dictionaries and lists, and only three functions,
 * which make tensors out of the file's own bytes. Nothing else is ever called or looked up, and
 * stack, memo and the number of values are bounded.
 *
 * <p>Source: CPython's {@code Lib/pickle.py} (class {@code _Unpickler}) for the instructions;
 * {@code torch/serialization.py} for what is written.
 */
final class PickleMachine {

    private static final int MOST_VALUES = 1_000_000;
    private static final int MOST_OPEN_MARKS = 1_000;

    private final PickleInput in;
    private final Tensors tensors;
    private final List<PickleValue> stack = new ArrayList<>();
    private final List<Integer> marks = new ArrayList<>();
    private final Map<Long, PickleValue> memo = new HashMap<>();
    private int values;

    /** Makes tensors and storages of what a pickle says about them. */
    interface Tensors {

        /**
         * @throws ProblemException without a place, which the machine knows
         */
        PickleValue call(Callable function, Tuple arguments);

        PickleValue storage(PickleValue id);
    }

    private PickleMachine(PickleInput in, Tensors tensors) {
        this.in = in;
        this.tensors = tensors;
    }

    /** What the pickle makes. */
    static PickleValue run(PickleInput in, Tensors tensors) {
        return new PickleMachine(in, tensors).run();
    }

    private PickleValue run() {
        if (in.nextOpcode() != Opcode.PROTO || in.byteValue() != 2) {
            throw in.bad(
                    "expected a pickle of protocol 2, torch.save's default; leave out pickle_protocol"
                            + " when saving");
        }
        while (true) {
            Opcode opcode = in.nextOpcode();
            if (opcode == Opcode.STOP) {
                PickleValue result = pop();
                if (!stack.isEmpty() || !marks.isEmpty()) {
                    throw in.bad("the pickle ends with values left over");
                }
                in.requireEnd();
                return result;
            }
            step(opcode);
        }
    }

    private void step(Opcode opcode) {
        switch (opcode) {
            case NONE -> push(new Nothing());
            case NEWTRUE -> push(new Truth(true));
            case NEWFALSE -> push(new Truth(false));
            case BININT1 -> push(new Whole(in.byteValue()));
            case BININT2 -> push(new Whole(in.shortValue()));
            case BININT -> push(new Whole(in.intValue()));
            case LONG1 -> push(new Whole(in.longValue()));
            case BINFLOAT -> push(new Real(in.doubleValue()));
            case BINUNICODE -> push(new Text(in.text()));
            case EMPTY_TUPLE -> push(new Tuple(List.of()));
            case TUPLE1 -> push(new Tuple(popAll(1)));
            case TUPLE2 -> push(new Tuple(popAll(2)));
            case TUPLE3 -> push(new Tuple(popAll(3)));
            case TUPLE -> push(new Tuple(popToMark()));
            case EMPTY_LIST -> push(new Items());
            case EMPTY_DICT -> push(new Dict(false));
            case MARK -> mark();
            case APPEND -> append(popAll(1));
            case APPENDS -> append(popToMark());
            case SETITEM -> setItems(popAll(2));
            case SETITEMS -> setItems(popToMark());
            case BINPUT -> put(in.byteValue());
            case LONG_BINPUT -> put(in.unsignedIntValue());
            case BINGET -> get(in.byteValue());
            case LONG_BINGET -> get(in.unsignedIntValue());
            case GLOBAL -> push(global(in.line(), in.line()));
            case BINPERSID -> push(located(() -> tensors.storage(pop())));
            case REDUCE -> reduce();
            case BUILD -> build();
            case STACK_GLOBAL, INST, OBJ, NEWOBJ, NEWOBJ_EX, EXT1, EXT2, EXT4 ->
                    throw in.bad(
                            "%s makes objects of any class, and is never followed; save tensors only:"
                                            .formatted(opcode)
                                    + " torch.save(model.state_dict(), \"weights.pt\")");
            case POP,
                    POP_MARK,
                    DUP,
                    FLOAT,
                    INT,
                    LONG,
                    LONG4,
                    PERSID,
                    STRING,
                    BINSTRING,
                    SHORT_BINSTRING,
                    UNICODE,
                    DICT,
                    GET,
                    LIST,
                    PUT,
                    BINBYTES,
                    SHORT_BINBYTES,
                    SHORT_BINUNICODE,
                    BINUNICODE8,
                    BINBYTES8,
                    EMPTY_SET,
                    ADDITEMS,
                    FROZENSET,
                    MEMOIZE,
                    FRAME,
                    BYTEARRAY8,
                    NEXT_BUFFER,
                    READONLY_BUFFER,
                    PROTO,
                    STOP ->
                    throw in.bad(
                            "the instruction %s is not one that torch.save writes for a state_dict"
                                            .formatted(opcode)
                                    + "; save tensors only, with the default pickle_protocol");
        }
    }

    private void push(PickleValue value) {
        if (++values > MOST_VALUES) {
            throw in.bad(
                    "the pickle makes more than %d values; save the weights alone, without optimizer"
                                    .formatted(MOST_VALUES)
                            + " state");
        }
        stack.add(value);
    }

    private PickleValue pop() {
        return popAll(1).getFirst();
    }

    /** The topmost values, the deepest first. */
    private List<PickleValue> popAll(int count) {
        return popFrom(stack.size() - count);
    }

    private List<PickleValue> popToMark() {
        if (marks.isEmpty()) {
            throw in.bad("there is no MARK to go back to");
        }
        return popFrom(marks.removeLast());
    }

    private List<PickleValue> popFrom(int first) {
        // What lies below an open mark is not there for those above it.
        if (first < (marks.isEmpty() ? 0 : marks.getLast())) {
            throw in.bad("the stack has fewer values than the instruction takes");
        }
        List<PickleValue> top = stack.subList(first, stack.size());
        List<PickleValue> popped = List.copyOf(top);
        top.clear();
        return popped;
    }

    private PickleValue top() {
        if (stack.size() <= (marks.isEmpty() ? 0 : marks.getLast())) {
            throw in.bad("the stack has fewer values than the instruction takes");
        }
        return stack.getLast();
    }

    private void mark() {
        if (marks.size() == MOST_OPEN_MARKS) {
            throw in.bad(
                    "more than %d MARKs are open, and a state_dict needs a handful"
                            .formatted(MOST_OPEN_MARKS));
        }
        marks.add(stack.size());
    }

    private void append(List<PickleValue> items) {
        PickleValue target = top();
        if (!(target instanceof Items list)) {
            throw in.bad("items are appended to " + target.kind() + ", which is no list");
        }
        list.addAll(items);
    }

    private void setItems(List<PickleValue> items) {
        PickleValue target = top();
        if (!(target instanceof Dict dict)) {
            throw in.bad("items are set in " + target.kind() + ", which is no dictionary");
        }
        if (items.size() % 2 != 0) {
            throw in.bad("a key is set without a value");
        }
        for (int i = 0; i < items.size(); i += 2) {
            if (!(items.get(i) instanceof PickleValue.Key key)) {
                throw in.bad(
                        "a dictionary's key is %s; a state_dict has names"
                                .formatted(items.get(i).kind()));
            }
            if (!dict.put(key, items.get(i + 1))) {
                throw in.bad("a dictionary has " + key.kind() + " twice");
            }
        }
    }

    private void put(long index) {
        if (memo.put(index, top()) == null && memo.size() > MOST_VALUES) {
            throw in.bad("more than %d values are remembered".formatted(MOST_VALUES));
        }
    }

    private void get(long index) {
        PickleValue value = memo.get(index);
        if (value == null) {
            throw in.bad("value %d is asked for and was never remembered".formatted(index));
        }
        push(value);
    }

    private PickleValue global(String module, String name) {
        for (Callable function : Callable.values()) {
            if (function.module.equals(module) && function.function.equals(name)) {
                return function;
            }
        }
        if (module.equals("torch")) {
            @Nullable ElementType type = ElementType.ofStorageClass(name).orElse(null);
            if (type != null) {
                return new StorageClass(type);
            }
            if (name.endsWith("Storage")) {
                throw in.bad(
                        "tensors of torch.%s are not read; convert them to one of %s"
                                .formatted(name, ElementType.dtypes()));
            }
        }
        throw in.bad(
                "%s is not among what a state_dict needs, and is never looked up or called; save tensors"
                                .formatted(BadFile.quoted(module + "." + name))
                        + " only: torch.save(model.state_dict(), \"weights.pt\"), not torch.save(model, …)");
    }

    private void reduce() {
        List<PickleValue> call = popAll(2);
        if (!(call.getFirst() instanceof Callable function)) {
            throw in.bad(call.getFirst().kind() + " is called, which is no function");
        }
        if (!(call.getLast() instanceof Tuple arguments)) {
            throw in.bad("a function's arguments are " + call.getLast().kind() + ", not a tuple");
        }
        push(located(() -> tensors.call(function, arguments)));
    }

    /** Of an {@code OrderedDict} alone, and of it only what {@code state_dict()} adds. */
    private void build() {
        PickleValue state = pop();
        PickleValue target = top();
        boolean isMetadata =
                target instanceof Dict dict
                        && dict.ordered()
                        && state instanceof Dict attributes
                        && attributes.items().keySet().stream()
                                .allMatch(new Text("_metadata")::equals);
        if (!isMetadata) {
            throw in.bad(
                    "BUILD gives %s attributes of its own; only an OrderedDict's _metadata is allowed"
                            .formatted(target.kind()));
        }
    }

    private interface Making {
        PickleValue make();
    }

    /** Adds the place to what is wrong with a storage or a tensor. */
    private PickleValue located(Making making) {
        try {
            return making.make();
        } catch (BadTensor e) {
            throw in.bad(String.valueOf(e.getMessage()));
        }
    }

    /** What a pickle says of a tensor cannot be. */
    static final class BadTensor extends RuntimeException {
        private static final long serialVersionUID = 1L;

        BadTensor(String message) {
            super(message, null, false, false);
        }
    }
}
