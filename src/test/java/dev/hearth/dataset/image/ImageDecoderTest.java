package dev.hearth.dataset.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What Pillow makes of the pictures that {@code src/test/oracle/images.py} has written. */
class ImageDecoderTest {

    private static final long MOST_PIXELS = 1_000_000;
    private static final Map<String, byte[]> FILES = files();
    private static final JsonNode TABLE = JsonMapper.shared().readTree(FILES.get("pictures.json"));
    private static final Set<String> GREY = Set.of("L", "LA", "1", "I;16");

    private ImageDecoder decoder;

    private static Map<String, byte[]> files() {
        var files = new LinkedHashMap<String, byte[]>();
        try (InputStream in = ImageDecoderTest.class.getResourceAsStream("/images/pictures.zip");
                var zip = new ZipInputStream(in)) {
            for (var entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                files.put(entry.getName(), zip.readAllBytes());
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return files;
    }

    static Stream<String> pictures() {
        return TABLE.propertyNames().stream();
    }

    static Stream<String> ofForm(String... extensions) {
        return pictures().filter(name -> Stream.of(extensions).anyMatch(name::endsWith));
    }

    @BeforeEach
    void open() {
        decoder = new ImageDecoder(MOST_PIXELS);
    }

    @AfterEach
    void close() {
        decoder.close();
    }

    @ParameterizedTest
    @MethodSource("pictures")
    void sizesAndValuesAreThoseThatPillowGives(String name) throws UndecodableException {
        byte[] file = bytes(name);
        var size = decoder.size(file);
        assertThat(size.width()).isEqualTo(TABLE.get(name).get("width").intValue());
        assertThat(size.height()).isEqualTo(TABLE.get(name).get("height").intValue());
        for (ImageMode mode : ImageMode.values()) {
            var picture = decoder.decode(file, Optional.of(mode));
            assertThat(largestDifference(picture.values(), bytes(name + "." + mode)))
                    .as("%s as %s", name, mode)
                    .isLessThanOrEqualTo(tolerance(name));
        }
    }

    /**
     * Grey levels. The JDK's JPEG decoder is the one that Pillow's has grown from. Of lossy WebP,
     * Pillow's makes colours between those that the file has; ours repeats them.
     */
    private static int tolerance(String name) {
        return name.endsWith("_lossy.webp") ? 16 : 0;
    }

    @ParameterizedTest
    @MethodSource("pictures")
    void aPictureIsGreyWherePillowOpensItAsGrey(String name) throws UndecodableException {
        String mode = TABLE.get(name).get("mode").stringValue();
        boolean isGrey = GREY.contains(mode) || name.equals("grey_alpha16.png");
        assertThat(decoder.decode(bytes(name), Optional.empty()).mode())
                .isEqualTo(isGrey ? ImageMode.L : ImageMode.RGB);
    }

    @Test
    void anyTruncatedFileIsRefused() {
        for (String name : ofForm(".png", ".jpg", ".bmp", "less.webp", "lossy.webp").toList()) {
            byte[] file = bytes(name);
            for (int length = 0; length < file.length * 3 / 4; length += 7) {
                byte[] cut = Arrays.copyOf(file, length);
                assertThatThrownBy(() -> decoder.decode(cut, Optional.empty()))
                        .as("%s of %d bytes", name, cut.length)
                        .isInstanceOf(UndecodableException.class);
            }
        }
    }

    @Test
    void aDamagedPngIsRefusedRatherThanTakenForAnotherPicture() {
        byte[] file = bytes("rgb.png").clone();
        file[file.length / 2] ^= 4;
        assertThatThrownBy(() -> decoder.decode(file, Optional.empty()))
                .isInstanceOf(UndecodableException.class)
                .hasMessageContaining("IDAT")
                .hasMessageContaining("checksum");
    }

    @Test
    void aPictureTooLargeIsRefusedByItsHeader() {
        var small = new ImageDecoder(100);
        for (String name : pictures().toList()) {
            assertThatThrownBy(() -> small.decode(bytes(name), Optional.empty()))
                    .as(name)
                    .isInstanceOf(UndecodableException.class)
                    .hasMessageContaining("at most 100");
        }
        small.close();
    }

    @Test
    void whatIsNoPictureIsSaidToBeWhatItIs() {
        for (var each :
                List.of(
                        Map.entry("", "no bytes"),
                        Map.entry("<!DOCTYPE html><html>", "HTML"),
                        Map.entry("<svg xmlns=''/>", "SVG"),
                        Map.entry("PK\3\4", "zip"),
                        Map.entry("II*\0", "TIFF"),
                        Map.entry("hello", "no format"))) {
            byte[] file = each.getKey().getBytes(StandardCharsets.ISO_8859_1);
            assertThatThrownBy(() -> decoder.decode(file, Optional.empty()))
                    .isInstanceOf(UndecodableException.class)
                    .hasMessageContaining(each.getValue());
        }
    }

    static byte[] bytes(String name) {
        return Objects.requireNonNull(FILES.get(name), name);
    }

    private static int largestDifference(byte[] values, byte[] expected) {
        assertThat(values).hasSameSizeAs(expected);
        return IntStream.range(0, values.length)
                .map(i -> Math.abs((values[i] & 0xFF) - (expected[i] & 0xFF)))
                .max()
                .orElseThrow();
    }
}
