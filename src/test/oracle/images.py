"""Writes src/test/resources/images/pictures.zip: small pictures in every form that is read, each with what Pillow's
convert("L") and convert("RGB") make of it, and with the mode in which Pillow opens it.

Pillow 13.0.0 with libjpeg-turbo 3.1 wrote the committed file.
"""

import io
import json
import pathlib
import struct
import zipfile
import zlib

import numpy as np
from PIL import Image

HEIGHT, WIDTH = 13, 17
random = np.random.default_rng(1)


def smooth():
    """What photographs are like: JPEG's losses stay small."""
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
    return np.stack([(x * 14) % 256, (y * 18) % 256, ((x + y) * 8) % 256], -1).astype(np.uint8)


def noise(*shape, top=256, dtype=np.uint8):
    return random.integers(0, top, (HEIGHT, WIDTH, *shape)).astype(dtype)


def saved(image, form, **options):
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(colours, bits, rows, before=b"", interlace=0):
    """For what Pillow does not write: 16-bit colours, few bits of grey."""
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, bits, colours, 0, 0, interlace)
    data = zlib.compress(b"".join(b"\0" + row for row in rows))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + before + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def packed(values, bits):
    """Rows of values of fewer than eight bits."""
    per_byte = 8 // bits
    rows = []
    for row in values:
        padded = list(row) + [0] * (-len(row) % per_byte)
        rows.append(bytes(sum(int(v) << (8 - bits * (i + 1)) for i, v in enumerate(padded[at:at + per_byte]))
                          for at in range(0, len(padded), per_byte)))
    return rows


