"""Writes image_files.json: image files of kinds that decoders read differently, or that are damaged.

    pip install numpy imagecodecs pillow tifffile
    python make_image_files.py

Made with Pillow 13.0.0, imagecodecs 2026.3.6 and tifffile 2026.3.3. Each entry has the file (deflated, base64) and the scale of
the values that a model was trained on. What has to be read from it is what `decodeImage` of data reads.
"""

import base64
import io
import json
import pathlib
import struct
import zlib

import imagecodecs
import numpy as np
import tifffile
from PIL import Image

HEIGHT, WIDTH = 20, 32
random = np.random.default_rng(1)
rgb = random.integers(0, 256, (HEIGHT, WIDTH, 3)).astype('u1')
y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
smooth = np.stack([x * 8, y * 12, (x + y) * 4], -1).astype('u1')
gray = rgb[..., 0]
opacity = np.tile(np.linspace(0, 255, WIDTH).astype('u1'), (HEIGHT, 1))
opaque = np.full((HEIGHT, WIDTH), 255, 'u1')
twelve = random.integers(0, 4096, (HEIGHT, WIDTH)).astype('u2')
sixteen = random.integers(0, 65536, (HEIGHT, WIDTH, 3)).astype('u2')
unit = (twelve / 4095).astype('f4')
TWELVE_BITS, SIXTEEN_BITS = [0, 4095], [0, 65535]
entries = []


def add(name, file, values='8-bit'):
    entries.append({'name': name, 'values': values, 'file': base64.b64encode(zlib.compress(file, 9)).decode()})


def saved(array, mode=None, format='PNG', **options):
    buffer = io.BytesIO()
    image = array if isinstance(array, Image.Image) else Image.fromarray(array, mode)
    image.save(buffer, format=format, **options)
    return buffer.getvalue()


def tiff(array, **options):
    buffer = io.BytesIO()
    tifffile.imwrite(buffer, array, **options)
    return buffer.getvalue()


def png(depth, color_type, rows, *chunks):
    """A PNG file of rows of bytes, with more chunks before them."""
    def chunk(name, content):
        return struct.pack('>I', len(content)) + name + content + struct.pack('>I', zlib.crc32(name + content))
    header = struct.pack('>IIBBBBB', WIDTH, HEIGHT, depth, color_type, 0, 0, 0)
    pixels = zlib.compress(b''.join(b'\0' + row for row in rows))
    inside = [chunk(b'IHDR', header), *(chunk(*each) for each in chunks), chunk(b'IDAT', pixels), chunk(b'IEND', b'')]
    return b'\x89PNG\r\n\x1a\n' + b''.join(inside)


def big_endian(array):
    return [row.astype('>u2').tobytes() for row in array]


def exif(orientation):
    found = Image.Exif()
    found[0x0112] = orientation
    return found.tobytes()


# Opacity
add('PNG, RGB and opacity', saved(np.dstack([rgb, opacity])))
add('PNG, RGB and opacity, opaque, EXIF orientation 6', saved(np.dstack([rgb, opaque]), exif=exif(6)))
add('PNG, gray and opacity', saved(np.dstack([gray, opacity]), 'LA'))
add('PNG, gray and opacity, opaque', saved(np.dstack([gray, opaque]), 'LA'))
palette = Image.fromarray(smooth).quantize(32)
add('PNG, palette with a transparent color', saved(palette, transparency=3))
add('PNG, palette, half transparent', saved(palette, transparency=bytes([128] * 32)))
add('PNG, palette, opaque', saved(palette, transparency=bytes([255] * 32)))
add('PNG, gray with a transparent level', saved(smooth[..., 0], transparency=40))
add('PNG, 16 bits with opacity', png(16, 6, big_endian(np.dstack([sixteen, np.full_like(twelve, 30000)]))), SIXTEEN_BITS)
add('PNG, 16 bits with opacity, opaque', png(16, 6, big_endian(np.dstack([sixteen, np.full_like(twelve, 65535)]))), SIXTEEN_BITS)
add('PNG, 16 bits with a transparent level', png(16, 0, big_endian(twelve), (b'tRNS', b'\0\5')), TWELVE_BITS)
add('WebP, opacity', saved(np.dstack([rgb, opacity]), format='WebP', lossless=True))
add('WebP, opacity, opaque', saved(np.dstack([rgb, opaque]), format='WebP', lossless=True))
add('WebP, lossy', saved(smooth, format='WebP', quality=80))
add('WebP, EXIF orientation 6', saved(rgb, format='WebP', lossless=True, exif=exif(6)))
for kind in ('unassalpha', 'assocalpha', 'unspecified'):
    add(f'TIFF, RGB and opacity, {kind}', tiff(np.dstack([rgb, opacity]), photometric='rgb', extrasamples=[kind]))
    add(f'TIFF, RGB and opacity, opaque, {kind}', tiff(np.dstack([rgb, opaque]), photometric='rgb', extrasamples=[kind]))
