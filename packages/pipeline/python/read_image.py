"""Reads image files for an exported model of nonlocal-med: JPEG, PNG, TIFF and WebP files, with the pixels that the training
read from them. A file of which other pixels would be read is refused, with the reason.

Needs numpy and opencv-python. preprocess.py has an example.
"""

import os
import struct
import tempfile

import cv2
import numpy as np

INSTEAD = 'use `npx nonlocal-med predict` with the folder of the run, which reads more kinds of files'


class ImageError(ValueError):
    """An image that the model cannot be applied to, with the reason."""


def read_image(path, preprocessing):
    """An image file as levels [height, width] or [height, width, 3] (RGB), of 8 or 16 bits; EXIF orientation is applied.

    Raises ImageError, which names the file, if it cannot be read or has other values than the training images.
    """
    try:
        stored, white_is_zero = read_stored(path)
        return levels_of(stored, preprocessing.get('values'), white_is_zero)
    except ImageError as error:
        raise ImageError(f'{path} {error}') from error


# Decoding


def read_stored(path):
    """The values in a file as they are stored, and whether small ones are bright."""
    try:
        data = np.fromfile(path, np.uint8)
    except OSError as error:
        raise ImageError(f'cannot be read: {error.strerror or error}') from error
    if data.size == 0:
        raise ImageError('is empty (0 bytes)')
    format_ = format_of(data[:140].tobytes())
    page = check_tiff(data.tobytes()) if format_ == 'TIFF' else {}
    if format_ == 'JPEG' and not has_end(data.tobytes()):
        raise ImageError('is a truncated JPEG file: its end is missing')
    if format_ == 'WebP' and b'EXIF' in data.tobytes():
        raise ImageError(f'is a WebP file with EXIF data, whose orientation some versions of OpenCV ignore; {INSTEAD}')
    stored, complaints = decode(data, cv2.IMREAD_ANYCOLOR | cv2.IMREAD_ANYDEPTH)
    if stored is None or 'Corrupt JPEG data' in complaints or 'TIFF_Error' in complaints:
        raise ImageError(f'is damaged, or a kind of {format_} file that OpenCV does not read')
    if stored.dtype not in (np.uint8, np.uint16, np.float32):
        raise ImageError(f'has values of type {stored.dtype}; supported are 8 or 16 bits, and floating point of 32 bits')
    if has_opacity(data, format_, page) and not is_opaque(data):
        raise ImageError(f'has transparent pixels; {INSTEAD}')
    # OpenCV has inverted values of 8 bits.
    white_is_zero = page.get(PHOTOMETRIC, [1])[0] == 0 and stored.dtype != np.uint8
    return np.ascontiguousarray(stored[..., 2::-1] if stored.ndim == 3 else stored), white_is_zero


def format_of(head):
    """The format that the first bytes of a file announce."""
    if head[128:132] == b'DICM' or head[:2] in (b'\2\0', b'\x08\0') and head[4:6].isalpha() and head[4:6].isupper():
        raise ImageError(f'is a DICOM file, which this program does not read, since its values depend on a window: {INSTEAD}')
    if head[:3] == b'\xff\xd8\xff':
        return 'JPEG'
    if head[:8] == b'\x89PNG\r\n\x1a\n':
        return 'PNG'
    if head[:4] in (b'II*\0', b'MM\0*', b'II+\0', b'MM\0+'):
        return 'TIFF'
    if head[:4] == b'RIFF' and head[8:12] == b'WEBP':
        return 'WebP'
    raise ImageError('is not a JPEG, PNG, TIFF or WebP file')


def has_end(jpeg):
    """Whether a JPEG file has a marker of its end behind its last scan; some decoders fill up what is missing."""
    return jpeg.find(b'\xff\xd9', max(jpeg.rfind(b'\xff\xda'), 0)) >= 0


