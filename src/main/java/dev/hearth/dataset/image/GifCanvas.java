package dev.hearth.dataset.image;

import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.WritableRaster;
import java.util.Arrays;
import javax.imageio.metadata.IIOMetadata;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/**
 * The screen that a GIF's first picture may be only a part of; Pillow gives the whole screen.
 *
 * @param frame the extent of the picture
 * @param background the palette's index of what the picture leaves free
 */
record GifCanvas(
        ImageDecoder.Size size, ImageDecoder.Size frame, int left, int top, int background) {

    private static final String FORMAT = "javax_imageio_gif_image_1.0";
    private static final int HEADER_BYTES = 13;

    static ImageDecoder.Size screen(byte[] file) throws UndecodableException {
        if (file.length < HEADER_BYTES) {
            throw new UndecodableException(
                    "is a GIF that ends within its header: it is truncated; send it anew");
        }
        return new ImageDecoder.Size(
                Bytes.byteAt(file, 6) | Bytes.byteAt(file, 7) << 8,
                Bytes.byteAt(file, 8) | Bytes.byteAt(file, 9) << 8);
    }

    /** As Pillow, the screen grows where the picture reaches beyond it. */
    static GifCanvas of(IIOMetadata metadata, ImageDecoder.Size screen) {
        var frame = screen;
        int left = 0;
        int top = 0;
        int background = 0;
        Node root = metadata.getAsTree(FORMAT);
        for (Node node = root.getFirstChild(); node != null; node = node.getNextSibling()) {
            if (node instanceof Element element) {
                if (element.getTagName().equals("ImageDescriptor")) {
                    left = number(element, "imageLeftPosition");
                    top = number(element, "imageTopPosition");
                    frame =
                            new ImageDecoder.Size(
                                    number(element, "imageWidth"), number(element, "imageHeight"));
                } else if (element.getTagName().equals("GraphicControlExtension")
                        && element.getAttribute("transparentColorFlag").equals("TRUE")) {
                    background = number(element, "transparentColorIndex");
                }
            }
        }
        var size =
                new ImageDecoder.Size(
                        Math.max(screen.width(), left + frame.width()),
                        Math.max(screen.height(), top + frame.height()));
        return new GifCanvas(size, frame, left, top, background);
    }

    private static int number(Element element, String attribute) {
        return Integer.parseInt(element.getAttribute(attribute));
    }

    BufferedImage with(BufferedImage picture) {
        if (size.equals(frame)) {
            return picture;
        }
        ColorModel colours = picture.getColorModel();
        WritableRaster canvas = colours.createCompatibleWritableRaster(size.width(), size.height());
        var line = new int[size.width()];
        Arrays.fill(line, background);
        for (int y = 0; y < size.height(); y++) {
            canvas.setSamples(0, y, size.width(), 1, 0, line);
        }
        for (int y = 0; y < frame.height(); y++) {
            picture.getRaster().getSamples(0, y, frame.width(), 1, 0, line);
            canvas.setSamples(left, top + y, frame.width(), 1, 0, line);
        }
        return new BufferedImage(colours, canvas, false, null);
    }
}
