"""Prepares images for an exported model of nonlocal-med: what happens between the file and the network, but for
normalization, which is inside the model. The steps and their rounding are those of the training.

    python preprocess.py IMAGE... --out input.npy

Needs numpy and opencv-python. In a program:

    import json
    from preprocess import prepare, read_image
    preprocessing = json.load(open('metadata.json', encoding='utf-8'))['preprocessing']
    batch = prepare(read_image('image.png', preprocessing), preprocessing)[None]  # [1, height, width, 3], RGB 0 to 255
"""

import argparse
import json
import math
from pathlib import Path

import cv2
import numpy as np

from read_image import ImageError, highest, read_image


def prepare(pixels, preprocessing):
    """Levels as `read_image` gives them -> RGB values 0 to 255 of the size of the model, float32 [height, width, 3]."""
    height, width = preprocessing['size']
    source, target = fit_geometry(pixels, preprocessing)
    left, top, across, down = source
    cropped = pixels[top:top + down, left:left + across]
    colored = to_grayscale(cropped) if preprocessing['color'] == 'grey' else to_rgb(cropped)
    resized = resize_area(colored, target[3], target[2])
    contrast = preprocessing['contrast']
    if contrast == 'clahe':
        resized = equalize(resized, preprocessing['clipLimit'], preprocessing['tiles'])
    elif contrast == 'local-mean':
        resized = local_mean(resized)
    elif contrast != 'none':
        raise ValueError(f'unknown contrast {contrast!r}: clahe, local-mean or none')
    padded = np.full((height, width) + resized.shape[2:], background(resized, contrast), resized.dtype)
    padded[target[1]:target[1] + target[3], target[0]:target[0] + target[2]] = resized
    white = highest(padded)
    return np.ascontiguousarray((to_rgb(padded) * (1 / (white * (1 / 255)))).astype(np.float32))


def background(pixels, contrast):
    """Black, or the gray of local-mean."""
    return (128 if pixels.dtype == np.uint8 else 128 * 257) if contrast == 'local-mean' else 0


def to_grayscale(pixels):
    if pixels.ndim == 2:
        return pixels
    r, g, b = (pixels[..., channel].astype(np.int64) for channel in range(3))
    return ((r * 9798 + g * 19235 + b * 3735 + 16384) >> 15).astype(pixels.dtype)


def to_rgb(pixels):
    return np.repeat(pixels[..., None], 3, 2) if pixels.ndim == 2 else pixels


# Fitting into the size of the network. Boxes are (left, top, width, height).


def fit_geometry(pixels, preprocessing):
    """Which part of the image is used, and where it is in the input of the network."""
    height, width = preprocessing['size']
    fit = preprocessing.get('fit', 'stretch')
    whole, everything = (0, 0, pixels.shape[1], pixels.shape[0]), (0, 0, width, height)
    if fit == 'stretch':
        return whole, everything
    if fit == 'letterbox':
        return whole, largest_inside(everything, whole)
    if fit == 'center-crop':
        return largest_inside(whole, everything), everything
    if fit == 'fundus-crop':
        source = fundus_box(pixels)
        return source, largest_inside(everything, source)
    raise ValueError(f'unknown fit {fit!r}: stretch, letterbox, center-crop or fundus-crop')


def largest_inside(box, shape):
    """The largest centered part of a box that has the aspect ratio of another one, to whole pixels."""
    scale = min(box[2] / shape[2], box[3] / shape[3])
    width, height = (min(box[i], max(1, math.floor(shape[i] * scale + 0.5))) for i in (2, 3))
    return box[0] + (box[2] - width) // 2, box[1] + (box[3] - height) // 2, width, height


