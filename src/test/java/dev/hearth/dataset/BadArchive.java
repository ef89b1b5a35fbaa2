package dev.hearth.dataset;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Supplier;

/**
 * An archive that is refused.
 *
 * @param file what it is called
 * @param status of the answer
 * @param says what the answer names: the entry and the fault
 */
public record BadArchive(
        String what, String file, Supplier<byte[]> bytes, int status, List<String> says) {

    private static final byte[] GOOD = Pngs.grey(2, 3, 7);
    private static final String X = "a/x.png";

    @Override
    public String toString() {
        return what;
    }

    public static List<BadArchive> all() {
        return List.of(
                named("../../x.png"),
                named("/etc/x.png"),
                named("C:\\x.png"),
                named("C:/x.png"),
                named("a/./x.png"),
                named("a//x.png"),
                named("a/\u0007.png"),
                bad(
                        "a symbolic link",
                        () ->
                                good().buildWithDirectory(
                                                X,
                                                record -> {
                                                    record.putShort(4, (short) (3 << 8));
                                                    record.putInt(38, 0xA1FF << 16);
                                                }),
                        "symbolic link"),
                bad(
                        "a device",
                        () ->
                                good().buildWithDirectory(
                                                X,
                                                record -> {
                                                    record.putShort(4, (short) (3 << 8));
                                                    record.putInt(38, 0x21FF << 16);
                                                }),
                        "neither a file nor a folder"),
                new BadArchive(
                        "an archive in the archive",
                        "x.zip",
                        () -> good().add("a/more.zip", good().build()).build(),
                        422,
                        List.of("a/more.zip", "archive within")),
                new BadArchive(
                        "an archive called a picture",
                        "x.zip",
                        () -> good().add("a/more.png", good().build()).build(),
                        422,
                        List.of("a/more.png", "zip archive")),
                bad(
                        "an encrypted entry",
                        () -> good().buildWithDirectory(X, record -> record.putShort(8, (short) 9)),
                        "encrypted"),
                bad(
                        "an unusual compression",
                        () ->
                                good().buildWithDirectory(
                                                X, record -> record.putShort(10, (short) 14)),
                        "method 14"),
                bad(
                        "an entry whose own header has another name",
                        () -> good().buildWithHeader(X, header -> header.put(30, (byte) 'b')),
                        "contradict"),
                bad(
                        "an entry whose own header has another method",
                        () -> good().buildWithHeader(X, header -> header.putShort(8, (short) 0)),
                        "contradict"),
                bad(
                        "an entry with another checksum",
                        () -> good().buildWithDirectory(X, record -> record.putInt(16, 1)),
                        "checksum"),
                bad(
                        "an entry that says it is smaller",
                        () -> good().buildWithDirectory(X, record -> record.putInt(24, 3)),
                        "length"),
                bad(
                        "an entry that says it is larger",
                        () -> good().buildWithDirectory(X, record -> record.putInt(24, 1 << 30)),
                        "length"),
                bad(
                        "an entry outside of the archive",
                        () -> good().buildWithDirectory(X, record -> record.putInt(20, 1 << 30)),
                        "outside of the archive"),
                bad(
                        "entries that share bytes",
                        () ->
                                good().add("a/y.png", GOOD)
                                        .buildWithDirectory(
                                                "a/y.png", record -> record.putInt(42, 0)),
                        "shares bytes"),
                bad(
                        "two entries of one name",
                        () -> good().add("a/y.png", GOOD).buildRenamed("a/y.png", X),
                        "twice"),
                whole("truncated", () -> half(good().build()), "truncated"),
                whole(
                        "empty of entries",
                        () -> new Zips().add("b/", new byte[0]).build(),
                        "no pictures"),
                whole(
                        "a directory that contradicts itself",
                        () -> {
                            byte[] zip = good().build();
                            zip[zip.length - 12] = 2;
                            return zip;
                        },
                        "contradicts itself"),
                new BadArchive(
                        "a tar.gz called zip",
                        "x.zip",
                        () -> Zips.gzip(new byte[1024]),
                        415,
                        List.of("x.zip", "gzip")),
                new BadArchive(
                        "a bomb",
                        "x.zip",
                        () -> good().add("b/bomb.png", new byte[60_000_000]).build(),
                        413,
                        List.of("b/bomb.png", "41,943,040")),
                new BadArchive(
                        "a picture of 20000×20000 pixels",
                        "x.zip",
                        () -> good().add("b/large.png", Pngs.header(20_000, 20_000)).build(),
                        422,
                        List.of("b/large.png", "20,000×20,000")),
                new BadArchive(
                        "HTML called .png",
                        "x.zip",
                        () -> good().add("b/page.png", text("<!DOCTYPE html><p>Not found")).build(),
                        422,
                        List.of("b/page.png", "HTML")),
                new BadArchive(
                        "a picture of zero bytes",
                        "x.zip",
                        () -> good().add("b/empty.png", new byte[0]).build(),
                        422,
                        List.of("b/empty.png", "no bytes")),
                new BadArchive(
                        "SVG",
                        "x.zip",
                        () -> good().add("b/drawing.svg", text("<svg/>")).build(),
                        415,
                        List.of("b/drawing.svg", "PNG")),
                new BadArchive(
                        "a file that is no picture by its name",
                        "x.zip",
                        () -> good().add("b/program.exe", GOOD).build(),
                        422,
                        List.of("b/program.exe", "no picture")),
                new BadArchive(
                        "a picture in no folder",
                        "x.zip",
                        () -> good().add("x.png", GOOD).build(),
                        422,
                        List.of("x.png", "its class")),
                new BadArchive(
                        "a truncated picture",
                        "x.zip",
                        () -> good().add("b/half.png", half(Pngs.grey(28, 28, 9))).build(),
                        422,
                        List.of("b/half.png", "truncated")));
    }

    private static BadArchive named(String name) {
        return new BadArchive(
                "an entry called " + name.replace("\u0007", "\\u0007"),
                "x.zip",
                () -> good().add(name, GOOD).build(),
                422,
                List.of("name"));
    }

    private static BadArchive bad(String what, Supplier<byte[]> bytes, String says) {
        return new BadArchive(what, "x.zip", bytes, 422, List.of("a/", says));
    }

    private static BadArchive whole(String what, Supplier<byte[]> bytes, String says) {
        return new BadArchive(what, "x.zip", bytes, 422, List.of(says));
    }

    private static Zips good() {
        return new Zips().add(X, GOOD);
    }

    private static byte[] half(byte[] bytes) {
        return ByteBuffer.allocate(bytes.length / 2).put(bytes, 0, bytes.length / 2).array();
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
