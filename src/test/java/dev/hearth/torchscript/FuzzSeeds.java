package dev.hearth.torchscript;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Writes the files that Jazzer begins from. */
public final class FuzzSeeds {

    private FuzzSeeds() {}

    /** Takes a target, such as {@code Pt}, and a folder. */
    public static void main(String[] arguments) throws IOException {
        List<byte[]> seeds =
                ReaderFuzz.valueOf(arguments[0].toUpperCase(Locale.ROOT)).seeds().toList();
        for (int i = 0; i < seeds.size(); i++) {
            Files.write(Path.of(arguments[1], "seed-" + i), seeds.get(i));
        }
    }
}