def fundus_box(pixels):
    """The smallest box around the disk that a fundus camera recorded; the whole image if there is no dark surround."""
    height, width = pixels.shape[:2]
    shrink = min(1, 512 / max(width, height))
    rows, columns = (max(1, math.floor(length * shrink + 0.5)) for length in (height, width))
    small = resize_area(pixels, rows, columns)
    _, _, regions, _ = cv2.connectedComponentsWithStats(camera_field(small), connectivity=4)
    if len(regions) < 2:
        return 0, 0, width, height
    left, top, across, down, area = regions[1 + np.argmax(regions[1:, cv2.CC_STAT_AREA])].tolist()
    if area < 0.05 * rows * columns:
        return 0, 0, width, height
    margin = rim_margin(columns)
    x0, y0 = max(0, left - margin), max(0, top - margin)
    x1, y1 = min(columns, left + across + margin), min(rows, top + down + margin)
    scale_x, scale_y = width / columns, height / rows
    left, top = math.floor(x0 * scale_x), math.floor(y0 * scale_y)
    return left, top, min(width, math.ceil(x1 * scale_x)) - left, min(height, math.ceil(y1 * scale_y)) - top


def camera_field(pixels):
    """1 where the camera recorded the retina, 0 in the dark surround that is connected to the border, and at its rim."""
    image = pixels if pixels.dtype == np.uint8 else (pixels / 257 + 0.5).astype(np.uint8)
    brightest = np.pad(to_rgb(image).max(2).astype(np.int64), 1, mode='edge')
    rows = brightest[:-2] + brightest[1:-1] + brightest[2:]
    values = (rows[:, :-2] + rows[:, 1:-1] + rows[:, 2:]) // 9
    counts = np.bincount(values.ravel(), minlength=256)
    level, left = 0, values.size * 0.9 - counts[0]
    while left > 0:
        level += 1
        left -= counts[level]
    threshold = min(max(level / 7, 8), 32)
    _, regions = cv2.connectedComponents((values < threshold).astype(np.uint8), connectivity=4)
    border = np.concatenate([regions[0], regions[-1], regions[:, 0], regions[:, -1]])
    outside = np.isin(regions, border[border > 0]).astype(np.uint8)
    side = 2 * rim_margin(values.shape[1]) + 1
    return 1 - cv2.dilate(outside, np.ones((side, side), np.uint8))


def rim_margin(width):
    return max(1, math.floor(width / 100 + 0.5))


# Resizing


def resize_area(pixels, height, width):
    """Means over the area of each new pixel where an axis shrinks, linear interpolation where it grows, rounded once."""
    if pixels.shape[:2] == (height, width):
        return pixels
    halving = pixels.shape[0] == 2 * height and pixels.shape[1] == 2 * width
    source = pixels.astype(np.float64)
    lines = weighted_sums(source.swapaxes(0, 1), width).swapaxes(0, 1)
    values = weighted_sums(lines, height)
    return (np.floor(values + 0.5) if halving else np.rint(values)).astype(pixels.dtype)


def weighted_sums(values, length):
    """Resamples the first axis; sums in the order of the training, so that not even the last bit differs."""
    starts, weights = resize_weights(values.shape[0], length)
    result = np.zeros((length,) + values.shape[1:])
    for tap in range(weights.shape[1]):
        rows = values[np.minimum(starts + tap, values.shape[0] - 1)]
        result += rows * weights[:, tap].reshape((-1,) + (1,) * (values.ndim - 1))
    return result


def resize_weights(source, target):
    """The first input of each output, and the weights of the inputs from there on."""
    scale = source / target
    starts, rows = [], []
    for i in range(target):
        if target <= source:
            begin = i * scale
            end = min(begin + scale, source)
            inner = min(math.ceil(begin), source)
            outer = max(min(math.floor(end), source), inner)
            before = inner - begin > 1e-3
            row = [(inner - begin) / (end - begin)] if before else []
            row += [1 / (end - begin)] * (outer - inner)
            if end - outer > 1e-3:
                row.append((end - outer) / (end - begin))
            starts.append(inner - 1 if before else inner)
        else:
            position = min(max((i + 0.5) * source / target - 0.5, 0), source - 1)
            start = math.floor(position)
            row = [1.0] if position == start else [1 - (position - start), position - start]
            starts.append(start)
        rows.append(row)
    taps = max(len(row) for row in rows)
    return np.array(starts), np.array([row + [0.0] * (taps - len(row)) for row in rows])