add('TIFF, gray and opacity',
    tiff(np.dstack([gray, opacity]), photometric='minisblack', planarconfig='contig', extrasamples=['unassalpha']))
add('TIFF, 16 bits, RGB and opacity',
    tiff(np.dstack([sixteen, np.full_like(twelve, 30000)]), photometric='rgb', extrasamples=['unassalpha']), SIXTEEN_BITS)

# Orientation
add('PNG, EXIF orientation 6', saved(rgb, exif=exif(6)))
add('JPEG, gray, EXIF orientation 6', saved(gray, format='JPEG', exif=exif(6)))
add('JPEG, CMYK, EXIF orientation 8', saved(np.dstack([smooth, gray // 2]), 'CMYK', format='JPEG', exif=exif(8)))
for orientation in range(1, 9):
    tag = [(274, 'H', 1, orientation, True)]
    add(f'TIFF, orientation {orientation}', tiff(rgb, photometric='rgb', extratags=tag))
    add(f'TIFF, 16 bits, orientation {orientation}', tiff(twelve, photometric='minisblack', extratags=tag), TWELVE_BITS)

# Few bits, and many
for bits in (1, 2, 4):
    levels = random.integers(0, 2**bits, (HEIGHT, WIDTH))
    each = 8 // bits
    packed = sum(levels[:, i::each] << (8 - bits * (i + 1)) for i in range(each)).astype('u1')
    add(f'PNG, gray, {bits} bits', png(bits, 0, [row.tobytes() for row in packed]))
    add(f'TIFF, palette of {bits} bits', saved(Image.fromarray(smooth).quantize(2**bits), format='TIFF', bits=bits))
add('PNG, a gamma', png(8, 2, [row.tobytes() for row in rgb], (b'gAMA', struct.pack('>I', 100000))))
twelve_bits = png(16, 0, big_endian(twelve))
add('PNG, 12 of 16 bits', twelve_bits, TWELVE_BITS)
add('PNG, 12 of 16 bits, declared', png(16, 0, big_endian(twelve), (b'sBIT', b'\x0c')), TWELVE_BITS)
add('PNG, 16 bits for a model of 12', png(16, 0, big_endian(twelve * 9)), TWELVE_BITS)
add('PNG, a window', twelve_bits, [1000, 2000])
add('PNG, nothing in the window', png(16, 0, big_endian(twelve // 100)), [1000, 2000])
add('PNG, 16 bits, RGB', png(16, 2, big_endian(sixteen)), SIXTEEN_BITS)
add('PNG, 16 bits for a model of 8', png(16, 2, big_endian(sixteen)))
add('PNG, 8 bits for a model of 12', saved(rgb), TWELVE_BITS)
add('PNG, 12 of 16 bits on its own scale', twelve_bits, None)
add('PNG, 16 bits on their own scale', png(16, 2, big_endian(sixteen)), None)
add('PNG, 8 bits beside DICOM files', saved(rgb), {'window': 'file'})
add('PNG, 16 bits beside DICOM files', twelve_bits, {'window': 'percentile'})
add('TIFF, 16 bits, white is zero', tiff(twelve, photometric='miniswhite'), TWELVE_BITS)
add('TIFF, 16 bits, white is zero, on its own scale', tiff(twelve, photometric='miniswhite'), None)
add('TIFF, 1 bit', tiff(gray > 100, photometric='minisblack'))
add('TIFF, 1 bit, white is zero', tiff(gray > 100, photometric='miniswhite'))
add('TIFF, 16 bits, tiles', tiff(np.tile(twelve, (2, 2)), tile=(16, 16), compression='lzw', predictor=True, byteorder='>'), TWELVE_BITS)
add('TIFF, 16 bits, planes', tiff(sixteen.transpose(2, 0, 1), photometric='rgb', planarconfig='separate'), SIXTEEN_BITS)
add('TIFF, 16 bits, three pages', tiff(np.stack([twelve, twelve // 2, twelve // 3]), photometric='minisblack'), TWELVE_BITS)
for name, array in {'': unit, ', not a number': np.where(x == 3, np.nan, unit), ', infinite': np.where(x == 3, np.inf, unit)}.items():
    add(f'TIFF, floating point{name}', tiff(array.astype('f4'), photometric='minisblack'), [0, 1])
add('TIFF, Hounsfield units', tiff(twelve.astype('f4') - 1024, photometric='minisblack'), [-160, 240])
add('TIFF, floating point, RGB', tiff((sixteen / 65535).astype('f4'), photometric='rgb'), [0, 1])
add('TIFF, floating point, predictor', tiff(unit, compression='zlib', predictor=3), [0, 1])
add('TIFF, floating point, white is zero', tiff(unit, photometric='miniswhite'), [0, 1])
add('TIFF, floating point on its own scale', tiff(unit, photometric='minisblack'), None)
for kind in ('f2', 'f8'):
    add(f'TIFF, floating point, {kind}', tiff(unit.astype(kind), photometric='minisblack'), [0, 1])
for kind in ('i2', 'u4'):
    add(f'TIFF, integers, {kind}', tiff(twelve.astype(kind), photometric='minisblack'), TWELVE_BITS)
add('TIFF, integers, i1', tiff((gray.astype('i2') - 128).astype('i1'), photometric='minisblack'))

# Colors and compressions
add('TIFF, CMYK', saved(np.dstack([rgb, gray // 2]), 'CMYK', format='TIFF'))
add('TIFF, LAB', saved(rgb, 'LAB', format='TIFF'))
add('TIFF, YCbCr in JPEG', saved(smooth, format='TIFF', compression='jpeg'))
add('TIFF, gray in JPEG', tiff(smooth[..., 0], photometric='minisblack', compression='jpeg'))
add('TIFF, fax', saved(gray > 100, format='TIFF', compression='group4'))
for compression in ('packbits', 'zstd', 'webp', 'jpeg2000'):
    add(f'TIFF, {compression}', tiff(rgb, photometric='rgb', compression=compression))
add('JPEG, the colors of the file are RGB', saved(smooth, format='JPEG', keep_rgb=True))
add('JPEG, a size that is not a multiple of its blocks', saved(smooth[:17, :23].copy(), format='JPEG', quality=70))

# Damaged, or something else
whole = tiff(rgb, photometric='rgb')
add('TIFF, truncated', whole[:len(whole) // 2])
add('TIFF, its directory leads nowhere', whole[:4] + struct.pack('<I', 10**6) + whole[8:])
add('PNG, truncated', twelve_bits[:len(twelve_bits) // 2], TWELVE_BITS)
jpeg = saved(rgb, format='JPEG', exif=b'Exif\0\0II*\0\x08\0\0\0\0\0\0\0\0\0' + saved(smooth, format='JPEG'))
add('JPEG, truncated behind a whole thumbnail', jpeg[:len(jpeg) * 2 // 3])
add('BMP', saved(rgb, format='BMP'))
add('GIF', saved(palette, format='GIF'))
add('JPEG 2000', imagecodecs.jpeg2k_encode(rgb))
add('text', b'this is not an image')
add('an empty file', b'')

(pathlib.Path(__file__).parent / 'image_files.json').write_text(json.dumps(entries, indent=1) + '\n')
print(len(entries), 'files')
