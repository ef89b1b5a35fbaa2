package dev.hearth.torchscript;

import static dev.hearth.torchscript.RawPickle.MARK;
import static dev.hearth.torchscript.RawPickle.ORDERED_DICT;
import static dev.hearth.torchscript.RawPickle.TUPLE;
import static dev.hearth.torchscript.RawPickle.dict;
import static dev.hearth.torchscript.RawPickle.global;
import static dev.hearth.torchscript.RawPickle.number;
import static dev.hearth.torchscript.RawPickle.numbers;
import static dev.hearth.torchscript.RawPickle.pickle;
import static dev.hearth.torchscript.RawPickle.storage;
import static dev.hearth.torchscript.RawPickle.tensor;
import static dev.hearth.torchscript.RawPickle.text;
import static dev.hearth.torchscript.RawPickle.vector;

import dev.hearth.problem.ProblemCode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Files that have to be refused, each with the problem that it gets and a part of its words. */
public final class BadModelFiles {

    /** One of them. */
    public record Case(
            String group, String name, Supplier<byte[]> bytes, ProblemCode code, String words) {
        @Override
        public String toString() {
            return group + ": " + name;
        }
    }

    private static final byte[] FOUR_FLOATS = new byte[16];

    private BadModelFiles() {}

    public static Stream<Case> all() {
        return Stream.of(zips(), pickles(), tensors(), fromPyTorch(), safetensors(), others())
                .flatMap(List::stream);
    }

    private static Case bad(String group, String name, Supplier<byte[]> bytes, String words) {
        return new Case(group, name, bytes, ProblemCode.INVALID_MODEL_FILE, words);
    }

    // Zips
    // -----------------------------------------------------------------------------------------