# Contrast: CLAHE, of the lightness in CIE LAB for color images


def equalize(pixels, clip_limit, tiles):
    clahe = cv2.createCLAHE(clipLimit=clip_limit, tileGridSize=tuple(tiles))
    if pixels.ndim == 2:
        return clahe.apply(pixels)
    lightness, a, b = rgb_to_lab(pixels)
    return lab_to_rgb(clahe.apply(lightness), a, b)


# Linear sRGB to CIE XYZ divided by the D65 white point.
RGB_TO_XYZ = np.array([
    [0.412453 / 0.950456, 0.35758 / 0.950456, 0.180423 / 0.950456],
    [0.212671, 0.71516, 0.072169],
    [0.019334 / 1.088754, 0.119193 / 1.088754, 0.950227 / 1.088754],
])
LINEAR_BELOW, SLOPE, OFFSET = 0.008856, 7.787, 16 / 116
ROOT_STEPS, LEVEL_STEPS = 4096, 32768


def rgb_to_lab(rgb):
    """Lightness as levels, rounded; a and b as float32."""
    white = highest(rgb)
    c = np.arange(white + 1) / white
    linear = np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4).astype(np.float32)
    t = np.arange(ROOT_STEPS + 2) / ROOT_STEPS
    roots = np.where(t > LINEAR_BELOW, np.cbrt(t), SLOPE * t + OFFSET).astype(np.float32).astype(np.float64)
    r, g, b = (linear[rgb[..., channel]].astype(np.float64) for channel in range(3))

    def root(row):
        position = (row[0] * r + row[1] * g + row[2] * b) * ROOT_STEPS
        step = position.astype(np.int64)
        return roots[step] + (roots[step + 1] - roots[step]) * (position - step)

    fx, fy, fz = (root(row) for row in RGB_TO_XYZ)
    scale = 2.55 if white == 255 else 655.35
    lightness = ((116 * fy - 16) * scale + 0.5).astype(rgb.dtype)
    return lightness, (500 * (fx - fy)).astype(np.float32), (200 * (fy - fz)).astype(np.float32)


def lab_to_rgb(lightness, a, b):
    scale = 2.55 if highest(lightness) == 255 else 655.35
    fy = (lightness / scale + 16) / 116
    fx, fz = fy + a.astype(np.float64) / 500, fy - b.astype(np.float64) / 200
    x, y, z = (np.where(f > np.cbrt(LINEAR_BELOW), f * f * f, (f - OFFSET) / SLOPE) for f in (fx, fy, fz))
    inverse = inverted(RGB_TO_XYZ.ravel())
    to_level = level_table(lightness.dtype)
    return np.stack([to_level(row[0] * x + row[1] * y + row[2] * z) for row in inverse], -1)


def inverted(m):
    """Inverse of a 3 x 3 matrix by its cofactors."""
    a, b, c, d, e, f, g, h, i = m
    determinant = a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g)
    cofactors = [e * i - f * h, c * h - b * i, b * f - c * e, f * g - d * i, a * i - c * g, c * d - a * f,
                 d * h - e * g, b * g - a * h, a * e - b * d]
    return np.array(cofactors).reshape(3, 3) / determinant


def level_table(dtype):
    """From linear light to sRGB levels."""
    c = np.arange(LEVEL_STEPS + 1) / LEVEL_STEPS
    encoded = np.where(c <= 0.0031308, 12.92 * c, 1.055 * c ** (1 / 2.4) - 0.055)
    if dtype == np.uint8:
        levels = (255 * encoded + 0.5).astype(np.uint8)
        return lambda light: levels[(np.clip(light, 0, 1) * LEVEL_STEPS + 0.5).astype(np.int64)]
    fine = np.append(65535 * encoded, 65535.0)

    def sixteen_bits(light):
        position = np.clip(light, 0, 1) * LEVEL_STEPS
        step = position.astype(np.int64)
        return (fine[step] + (fine[step + 1] - fine[step]) * (position - step) + 0.5).astype(np.uint16)

    return sixteen_bits


