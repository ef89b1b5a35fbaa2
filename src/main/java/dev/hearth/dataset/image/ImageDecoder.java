package dev.hearth.dataset.image;

import com.twelvemonkeys.imageio.plugins.webp.WebPImageReaderSpi;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import org.jspecify.annotations.Nullable;

/**
 * Decodes PNG, JPEG, GIF (its first picture), BMP and WebP files to what Pillow's {@code
 * Image.open(file).convert(mode)} gives. The size in a file's header is looked at before anything
 * is decoded. For one thread at a time.
 */
public final class ImageDecoder implements AutoCloseable {

    /** A picture's extent, as its header tells. */
    public record Size(int width, int height) {
        public long pixels() {
            return (long) width * height;
        }
    }

    // Named here, since readers of other makers are not always found within a packed application.
    private static final WebPImageReaderSpi WEBP = new WebPImageReaderSpi();

    private final long mostPixels;
    private final Map<ImageFormat, ImageReader> readers = new EnumMap<>(ImageFormat.class);
    private @Nullable String warning;

    /**
     * @param mostPixels of one picture; larger ones are refused
     */
    public ImageDecoder(long mostPixels) {
        this.mostPixels = mostPixels;
    }

    /** How large a picture is, without decoding it; refuses what is too large. */
    public Size size(byte[] file) throws UndecodableException {
        ImageFormat format = ImageFormat.of(file);
        Size size =
                switch (format) {
                    case PNG -> {
                        PngFile png = PngFile.of(file);
                        yield new Size(png.width(), png.height());
                    }
                    case JPEG -> {
                        JpegFile jpeg = JpegFile.of(file);
                        yield new Size(jpeg.width(), jpeg.height());
                    }
                    case GIF -> GifCanvas.screen(file);
                    case BMP, WEBP -> sizeByReader(format, file);
                };
        check(size);
        return size;
    }

    private void check(Size size) throws UndecodableException {
        if (size.width() < 1 || size.height() < 1) {
            throw new UndecodableException(
                    "is a picture of %d×%d pixels, which is none"
                            .formatted(size.width(), size.height()));
        }
        if (size.pixels() > mostPixels) {
            throw new UndecodableException(
                    "has %,d×%,d pixels by its header; this service takes at most %,d in one picture"
                                    .formatted(size.width(), size.height(), mostPixels)
                            + ", so make it smaller");
        }
    }

    /**
     * @param mode to convert to; empty for grey where Pillow takes the file for grey, else colours
     */
    public Picture decode(byte[] file, Optional<ImageMode> mode) throws UndecodableException {
        ImageFormat format = ImageFormat.of(file);
        size(file);
        try {
            return switch (format) {
                case PNG -> png(file, mode);
                case JPEG -> jpeg(JpegFile.of(file), mode);
                case GIF -> gif(file, mode);
                case BMP -> {
                    BufferedImage image = read(format, file);
                    yield Pixels.of(image, mode.orElse(naturalMode(image)));
                }
                case WEBP -> Pixels.of(read(format, file), mode.orElse(ImageMode.RGB));
            };
        } catch (IOException | RuntimeException e) {
            throw undecodable(format, e);
        }
    }

    private Picture png(byte[] file, Optional<ImageMode> mode)
            throws IOException, UndecodableException {
        PngFile.check(file);
        ImageMode natural = PngFile.of(file).isGrey() ? ImageMode.L : ImageMode.RGB;
        return Pixels.of(read(ImageFormat.PNG, file), mode.orElse(natural));
    }

    private Picture jpeg(JpegFile file, Optional<ImageMode> mode)
            throws IOException, UndecodableException {
        ImageReader reader = reader(ImageFormat.JPEG);
        warning = null;
        Picture picture;
        try (var input = new ByteArrayImageInput(file.bytes())) {
            reader.setInput(input, true, true);
            reader.addIIOReadWarningListener((_, text) -> warning = text);
            if (file.hasInks()) {
                Raster inks = reader.readRaster(0, null);
                picture = Pixels.ofInks(inks, file.isYcck(), mode.orElse(ImageMode.RGB));
            } else {
                ImageMode natural = file.components() == 1 ? ImageMode.L : ImageMode.RGB;
                picture = Pixels.of(reader.read(0), mode.orElse(natural));
            }
        } finally {
            reader.reset(); // removes the listener, too
        }
        String told = warning;
        if (told != null && (told.contains("EOI") || told.contains("remature end"))) {
            throw new UndecodableException(
                    "is a JPEG that ends too early: it is truncated; send it anew");
        }
        return picture;
    }

    private Picture gif(byte[] file, Optional<ImageMode> mode)
            throws IOException, UndecodableException {
        ImageReader reader = reader(ImageFormat.GIF);
        try (var input = new ByteArrayImageInput(file)) {
            reader.setInput(input, false, false);
            GifCanvas canvas = GifCanvas.of(reader.getImageMetadata(0), GifCanvas.screen(file));
            check(canvas.size());
            BufferedImage image = canvas.with(reader.read(0));
            return Pixels.of(image, mode.orElse(naturalMode(image)));
        } finally {
            reader.reset();
        }
    }

    private BufferedImage read(ImageFormat format, byte[] file) throws IOException {
        ImageReader reader = reader(format);
        try (var input = input(format, file)) {
            reader.setInput(input, true, true);
            return reader.read(0);
        } finally {
            reader.reset();
        }
    }

    private static ByteArrayImageInput input(ImageFormat format, byte[] file) {
        return format == ImageFormat.WEBP
                ? ByteArrayImageInput.withFatalEnd(file)
                : new ByteArrayImageInput(file);
    }

    private Size sizeByReader(ImageFormat format, byte[] file) throws UndecodableException {
        ImageReader reader = reader(format);
        try (var input = input(format, file)) {
            reader.setInput(input, true, true);
            return new Size(reader.getWidth(0), reader.getHeight(0));
        } catch (IOException | RuntimeException e) {
            throw undecodable(format, e);
        } finally {
            reader.reset();
        }
    }

    private static UndecodableException undecodable(ImageFormat format, Exception e) {
        return new UndecodableException(
                "is %s that cannot be decoded (%s): it is damaged; send it anew"
                        .formatted(
                                format,
                                e.getMessage() == null
                                        ? e.getClass().getSimpleName()
                                        : e.getMessage()),
                e);
    }

    /** Pillow takes a palette for grey where each index is its own grey value. */
    private static ImageMode naturalMode(BufferedImage image) {
        if (!(image.getColorModel() instanceof IndexColorModel palette)) {
            return image.getRaster().getNumBands() >= 3 ? ImageMode.RGB : ImageMode.L;
        }
        int size = palette.getMapSize();
        for (int i = 0; i < size; i++) {
            int grey = size == 2 ? i * 255 : i;
            if ((palette.getRGB(i) & 0xFFFFFF) != grey * 0x10101) {
                return ImageMode.RGB;
            }
        }
        return ImageMode.L;
    }

    private ImageReader reader(ImageFormat format) {
        return readers.computeIfAbsent(
                format,
                wanted ->
                        wanted == ImageFormat.WEBP
                                ? WEBP.createReaderInstance(null)
                                : ImageIO.getImageReadersByFormatName(wanted.name()).next());
    }

    @Override
    public void close() {
        readers.values().forEach(ImageReader::dispose);
    }
}
