"""Writes encodings.json: images saved in every usual way, and the pixels that OpenCV reads from them.

    pip install numpy opencv-python-headless pillow imagecodecs tifffile
    python make_encodings.py

Made with OpenCV 5.0.0, Pillow 13.0.0, imagecodecs and tifffile. Each entry has the file (deflated, base64) and either
the SHA-256 of OpenCV's pixels, [height, width, channels] in RGB order, or "refused" with a part of the message.
"""

import base64, hashlib, io, json, pathlib, zlib

import cv2
import imagecodecs
import numpy as np
import tifffile
from PIL import Image

HERE = pathlib.Path(__file__).parent
random = np.random.default_rng(12)

# A disk with texture on black, as a fundus photograph; most of the image is black padding.
y, x = np.mgrid[0:480, 0:640]
disk = ((x - 320) ** 2 + (y - 200) ** 2 < 60**2)[..., None]
texture = 120 + 60 * np.sin(x / 7)[..., None] * np.cos(y / 5)[..., None] + random.integers(0, 12, (480, 640, 3))
fundus = np.where(disk, texture * [1.0, 0.6, 0.3], 0).clip(0, 255).astype("u1")
small = fundus[180:220, 290:346]
assert small.shape == (40, 56, 3)


def saved(image, **options):
    buffer = io.BytesIO()
    image.save(buffer, **options)
    return buffer.getvalue()


def jpeg(array, **options):
    return saved(Image.fromarray(array), format="JPEG", **{"quality": 80, **options})




def opencv(data):
    """8-bit pixels, EXIF orientation applied, gray files as one plane."""
    pixels = cv2.imdecode(np.frombuffer(data, "u1"), cv2.IMREAD_UNCHANGED)
    if pixels.ndim == 3:
        pixels = cv2.imdecode(np.frombuffer(data, "u1"), cv2.IMREAD_COLOR)[:, :, ::-1]
    return np.ascontiguousarray(pixels)


entries = []


def add(name, data, expected=None, refused=None):
    entry = {"name": name, "file": base64.b64encode(zlib.compress(data, 9)).decode()}
    if refused is None:
        pixels = opencv(data) if expected is None else np.ascontiguousarray(expected)
        entry["shape"] = list(pixels.shape[:2]) + [1 if pixels.ndim == 2 else 3]
        entry["sha256"] = hashlib.sha256(pixels.tobytes()).hexdigest()
    else:
        entry["refused"] = refused
    entries.append(entry)


def markers(data):
    """Positions of the segments of a JPEG up to its first scan: (marker, start, end)."""
    at, found = 2, []
    while True:
        marker, length = data[at + 1], int.from_bytes(data[at + 2 : at + 4], "big")
        found.append((marker, at, at + 2 + length))
        if marker == 0xDA:
            return found
        at += 2 + length


# Ways to save a JPEG.
gray = np.asarray(Image.fromarray(fundus).convert("L"))
for name, options in {
    "baseline": {},
    "optimized": {"optimize": True},
    "progressive": {"progressive": True},
    "optimized 4:4:4": {"optimize": True, "subsampling": 0},
    "optimized 4:2:2": {"optimize": True, "subsampling": 1},
    "restart markers": {"restart_marker_blocks": 7},
    "optimized with restart markers": {"optimize": True, "restart_marker_rows": 1},
    "progressive with restart markers": {"progressive": True, "restart_marker_rows": 1},
    "color profile": {"icc_profile": b"\0" * 200},
    "comment": {"comment": b"\0" * 600},
}.items():
    add(f"JPEG, black padding, {name}", jpeg(fundus, **options))
    add(f"JPEG, gray, {name}", jpeg(gray, **options))
for orientation in range(1, 9):
    exif = Image.Exif()
    exif[0x0112] = orientation
    add(f"JPEG, EXIF orientation {orientation}", jpeg(small, exif=exif.tobytes()))