    private static List<Case> zips() {
        return List.of(
                zip(
                        "truncated in the middle",
                        zip -> {},
                        b -> Arrays.copyOf(b, b.length / 2),
                        "truncated"),
                zip("one byte short", zip -> {}, b -> Arrays.copyOf(b, b.length - 1), "truncated"),
                zip(
                        "one byte too many",
                        zip -> {},
                        b -> Arrays.copyOf(b, b.length + 1),
                        "follows it"),
                bad("zip", "four bytes", () -> RawPickle.bytes("PK\u0003\u0004"), "end record"),
                bad("zip", "empty zip", () -> new RawZip().build(), "the zip is empty"),
                zip("encrypted", flags(0x809), "encrypted"),
                zip("deflated", part("data.pkl", p -> p.method = 8), "compressed"),
                zip("strange flags", flags(0x80c), "flags 0x80c"),
                zip(
                        "local and central names differ",
                        part("data/0", p -> p.localName = "archive/data/1"),
                        "contradict"),
                zip(
                        "local and central flags differ",
                        part("data/0", p -> p.localFlags = 0x800),
                        "contradict"),
                zip(
                        "local and central sizes differ",
                        part("data/0", p -> p.localSize = 12),
                        "contradict"),
                zip(
                        "descriptor and directory differ",
                        part("data/0", p -> p.descriptorCrc++),
                        "contradicts"),
                zip("wrong checksum", part("data/0", p -> p.bytes[3]++), "checksum"),
                zip(
                        "record larger than the file",
                        part("data/0", p -> sizes(p, 1 << 20)),
                        "truncated"),
                zip("record of 4 GB", part("data/0", p -> sizes(p, 0xFFFF_FFFEL)), "truncated"),
                zip(
                        "zip64 size without its field",
                        part("data/0", p -> sizes(p, 0xFFFF_FFFFL)),
                        "lacks a size"),
                zip(
                        "zip64 size of 2⁶³",
                        part(
                                "data/0",
                                p -> {
                                    sizes(p, 0xFFFF_FFFFL);
                                    p.centralExtra =
                                            RawPickle.bytes(
                                                    "\u0001\u0000\u0010\u0000"
                                                            + RawPickle.little(Long.MIN_VALUE, 8)
                                                                    .repeat(2));
                                }),
                        "lacks a size"),
                zip(
                        "zip64 size of 2⁶²",
                        part(
                                "data/0",
                                p -> {
                                    sizes(p, 0xFFFF_FFFFL);
                                    p.centralExtra =
                                            RawPickle.bytes(
                                                    "\u0001\u0000\u0010\u0000"
                                                            + RawPickle.little(1L << 62, 8)
                                                                    .repeat(2));
                                }),
                        "truncated"),
                zip("2⁴⁰ records", zip -> zip.records = 1L << 40, "more than 200000 records"),
                zip("one record too many", zip -> zip.records = 5, "damaged at byte"),
                zip("one record too few", zip -> zip.records = 3, "contradict"),
                zip("directory elsewhere", zip -> zip.directoryPosition = 0, "contradict"),
                zip(
                        "directory of 2⁶³−1 bytes",
                        zip -> zip.directorySize = Long.MAX_VALUE,
                        "contradict"),
                zip(
                        "gap between records",
                        part("data/0", p -> p.before = new byte[5]),
                        "where the record before it ends"),
                zip(
                        "bytes before the first record",
                        part("data.pkl", p -> p.before = RawPickle.bytes("PK-----")),
                        "where the record before it ends"),
                zip(
                        "bytes before the directory",
                        zip -> zip.beforeDirectory = new byte[5],
                        "between its last record"),
                zip(
                        "two records of one name",
                        zip -> zip.add("archive/data/0", FOUR_FLOATS),
                        "two records"),
                zip("a second folder", zip -> zip.add("other/data/1", FOUR_FLOATS), "one folder"),
                zip("no folder", zip -> zip.add("data", FOUR_FLOATS), "one folder"),
                zip(
                        "a record ../data/0",
                        zip -> zip.add("archive/../data/0", FOUR_FLOATS),
                        "unknown record"),
                zip(
                        "a record /etc/passwd",
                        zip -> zip.add("/etc/passwd", FOUR_FLOATS),
                        "one folder"),
                zip(
                        "a record C:\\x",
                        zip -> zip.add("archive\\..\\x", FOUR_FLOATS),
                        "no record has"),
                zip(
                        "a name with a line feed",
                        zip -> zip.add("archive/da\nta", FOUR_FLOATS),
                        "no record has"),
                zip(
                        "a nested archive",
                        zip -> zip.add("archive/more.zip", FOUR_FLOATS),
                        "unknown record"),
                zip("no pickle", zip -> zip.remove("archive/data.pkl"), "no record data.pkl"),
                zip("no version", zip -> zip.remove("archive/version"), "no record version"),
                zip(
                        "version 999",
                        zip ->
                                zip.remove("archive/version")
                                        .add("archive/version", RawPickle.bytes("999\n")),
                        "expected 1 to 10"),
                zip(
                        "big-endian",
                        zip ->
                                zip.remove("archive/byteorder")
                                        .add("archive/byteorder", RawPickle.bytes("big")),
                        "little-endian machine"),
                zip(
                        "a TorchScript archive by hand",
                        zip -> zip.add("archive/code/__torch__.py", FOUR_FLOATS),
                        "TorchScript"));
    }

    private static Case zip(String name, Consumer<RawZip> change, String words) {
        return zip(name, change, b -> b, words);
    }

    private static Case zip(
            String name, Consumer<RawZip> change, UnaryOperator<byte[]> bytes, String words) {
        return bad(
                "zip",
                name,
                () -> {
                    // Its own storage, as some cases write to it.
                    RawZip zip = RawZip.pt(pickle(vector()), new byte[16]);
                    change.accept(zip);
                    return bytes.apply(zip.build());
                },
                words);
    }

    private static Consumer<RawZip> part(String name, Consumer<RawZip.Part> change) {
        return zip -> zip.change("archive/" + name, change);
    }