# Contrast: the difference from the local mean


def local_mean(pixels, gain=4, spread=1 / 24):
    """(value - mean) * gain + 128, with a Gaussian mean over the field of view; 128 outside it."""
    height, width = pixels.shape[:2]
    planes = pixels[..., None] if pixels.ndim == 2 else pixels
    is_gray = (planes == planes[..., :1]).all()
    mask = np.ones((height, width), np.uint8) if is_gray else camera_field(pixels)
    cell = max(1, min(width, height) // 96)
    rows, columns = math.ceil(height / cell), math.ceil(width / cell)
    at = (np.arange(height) // cell)[:, None] * columns + np.arange(width) // cell
    middle, white = background(pixels, 'local-mean'), highest(pixels)

    def cells(values):
        sums = np.bincount(at.ravel(), (values * mask).ravel(), rows * columns).astype(np.float32)
        return blur(blur(sums.reshape(rows, columns), spread * width / cell, 1), spread * height / cell, 0)

    weight = cells(np.ones((height, width)))
    (top, bottom, down), (left, right, across) = cell_weights(height, rows, cell), cell_weights(width, columns, cell)
    result = np.full(planes.shape, middle, pixels.dtype)
    for channel in range(planes.shape[2]):
        sums = cells(planes[..., channel].astype(np.float64)).astype(np.float64)
        mean = np.where(weight > 1e-6, sums / np.where(weight > 1e-6, weight, 1), 0).astype(np.float32)
        mean = mean.astype(np.float64)
        above = mean[top][:, left] + (mean[top][:, right] - mean[top][:, left]) * across
        below = mean[bottom][:, left] + (mean[bottom][:, right] - mean[bottom][:, left]) * across
        local = above + (below - above) * down[:, None]
        value = np.clip((planes[..., channel] - local) * gain + middle, 0, white)
        result[..., channel] = np.where(mask == 1, np.rint(value), middle)
    return result.reshape(pixels.shape)


def cell_weights(length, cells, cell):
    """The two cells whose centers surround each pixel along one axis, and the weight of the second one."""
    position = np.clip((np.arange(length) + 0.5) / cell - 0.5, 0, cells - 1)
    first = np.floor(position).astype(np.int64)
    return first, np.minimum(first + 1, cells - 1), position - first


def blur(plane, sigma, axis):
    """Gaussian of four standard deviations along an axis, with the edge repeated; float32 as between two axes."""
    radius = math.floor(8 * sigma + 1 + 0.5) >> 1
    weights = np.array([math.exp(-(i * i) / (2 * sigma * sigma)) for i in range(radius + 1)])
    total = 0.0
    for weight in weights:
        total += weight
    weights = weights / (2 * total - weights[0])
    values = np.moveaxis(plane, axis, 0).astype(np.float64)
    length = values.shape[0]
    padded = np.concatenate([values[:1]] * radius + [values] + [values[-1:]] * radius)
    result = padded[radius:radius + length] * weights[0]
    for i in range(1, radius + 1):
        result += (padded[radius - i:radius - i + length] + padded[radius + i:radius + i + length]) * weights[i]
    return np.moveaxis(result, 0, axis).astype(np.float32)


def main():
    parser = argparse.ArgumentParser(description='Prepare images for an exported model.')
    parser.add_argument('images', nargs='+')
    parser.add_argument('--metadata', default=Path(__file__).with_name('metadata.json'), help='default: that beside this program')
    parser.add_argument('--out', default='input.npy', help='file to write, float32 [images, height, width, 3]; default: input.npy')
    options = parser.parse_args()
    with open(options.metadata, encoding='utf-8') as file:
        preprocessing = json.load(file)['preprocessing']
    try:
        batch = np.stack([prepare(read_image(image, preprocessing), preprocessing) for image in options.images])
    except ImageError as error:
        raise SystemExit(str(error)) from error
    with open(options.out, 'wb') as file:
        np.save(file, batch)
    print(f'{options.out}: {" x ".join(map(str, batch.shape))} values, RGB from 0 to 255')


if __name__ == '__main__':
    main()