def bmp16(masks):
    rows = b"".join(noise(top=65536, dtype="<u2")[y].tobytes().ljust(-(-WIDTH * 2 // 4) * 4, b"\0") for y in range(HEIGHT))
    info = struct.pack("<IiiHHIIiiII", 40, WIDTH, HEIGHT, 1, 16, 3 if masks else 0, len(rows), 0, 0, 0, 0)
    info += struct.pack("<III", *masks) if masks else b""
    offset = 14 + len(info)
    return b"BM" + struct.pack("<IHHI", offset + len(rows), 0, 0, offset) + info + rows


def exif(orientation):
    data = Image.Exif()
    data[0x0112] = orientation
    return data


def cases():
    grey, colour, photo = noise(), noise(3), smooth()
    yield "grey.png", saved(Image.fromarray(grey), "PNG")
    yield "rgb.png", saved(Image.fromarray(colour), "PNG")
    yield "rgba.png", saved(Image.fromarray(noise(4)), "PNG")
    yield "grey_alpha.png", saved(Image.fromarray(noise(2), "LA"), "PNG")
    yield "bits1.png", saved(Image.fromarray(grey).convert("1"), "PNG")
    for bits in (1, 2, 4):
        yield f"grey_bits{bits}.png", png(0, bits, packed(noise(top=1 << bits), bits))
    palette = chunk(b"PLTE", random.integers(0, 256, 16 * 3).astype(np.uint8).tobytes())
    yield "palette4.png", png(3, 4, packed(noise(top=16), 4), palette)
    yield "palette_alpha.png", png(3, 4, packed(noise(top=16), 4), palette + chunk(b"tRNS", bytes(range(0, 160, 10))))
    yield "palette8.png", saved(Image.fromarray(photo).quantize(40), "PNG")
    yield "grey16.png", png(0, 16, [r.tobytes() for r in noise(top=600, dtype=">u2")])
    yield "rgb16.png", png(2, 16, [r.tobytes() for r in noise(3, top=65536, dtype=">u2")])
    yield "rgba16.png", png(6, 16, [r.tobytes() for r in noise(4, top=65536, dtype=">u2")])
    yield "grey_alpha16.png", png(4, 16, [r.tobytes() for r in noise(2, top=65536, dtype=">u2")])
    yield "rgb_one_transparent.png", png(2, 8, [r.tobytes() for r in colour], chunk(b"tRNS", struct.pack(">HHH", *map(int, colour[0, 0]))))
    yield "grey_one_transparent.png", png(0, 8, [r.tobytes() for r in grey], chunk(b"tRNS", struct.pack(">H", int(grey[0, 0]))))
    yield "gamma.png", png(2, 8, [r.tobytes() for r in colour], chunk(b"gAMA", struct.pack(">I", 100000)))
    yield "grey.bmp", saved(Image.fromarray(grey), "BMP")
    yield "rgb.bmp", saved(Image.fromarray(colour), "BMP")
    yield "rgba.bmp", saved(Image.fromarray(noise(4)), "BMP")
    yield "bits1.bmp", saved(Image.fromarray(grey).convert("1"), "BMP")
    yield "palette.bmp", saved(Image.fromarray(photo).quantize(40), "BMP")
    yield "bits555.bmp", bmp16(None)
    yield "bits565.bmp", bmp16((0xF800, 0x7E0, 0x1F))
    yield "grey.gif", saved(Image.fromarray(grey), "GIF")
    yield "palette.gif", saved(Image.fromarray(photo).quantize(40), "GIF")
    frames = [Image.fromarray(photo).quantize(40), Image.fromarray(colour).quantize(40)]
    yield "film.gif", saved(frames[0], "GIF", save_all=True, append_images=frames[1:])
    small = bytearray(saved(Image.fromarray(photo).quantize(40), "GIF"))
    small[6:10] = struct.pack("<HH", WIDTH + 5, HEIGHT + 4)  # a screen larger than the picture
    at = small.index(b"\x2c\0\0\0\0")
    small[at + 1:at + 5] = struct.pack("<HH", 3, 2)
    yield "part_of_screen.gif", bytes(small)
    yield "grey.jpg", saved(Image.fromarray(photo[..., 0]), "JPEG", quality=90)
    yield "rgb.jpg", saved(Image.fromarray(photo), "JPEG", quality=90)
    yield "rgb444.jpg", saved(Image.fromarray(photo), "JPEG", quality=90, subsampling=0)
    yield "rgb422.jpg", saved(Image.fromarray(photo), "JPEG", quality=90, subsampling=1)
    yield "noise.jpg", saved(Image.fromarray(colour), "JPEG", quality=75)
    yield "progressive.jpg", saved(Image.fromarray(photo), "JPEG", quality=90, progressive=True)
    yield "turned.jpg", saved(Image.fromarray(photo), "JPEG", quality=90, exif=exif(6))
    yield "commented.jpg", saved(Image.fromarray(photo), "JPEG", quality=90, comment=b"a" * 300, dpi=(72, 72))
    inks = saved(Image.fromarray(photo).convert("CMYK"), "JPEG", quality=95)
    yield "cmyk.jpg", inks
    at = inks.index(b"Adobe") + 11
    yield "ycck.jpg", inks[:at] + b"\2" + inks[at + 1:]
    yield "rgb_lossless.webp", saved(Image.fromarray(colour), "WEBP", lossless=True)
    yield "rgba_lossless.webp", saved(Image.fromarray(noise(4)), "WEBP", lossless=True, exact=True)
    yield "rgb_lossy.webp", saved(Image.fromarray(photo), "WEBP", quality=90)
    yield "film.webp", saved(Image.fromarray(colour), "WEBP", lossless=True, save_all=True, append_images=[Image.fromarray(photo)])


def main():
    target = pathlib.Path(__file__).parents[1] / "resources/images/pictures.zip"
    target.parent.mkdir(exist_ok=True)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as out:
        def write(name, data):
            out.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)

        table = {}
        for name, data in cases():
            with Image.open(io.BytesIO(data)) as image:
                table[name] = {"mode": image.mode, "width": image.width, "height": image.height}
                write(name, data)
                write(name + ".L", image.convert("L").tobytes())
                write(name + ".RGB", np.asarray(image.convert("RGB")).transpose(2, 0, 1).tobytes())
        write("pictures.json", json.dumps(table, indent=1))
    print(target, target.stat().st_size)
    print({name: entry["mode"] for name, entry in table.items()})


main()