def decode(data, flags):
    """The pixels, or None, and what the decoders complain about, which OpenCV writes to standard error only."""
    with tempfile.TemporaryFile() as messages:
        try:
            standard_error = os.dup(2)
        except OSError:  # a program without one
            return cv2.imdecode(data, flags), ''
        os.dup2(messages.fileno(), 2)
        try:
            pixels = cv2.imdecode(data, flags)
        except cv2.error:
            pixels = None
        finally:
            os.dup2(standard_error, 2)
            os.close(standard_error)
        messages.seek(0)
        return pixels, messages.read().decode(errors='replace')


def has_opacity(data, format_, page):
    if format_ == 'PNG':
        # Gray or color with opacity, or a list of transparent colors before the pixels.
        head = data.tobytes()
        return head[25] in (4, 6) or b'tRNS' in head[:head.find(b'IDAT')]
    return format_ == 'WebP' or format_ == 'TIFF' and extra_channels(page) > 0


def is_opaque(data):
    """Whether every pixel of an image that may have opacity is opaque."""
    pixels, _ = decode(data, cv2.IMREAD_UNCHANGED)
    if pixels is None or pixels.ndim == 2:
        return False
    opacity = pixels[..., 3:]
    return bool((opacity == highest(pixels)).all()) if opacity.size > 0 else data[:4].tobytes() == b'RIFF'


def highest(pixels):
    """The level of white."""
    return 255 if pixels.dtype == np.uint8 else 65535


# TIFF files (TIFF 6.0, BigTIFF), of which OpenCV reads some as something else than they are

WIDTH, HEIGHT, BITS, COMPRESSION, PHOTOMETRIC, SAMPLES, PLANES = 256, 257, 258, 259, 262, 277, 284
SAMPLE_FORMAT = 339
# None, LZW, JPEG, deflate (two codes), PackBits
COMPRESSIONS = (1, 5, 7, 8, 32946, 32773)
# Bits and kind (1 unsigned, 3 floating-point) of values
VALUES = ((1, 1), (8, 1), (16, 1), (32, 3))
WHITE_IS_ZERO, BLACK_IS_ZERO, RGB, PALETTE, YCBCR = 0, 1, 2, 3, 6


def check_tiff(data):
    """The fields of the first page by tag. Raises ImageError for kinds of TIFF that the training refuses, or reads otherwise."""
    try:
        page, *others = tiff_pages(data)
    except (struct.error, ValueError) as error:
        raise ImageError('is a damaged TIFF file') from error
    bits, kind, compression = (page.get(tag, [1])[0] for tag in (BITS, SAMPLE_FORMAT, COMPRESSION))
    if (bits, kind) not in VALUES:
        signed = {2: 'signed ', 3: 'floating-point '}.get(kind, '')
        raise ImageError(f'has {signed}values of {bits} bits; supported are 8 or 16 bits, and floating point of 32 bits')
    photometric, extra = page.get(PHOTOMETRIC, [1])[0], extra_channels(page)
    is_read = compression in COMPRESSIONS and {
        WHITE_IS_ZERO: kind == 1,
        BLACK_IS_ZERO: True,
        RGB: bits == 8 or page.get(PLANES, [1])[0] == 1,
        PALETTE: bits == 8,
        YCBCR: compression == 7,
    }.get(photometric, False)
    if not is_read:
        raise ImageError('is a TIFF file of a kind that OpenCV reads otherwise than the training (photometric interpretation '
                         f'{photometric}, compression {compression}); {INSTEAD}')
    if extra > 1 or extra == 1 and photometric != RGB:
        raise ImageError(f'has {page[SAMPLES][0]} channels; supported are one (grayscale) and three (RGB); {INSTEAD}')
    sizes = [each[WIDTH][0] * each[HEIGHT][0] for each in (page, *others) if WIDTH in each and HEIGHT in each]
    if sizes and max(sizes) > sizes[0]:
        raise ImageError('has a first page that is smaller than another one, and so may be a thumbnail')
    return page