    private static Consumer<RawZip> flags(int flags) {
        return part(
                "data.pkl",
                part -> {
                    part.flags = flags;
                    part.localFlags = flags;
                });
    }

    private static void sizes(RawZip.Part part, long size) {
        part.size = size;
        part.compressedSize = size;
    }

    // Pickles
    // --------------------------------------------------------------------------------------

    private static List<Case> pickles() {
        return List.of(
                pickled(
                        "GLOBAL os.system, called",
                        global("os", "system") + text("id") + "\u0085R",
                        "'os.system' is not among"),
                pickled(
                        "GLOBAL builtins.eval",
                        global("builtins", "eval"),
                        "'builtins.eval' is not among"),
                pickled("GLOBAL torch.load", global("torch", "load"), "'torch.load' is not among"),
                pickled(
                        "GLOBAL torch.ComplexFloatStorage",
                        global("torch", "ComplexFloatStorage"),
                        "are not read"),
                pickled("GLOBAL without an end", "cos" + "x".repeat(100_000), "name of more than"),
                pickled(
                        "STACK_GLOBAL",
                        text("os") + text("system") + "\u0093",
                        "STACK_GLOBAL makes objects"),
                pickled("INST", MARK + "ios\nsystem\n", "INST makes objects"),
                pickled("OBJ", MARK + "No", "OBJ makes objects"),
                pickled("NEWOBJ", "N)\u0081", "NEWOBJ makes objects"),
                pickled("NEWOBJ_EX", "N)}\u0092", "NEWOBJ_EX makes objects"),
                pickled("EXT1", "\u0082\u0001", "EXT1 makes objects"),
                pickled("EXT2", "\u0083\u0001\u0000", "EXT2 makes objects"),
                pickled("EXT4", "\u0084\u0001\u0000\u0000\u0000", "EXT4 makes objects"),
                pickled("PERSID", "Pstorage\n", "PERSID is not one"),
                pickled("POP", "N0", "POP is not one"),
                pickled(
                        "BINBYTES8 of 2⁶³",
                        "\u008e" + RawPickle.little(Long.MAX_VALUE, 8),
                        "BINBYTES8 is not one"),
                pickled("LONG4 of 2 GB", "\u008b\u00ff\u00ff\u00ff\u007f", "LONG4 is not one"),
                pickled("FRAME", "\u0095" + RawPickle.little(-1, 8), "FRAME is not one"),
                pickled("a byte that is no instruction", "\u00ff", "0xff is no instruction"),
                pickled("protocol 2 twice", "\u0080\u0002", "PROTO is not one"),
                bad(
                        "pickle",
                        "protocol 4",
                        () -> pt(RawPickle.bytes("\u0080\u0004}.")),
                        "protocol 2"),
                bad("pickle", "protocol 0", () -> pt(RawPickle.bytes("}.")), "protocol 2"),
                bad("pickle", "empty", () -> pt(new byte[0]), "ends within an instruction"),
                bad(
                        "pickle",
                        "without STOP",
                        () -> pt(RawPickle.bytes("\u0080\u0002}")),
                        "ends within an instruction"),
                bad(
                        "pickle",
                        "more after STOP",
                        () -> pt(RawPickle.bytes("\u0080\u0002}.}.")),
                        "goes on after its end"),
                pickled("STOP on an empty stack", "", "fewer values"),
                pickled("values left over", "NN", "left over"),
                pickled("SETITEM on a list", "]" + text("a") + "Ns", "no dictionary"),
                pickled("SETITEM on a tuple", ")" + text("a") + "Ns", "no dictionary"),
                pickled("SETITEMS on a text", text("x") + MARK + text("a") + "Nu", "no dictionary"),
                pickled(
                        "SETITEMS of an odd number",
                        "}" + MARK + text("a") + "u",
                        "without a value"),
                pickled("a tuple as a key", "}" + ")Ns", "key is a tuple"),
                pickled("a key twice", "}" + MARK + (text("a") + "N").repeat(2) + "u", "'a' twice"),
                pickled("APPEND on a dictionary", "}Na", "no list"),
                pickled("BUILD on a dictionary", "}}b", "attributes of its own"),
                pickled(
                        "BUILD on a function",
                        global("collections", "OrderedDict") + "}b",
                        "attributes of its own"),
                pickled(
                        "BUILD with other attributes",
                        ORDERED_DICT + dict("__class__", "N") + "b",
                        "attributes of its own"),
                pickled("REDUCE of a text", text("eval") + ")R", "is called, which is no function"),
                pickled(
                        "REDUCE of a storage class",
                        global("torch", "FloatStorage") + ")R",
                        "no function"),
                pickled(
                        "REDUCE with a list",
                        global("collections", "OrderedDict") + "]R",
                        "not a tuple"),
                pickled("REDUCE without anything", "R", "fewer values"),
                pickled(
                        "OrderedDict of pairs",
                        global("collections", "OrderedDict") + "]\u0085R",
                        "OrderedDict takes ()"),
                pickled("an undefined memo", "h\u0007", "value 7 is asked for"),
                pickled(
                        "an undefined long memo",
                        "j\u00ff\u00ff\u00ff\u00ff",
                        "value 4294967295 is asked for"),
                pickled("a memo of nothing", "q\u0000", "fewer values"),
                pickled("TUPLE without a MARK", "t", "no MARK"),
                pickled("TUPLE2 over a MARK", "N" + MARK + "N\u0086", "fewer values"),
                pickled("ten million MARKs", MARK.repeat(10_000_000), "more than 1000 MARKs"),
                pickled("two million values", "N".repeat(2_000_000), "more than 1000000 values"),
                pickled(
                        "a million dictionaries",
                        ("]" + MARK + "}".repeat(300) + "e").repeat(3_400),
                        "more than 1000000 values"),
                pickled("40 MB", "N".repeat(40_000_000), "33554432 at most"),
                pickled(
                        "a text of 4 GB",
                        "X\u00ff\u00ff\u00ff\u00ff",
                        "a text of 4294967295 bytes"),
                pickled("a text past the end", "X\u00ff\u0000\u0000\u0000abc", "ends within"),
                pickled("a text in no UTF-8", "X\u0001\u0000\u0000\u0000\u00ff", "not UTF-8"),
                pickled(
                        "a number of 255 bytes",
                        "\u008a\u00ff" + "1".repeat(255),
                        "a number of 255 bytes"),
                pickled("a list in itself", "]q\u0000h\u0000a", "a list of 1, not a state_dict"),
                pickled(
                        "a dictionary in itself",
                        "}q\u0000" + text("a") + "h\u0000s",
                        "expected a tensor, got a dictionary"),
                pickled("not a state_dict", text("hello"), "the text 'hello', not a state_dict"),
                pickled("a number as a name", "}K\u0001" + "N" + "s", "the number 1 as a key"));
    }