cmyk = Image.fromarray(np.dstack([small, small[:, :, 0] // 2]), "CMYK")
add("JPEG, CMYK", saved(cmyk, format="JPEG", quality=90))
add("JPEG, CMYK, progressive", saved(cmyk, format="JPEG", quality=90, progressive=True))
without_adobe = saved(cmyk, format="JPEG", quality=90)
adobe = next(m for m in markers(without_adobe) if m[0] == 0xEE)
add("JPEG, CMYK without Adobe's segment", without_adobe[: adobe[1]] + without_adobe[adobe[2] :])

# Headers that decoders complain about although no pixel is in doubt.
plain = jpeg(small)
pixels = opencv(plain)
dqt = next(start for marker, start, _ in markers(plain) if marker == 0xDB)
scan_end = markers(plain)[-1][2]
for name, data in {
    "version 0.00 in the JFIF header": plain[:11] + b"\0\0" + plain[13:],
    "version 7.00 in the JFIF header": plain[:11] + b"\7\0" + plain[13:],
    "scan end 0": plain[: scan_end - 2] + b"\0" + plain[scan_end - 1 :],
    "scan start 1": plain[: scan_end - 3] + b"\1" + plain[scan_end - 2 :],
    "one byte between segments": plain[:dqt] + b"\x2a" + plain[dqt:],
    "zeros between segments": plain[:dqt] + bytes(700) + plain[dqt:],
    "fill bytes between segments": plain[:dqt] + b"\xff" * 5 + plain[dqt:],
    "a second image behind the first": plain + plain,
    "a trailer": plain + b"SEFH" + bytes(2000),
    "an unknown transform in Adobe's segment": plain[:dqt]
    + b"\xff\xee\x00\x0eAdobe\x00\x64\0\0\0\0\x07"
    + plain[dqt:],
}.items():
    add(f"JPEG, {name}", data, expected=pixels)

# JPEGs whose pixels are in doubt, or that cannot be read.
for name, options in {"baseline": {}, "optimized": {"optimize": True}, "progressive": {"progressive": True}}.items():
    whole = jpeg(fundus, **options)
    first = markers(whole)[-1][2]
    middle = (first + len(whole)) // 2
    add(f"JPEG, {name}, truncated", whole[:middle], refused="damaged")
    add(f"JPEG, {name}, without its last 40 bytes", whole[:-40], refused="damaged")
    add(f"JPEG, {name}, a lost sector", whole[:middle] + whole[middle + 512 :], refused="damaged")
    for where, at in (("beginning", first + 900), ("middle", middle), ("end", len(whole) - 1500)):
        zeroed = whole[:at] + bytes(1024) + whole[at + 1024 :]
        add(f"JPEG, {name}, zeroed sectors near the {where}", zeroed, refused="damaged")
    add(f"JPEG, {name}, zeros to its end", whole[:middle] + bytes(len(whole) - middle), refused="damaged")
deep = (small.astype("u2") * 16 + 5).astype("u2")
add("JPEG, 12 bits", imagecodecs.jpeg8_encode(deep, 95, bitspersample=12), refused="12-bit values")
add("JPEG, lossless", imagecodecs.ljpeg_encode(deep[:, :, 0], bitspersample=12), refused="12-bit values")

# Other formats.
palette = Image.fromarray(small).quantize(64)
add("PNG, palette", saved(palette, format="PNG"))
add("PNG, 1 bit", saved(Image.fromarray(small[:, :, 0] > 100), format="PNG"))
add("PNG, 4 bits", saved(palette.quantize(16), format="PNG", bits=4))
add("PNG, RGB", saved(Image.fromarray(small), format="PNG"))
add("PNG, gray", saved(Image.fromarray(small[:, :, 0]), format="PNG"))
opaque = np.dstack([small, np.full(small.shape[:2], 255, "u1")])
add("PNG, opaque alpha", saved(Image.fromarray(opaque), format="PNG"), expected=small)
add("WebP, lossless", saved(Image.fromarray(small), format="WebP", lossless=True), expected=small)


def tiff(array, **options):
    buffer = io.BytesIO()
    tifffile.imwrite(buffer, array, **options)
    return buffer.getvalue()


extra = np.dstack([small, small[:, :, 0]])
add("TIFF, LZW", tiff(small, photometric="rgb", compression="lzw", predictor=True), expected=small)
add("TIFF, deflate, tiles", tiff(small, photometric="rgb", compression="zlib", tile=(16, 16)), expected=small)
add("TIFF, planes", tiff(small.transpose(2, 0, 1), photometric="rgb", planarconfig="separate"), expected=small)
add("TIFF, big-endian", tiff(small, photometric="rgb", byteorder=">"), expected=small)
add("TIFF, BigTIFF", tiff(small, photometric="rgb", bigtiff=True), expected=small)
add("TIFF, white is zero", tiff(small[:, :, 0], photometric="miniswhite"), expected=255 - small[:, :, 0])
add("TIFF, ImageJ", tiff(small[:, :, 0], imagej=True), expected=small[:, :, 0])
add(
    "TIFF, a fourth channel of unspecified meaning",
    tiff(extra, photometric="rgb", extrasamples=["unspecified"]),
    refused="has 4 channels: 3 of color and 1 of unspecified meaning",
)
add(
    "TIFF, a fourth channel of unspecified meaning that is opaque",
    tiff(opaque, photometric="rgb", extrasamples=["unspecified"]),
    expected=small,
)
encoded = cv2.imencode(".tif", opaque[:, :, [2, 1, 0, 3]])[1].tobytes()
add("TIFF, an opaque fourth channel that is not declared (OpenCV)", encoded, expected=small)
add(
    "TIFF, two channels",
    tiff(extra[:, :, :2].copy(), photometric="minisblack", planarconfig="contig", extrasamples=["unspecified"]),
    refused="has 2 channels: 1 of color and 1 of unspecified meaning",
)
add(
    "TIFF, five channels",
    tiff(np.dstack([extra, extra[:, :, :1]]), photometric="rgb", extrasamples=["unspecified"] * 2),
    refused="has 5 channels: 3 of color and 2 of unspecified meaning",
)
twelve = (small[:, :, 0].astype("u2") * 16).astype("u2")
add("TIFF, packed 12 bits", tiff(twelve, bitspersample=12), refused="12-bit values are packed")
pages = io.BytesIO()
with tifffile.TiffWriter(pages) as writer:
    writer.write(small[::4, ::4].copy(), photometric="rgb")
    writer.write(small, photometric="rgb")
add("TIFF, a thumbnail as first page", pages.getvalue(), refused="thumbnail")

(HERE / "encodings.json").write_text(json.dumps(entries, indent=1) + "\n")
print(len(entries), "encodings")