def extra_channels(page):
    """Channels beyond those of the colors."""
    return page.get(SAMPLES, [1])[0] - (3 if page.get(PHOTOMETRIC, [1])[0] in (RGB, YCBCR) else 1)


def tiff_pages(data):
    """The integer fields of each page by tag."""
    order = '<' if data[:2] == b'II' else '>'
    big = struct.unpack_from(order + 'H', data, 2)[0] == 43
    word, counter, entry_bytes = ('Q', 'Q', 20) if big else ('I', 'H', 12)

    def read(code, at):
        return struct.unpack_from(order + code, data, at)[0]

    at, pages, seen = read(word, 8 if big else 4), [], set()
    while at != 0:
        if at in seen:
            raise ValueError('pages in a circle')
        seen.add(at)
        entries, first = read(counter, at), at + struct.calcsize('=' + counter)
        fields = {}
        for start in range(first, first + entries * entry_bytes, entry_bytes):
            code = {1: 'B', 3: 'H', 4: 'I', 16: 'Q'}.get(read('H', start + 2))
            if code is None:
                continue
            count, size, inline = read(word, start + 4), struct.calcsize('=' + code), start + entry_bytes - struct.calcsize('=' + word)
            values = inline if count * size <= struct.calcsize('=' + word) else read(word, inline)
            fields[read('H', start)] = [read(code, values + i * size) for i in range(min(count, 8))]
        pages.append(fields)
        at = read(word, first + entries * entry_bytes)
    return pages


# The scale of the values


def levels_of(stored, values, white_is_zero=False):
    """Stored values on the scale that the model was trained on: 8 bits unchanged, others with black at 0, white at 65,535."""
    is_eight_bit = stored.dtype == np.uint8
    if values is None:
        return levels_by_own_maximum(stored, white_is_zero)
    if isinstance(values, dict):
        # Trained on DICOM files; other images beside them are those that somebody exported as they are displayed.
        if not is_eight_bit:
            raise ImageError(f'has {depth_of(stored)}, but the model was trained on DICOM files as they are displayed: {INSTEAD}, '
                             'or give an image with 8 bits, exported as it is displayed')
        return stored.astype(np.uint16) * np.uint16(257)
    if is_eight_bit != (values == '8-bit'):
        trained = '8 bits' if values == '8-bit' else f'more than 8 bits, values from {values[0]:g} to {values[1]:g}'
        raise ImageError(f'has {depth_of(stored)}, but the model was trained on images with {trained}')
    if is_eight_bit:
        return stored
    black, white = values
    smallest, largest = (float(limit(stored, None)) for limit in (np.fmin.reduce, np.fmax.reduce))  # without NaN
    bits = np.log2(white + 1) if black == 0 else 0
    is_too_large = bits > 8 and float(bits).is_integer() and largest > white
    if is_too_large or smallest < largest and (smallest >= white or largest <= black):
        raise ImageError(f'has values from {smallest:g} to {largest:g}, which do not fit the scale of the training images, '
                         f'{black:g} to {white:g}')
    level = np.clip((stored.astype(np.float64) - black) * (65535 / (white - black)), 0, 65535)
    return (np.nan_to_num(np.abs((65535 if white_is_zero else 0) - level), nan=-0.5) + 0.5).astype(np.uint16)


def depth_of(stored):
    return {'uint8': '8 bits', 'uint16': '16 bits'}.get(str(stored.dtype), 'floating-point values')


def levels_by_own_maximum(stored, white_is_zero):
    """Levels of 8 bits for models of version 0.0: of 12 bits if no value is larger, else of 16."""
    if stored.dtype == np.uint8:
        return stored
    if stored.dtype != np.uint16:
        raise ImageError('has floating-point values, but the model was trained on integers')
    white = 4095 if stored.max() < 4096 else 65535
    return ((white - stored if white_is_zero else stored) * (255 / white) + 0.5).astype(np.uint8)