    private static Case pickled(String name, String instructions, String words) {
        return bad("pickle", name, () -> pt(pickle(instructions)), words);
    }

    private static byte[] pt(byte[] pickle) {
        return RawZip.pt(pickle, FOUR_FLOATS).build();
    }

    // Tensors in pickles
    // ---------------------------------------------------------------------------

    private static List<Case> tensors() {
        String floats = storage("FloatStorage", "0", 4);
        return List.of(
                pickled(
                        "a persistent ID that is a text",
                        text("storage") + "Q",
                        "not ('storage', class"),
                pickled(
                        "a persistent ID 'module'",
                        MARK + text("module") + "NNNN" + TUPLE + "Q",
                        "not ('storage', class"),
                pickled(
                        "a persistent ID of six",
                        MARK
                                + text("storage")
                                + global("torch", "FloatStorage")
                                + text("0")
                                + text("cpu")
                                + number(4)
                                + "N"
                                + TUPLE
                                + "Q",
                        "not ('storage', class"),
                pickled(
                        "storage key ../data/0",
                        storage("FloatStorage", "../data/0", 4),
                        "the storage key is '../data/0'"),
                pickled(
                        "storage key of a record that is not there",
                        storage("FloatStorage", "7", 4),
                        "no record data/7"),
                pickled(
                        "numel more than the bytes",
                        storage("FloatStorage", "0", 5),
                        "5 elements of float32, but"),
                pickled(
                        "numel less than the bytes",
                        storage("FloatStorage", "0", 3),
                        "3 elements of float32, but"),
                pickled("numel of 2⁶²", storage("FloatStorage", "0", 1L << 62), "has 16 bytes"),
                pickled("numel of −1", storage("FloatStorage", "0", -1), "has 16 bytes"),
                pickled(
                        "one storage of two types",
                        "]" + MARK + floats + storage("IntStorage", "0", 4) + "e",
                        "as float32 and as int32"),
                built(
                        "offset outside",
                        floats,
                        5,
                        numbers(0),
                        numbers(1),
                        "not inside its storage"),
                built("offset of −1", floats, -1, numbers(1), numbers(1), "not inside its storage"),
                built(
                        "offset and size outside",
                        floats,
                        1,
                        numbers(4),
                        numbers(1),
                        "not inside its storage"),
                built(
                        "stride outside",
                        floats,
                        0,
                        numbers(2),
                        numbers(4),
                        "not inside its storage"),
                built(
                        "stride of 2⁶³−1",
                        floats,
                        0,
                        numbers(3),
                        numbers(Long.MAX_VALUE),
                        "not inside its storage"),
                built(
                        "a negative stride",
                        floats,
                        3,
                        numbers(4),
                        numbers(-1),
                        "stride has the number -1"),
                built(
                        "a negative size",
                        floats,
                        0,
                        numbers(-4),
                        numbers(1),
                        "size has the number -4"),
                built(
                        "size product past 2⁶³",
                        floats,
                        0,
                        numbers(1L << 32, 1L << 32),
                        numbers(0, 0),
                        "not inside its storage"),
                built(
                        "size and stride of other lengths",
                        floats,
                        0,
                        numbers(2, 2),
                        numbers(1),
                        "2 extents and 1 strides"),
                built(
                        "a size of texts",
                        floats,
                        0,
                        text("4") + "\u0085",
                        numbers(1),
                        "size has the text"),
                built(
                        "65 extents",
                        floats,
                        0,
                        numbers(new long[65]),
                        numbers(new long[65]),
                        "more than 64 numbers"),
                built(
                        "a tensor of no storage",
                        "N",
                        0,
                        numbers(4),
                        numbers(1),
                        "_rebuild_tensor_v2 takes"),
                pickled(
                        "a tensor of nothing",
                        global("torch._utils", "_rebuild_tensor_v2") + ")R",
                        "_rebuild_tensor_v2 takes"),
                pickled(
                        "a parameter of a text",
                        global("torch._utils", "_rebuild_parameter")
                                + text("x")
                                + "\u0088"
                                + ORDERED_DICT
                                + "\u0087R",
                        "_rebuild_parameter takes"),
                pickled("an empty dictionary", "}", "no tensors"));
    }

    private static Case built(
            String name, String storage, long offset, String size, String stride, String words) {
        return pickled(name, dict("w", tensor(storage, offset, size, stride)), words);
    }

    // What PyTorch itself writes
    // ---------------------------------------------------------------------

    private static List<Case> fromPyTorch() {
        return List.of(
                saved("module.pt", "torch.save(model.state_dict()"),
                saved("torchscript.pt", "TorchScript archive"),
                saved("legacy.pt", "before PyTorch 1.6"),
                saved("protocol_4.pt", "protocol 2"),
                saved("complex.pt", "ComplexFloatStorage are not read"),
                saved("uint16.pt", "is not among"),
                saved("sparse.pt", "is not among"),
                saved("tensor.pt", "a tensor of [3], not a state_dict"),
                saved("list.pt", "a list of 1, not a state_dict"),
                saved("mixed.pt", "expected a tensor, got the number 0.1"),
                saved("two_wrappings.pt", "under each of the keys [state_dict, model]"),
                saved("device.pt", "'torch.device' is not among"));
    }

    private static Case saved(String name, String words) {
        return bad("written by PyTorch", name, () -> SavedFiles.bytes("refused/" + name), words);
    }

    // safetensors
    // ----------------------------------------------------------------------------------

    private static List<Case> safetensors() {
        return List.of(
                bad("safetensors", "7 bytes", () -> new byte[7], "too few"),
                bad("safetensors", "8 bytes", () -> new byte[8], "too few"),
                bad(
                        "safetensors",
                        "header length 2⁶³",
                        () -> raw(Long.MIN_VALUE, "{}     "),
                        "9223372036854775808 bytes, but only 7"),
                bad(
                        "safetensors",
                        "header length 2147483000 in 15 bytes",
                        () -> raw(2147483000L, "{}     "),
                        "only 7 follow"),
                bad(
                        "safetensors",
                        "header length 0",
                        () -> raw(0, "{}"),
                        "does not begin with '{'"),
                new Case(
                        "safetensors",
                        "header over 10 MB",
                        () -> raw(10_000_001, "{}" + " ".repeat(10_000_000)),
                        ProblemCode.BODY_TOO_LARGE,
                        "the most that is read is 10000000"),
                header("not '{' first", "[1]", "does not begin with '{'"),
                header("a space first", " {}", "does not begin with '{'"),
                header("not JSON", "{\"w\": {]}", "damaged"),
                header("cut short", "{\"w\": {\"dtype\": \"F32\"", "damaged"),
                header("two values", "{} {}", "something follows"),
                header("no UTF-8", "{\"\u00ff\": 1}", "damaged"),
                header("nested deeply", "{\"w\":" + "[".repeat(100_000), "expected an object"),
                header(
                        "a number of many digits",
                        "{\"w\":{\"shape\":[" + "9".repeat(100_000) + "]}}",
                        "more than 30 digits"),
                header(
                        "a name of many characters",
                        "{\"" + "w".repeat(100_000) + "\":1}",
                        "more than 2000 characters"),
                header(
                        "a duplicate name",
                        "{"
                                + item("w", "F32", "[1]", 0, 4)
                                + ","
                                + item("w", "F32", "[1]", 4, 8)
                                + "}",
                        "stands there twice"),
                header(
                        "a duplicate field",
                        "{\"w\":{\"dtype\":\"F32\",\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}",
                        "stands there twice"),
                header(
                        "metadata that is no object",
                        "{\"__metadata__\": 1}",
                        "__metadata__: expected an object"),
                header("metadata of numbers", "{\"__metadata__\": {\"a\": 1}}", "texts only"),
                header("a tensor that is no object", "{\"w\": [1]}", "expected an object"),
                header(
                        "an unknown field",
                        "{\"w\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4],\"x\":1}}",
                        "unknown field 'x'"),
                header(
                        "a missing field",
                        "{\"w\":{\"dtype\":\"F32\",\"shape\":[1]}}",
                        "expected a dtype, a shape"),
                header(
                        "three offsets",
                        "{\"w\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4,8]}}",
                        "[begin, end]"),
                header(
                        "an unknown dtype",
                        "{" + item("w", "F8_E4M3", "[8]", 0, 8) + "}",
                        "dtype 'F8_E4M3' is not read"),
                header(
                        "a shape of fractions",
                        "{" + item("w", "F32", "[1.0]", 0, 4) + "}",
                        "whole numbers"),
                header(
                        "a negative extent",
                        "{" + item("w", "F32", "[-1]", 0, 4) + "}",
                        "whole numbers"),
                header(
                        "an extent of 2⁶³",
                        "{" + item("w", "F32", "[9223372036854775808]", 0, 4) + "}",
                        "whole numbers"),
                header(
                        "a shape product past 2⁶³",
                        "{" + item("w", "F32", "[4294967296,4294967296]", 0, 8) + "}",
                        "does not take the 8 bytes"),
                header(
                        "a byte count past 2⁶³",
                        "{" + item("w", "F32", "[4611686018427387904]", 0, 8) + "}",
                        "does not take the 8 bytes"),
                header(
                        "F32 [1073741824] with offsets [0,0]",
                        "{" + item("w", "F32", "[1073741824]", 0, 0) + "}",
                        "does not take the 0 bytes"),
                header("end before begin", "{" + item("w", "F32", "[1]", 8, 4) + "}", "not inside"),
                header(
                        "end after the file",
                        "{" + item("w", "F32", "[4]", 0, 16) + "}",
                        "not inside the 8 bytes"),
                header(
                        "overlap",
                        "{"
                                + item("a", "F32", "[2]", 0, 8)
                                + ","
                                + item("b", "F32", "[1]", 4, 8)
                                + "}",
                        "before the tensor before it ends"),
                header(
                        "the same bytes twice",
                        "{"
                                + item("a", "F32", "[2]", 0, 8)
                                + ","
                                + item("b", "F32", "[2]", 0, 8)
                                + "}",
                        "before the tensor before it ends"),
                header(
                        "a hole at the beginning",
                        "{" + item("a", "F32", "[1]", 4, 8) + "}",
                        "not where the tensor before it ends"),
                header(
                        "a hole in the middle",
                        "{"
                                + item("a", "U8", "[2]", 0, 2)
                                + ","
                                + item("b", "F32", "[1]", 4, 8)
                                + "}",
                        "not where the tensor before it ends"),
                header(
                        "trailing bytes",
                        "{" + item("a", "F32", "[1]", 0, 4) + "}",
                        "4 bytes after its last tensor"),
                header("bytes and no tensors", "{}", "8 bytes after its last tensor"));
    }

    private static String item(String name, String dtype, String shape, long begin, long end) {
        return "\"%s\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":[%d,%d]}"
                .formatted(name, dtype, shape, begin, end);
    }

    /** With eight bytes of data. */
    private static Case header(String name, String header, String words) {
        return bad("safetensors", name, () -> raw(header.length(), header + "\0".repeat(8)), words);
    }

    private static byte[] raw(long length, String rest) {
        byte[] bytes = rest.getBytes(StandardCharsets.ISO_8859_1);
        return ByteBuffer.allocate(8 + bytes.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(length)
                .put(bytes)
                .array();
    }

    // Other files
    // ----------------------------------------------------------------------------------

    private static List<Case> others() {
        return List.of(
                bad("other", "an empty file", () -> new byte[0], "the file is empty"),
                bad(
                        "other",
                        "random bytes",
                        () -> RawPickle.bytes("8f3kd92ld93kd03kd"),
                        "neither safetensors nor"),
                bad("other", "a bare pickle", () -> pickle("}"), "bare pickle"),
                other("gzip", "\u001f\u008b\u0008\u0000more of it", "gzip"),
                other("HDF5", "\u0089HDF\r\n\u001a\nmore of it", "Keras"),
                other("PNG", "\u0089PNG\r\n\u001a\nmore of it", "PNG"),
                other("HTML", "<!doctype html><title>404</title>", "HTML"),
                other("JSON", "{\"state_dict\": {}}", "JSON"),
                other("GGUF", "GGUF\u0003\u0000\u0000\u0000more", "GGUF"));
    }

    private static Case other(String name, String bytes, String words) {
        return new Case(
                "other",
                name,
                () -> RawPickle.bytes(bytes),
                ProblemCode.UNSUPPORTED_MEDIA_TYPE,
                words);
    }
}
