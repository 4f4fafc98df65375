"""Writes opencv_more.json: CLAHE (8 and 16 bit), resizing, RGB <-> LAB and rotation as OpenCV computes them.

python opencv.py [OUTPUT]     (made with opencv-python 5.0.0, numpy 2; opencv_clahe.json holds 4.x's numbers)
Inputs are formulas that patterns.ts repeats. Long outputs are kept as the SHA-256 of their bytes, little-endian.
"""
import hashlib, json, os, sys
import cv2
import numpy as np


def noise(count, bits=8, seed=1):
    state, out = seed, []
    for _ in range(count):
        state = (state * 1664525 + 1013904223) % 2**32
        out.append(state >> (32 - bits))
    return np.array(out, np.uint8 if bits == 8 else np.uint16)


def smooth(width, height, bits=8):
    y, x = np.mgrid[0:height, 0:width]
    value = (x * x + 3 * y * y + 7 * x) // 16
    return (value % 256).astype(np.uint8) if bits == 8 else ((value * 97) % 65536).astype(np.uint16)


def plane(pattern, width, height, bits=8):
    if pattern == 'noise': return noise(width * height, bits).reshape(height, width)
    if pattern == 'smooth': return smooth(width, height, bits)
    return np.full((height, width), int(pattern), np.uint8 if bits == 8 else np.uint16)


def digest(array):
    return hashlib.sha256(np.ascontiguousarray(array).tobytes()).hexdigest()


def clahe_case(pattern, width, height, tiles_x, tiles_y, clip, bits=8):
    result = cv2.createCLAHE(clip, (tiles_x, tiles_y)).apply(plane(pattern, width, height, bits))
    return dict(pattern=pattern, width=width, height=height, tilesX=tiles_x, tilesY=tiles_y, clipLimit=clip, bits=bits,
                sha256=digest(result), head=result.ravel()[:8].tolist())


SIZES = [(1, 1), (1, 9), (9, 1), (2, 3), (3, 3), (5, 17), (8, 8), (17, 5), (96, 100), (100, 96), (97, 130), (130, 97), (64, 64),
         (224, 224), (386, 386), (401, 299), (257, 8), (31, 250)]
clahe = [clahe_case(p, w, h, 8, 8, c) for w, h in SIZES for p in ('noise', 'smooth') for c in (2.0, 40.0)]
clahe += [clahe_case(p, w, h, 8, 8, c) for w, h in [(97, 130), (96, 96)] for p in ('noise', 'smooth', '0', '255', '77') for c in (0.0, 0.01, 1.0, 3.7)]
clahe += [clahe_case('noise', 97, 61, x, y, 2.0) for x, y in [(1, 1), (2, 7), (7, 2), (16, 16), (97, 61), (120, 80)]]
clahe16 = [clahe_case(p, w, h, 8, 8, c, 16) for w, h in [(9, 1), (64, 64), (97, 130)] for p in ('noise', 'smooth', '4095') for c in (0.0, 2.0, 40.0)]
clahe16 += [clahe_case('smooth', 150, 90, 2, 3, 2.0, 16)]


def image(width, height, channels):
    value = (noise(width * height * channels, 8, 7).reshape(height, width, channels) // 8 + smooth(width * channels, height).reshape(height, width, channels) // 2)
    return value.astype(np.uint8)


def resize_case(width, height, to_width, to_height, channels, how):
    result = cv2.resize(image(width, height, channels), (to_width, to_height), interpolation=dict(area=cv2.INTER_AREA, linear=cv2.INTER_LINEAR)[how])
    return dict(width=width, height=height, toWidth=to_width, toHeight=to_height, channels=channels, how=how, pixels=result.ravel().tolist())


resize = [resize_case(w, h, a, b, c, 'area') for w, h, a, b, c in
          [(40, 30, 20, 15, 3), (41, 33, 13, 17, 3), (50, 40, 49, 39, 1), (60, 20, 15, 20, 1), (37, 53, 10, 9, 3), (33, 21, 11, 7, 3), (30, 30, 30, 30, 1), (64, 48, 1, 1, 3)]]
resize += [resize_case(w, h, a, b, c, 'linear') for w, h, a, b, c in [(12, 9, 20, 31, 3), (10, 10, 23, 10, 1), (7, 1, 20, 3, 3), (20, 16, 13, 11, 1), (1, 1, 4, 4, 3)]]

colours = [[255, 0, 0], [0, 255, 0], [0, 0, 255], [128, 64, 32], [200, 120, 60], [0, 0, 0], [255, 255, 255], [128, 128, 128], [1, 2, 3], [12, 7, 9], [255, 250, 3]]
colours += noise(3 * 60, 8, 11).reshape(-1, 3).tolist()
rgb = np.array(colours, np.uint8)[None]
# by the formulas in float64: OpenCV's own float conversion interpolates a coarse table (off by up to 0.2)
c = rgb[0] / 255
x, y, z = (np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)
           @ np.array([[0.412453, 0.357580, 0.180423], [0.212671, 0.715160, 0.072169], [0.019334, 0.119193, 0.950227]]).T / [0.950456, 1, 1.088754]).T
fx, fy, fz = (np.where(t > 0.008856, np.cbrt(t), 7.787 * t + 16 / 116) for t in (x, y, z))
lab = np.stack([np.where(y > 0.008856, 116 * fy - 16, 903.3 * y), 500 * (fx - fy), 200 * (fy - fz)], 1)
lab8 = cv2.cvtColor(rgb, cv2.COLOR_RGB2LAB)[0]

rotation = []
smooth_image = cv2.GaussianBlur(image(30, 30, 3), (0, 0), 2)
for angle in (30, 45, 77.7, 160, 200, 269):
    matrix = cv2.getRotationMatrix2D((14.5, 14.5), angle, 1)
    rotation.append(dict(angle=angle, pixels=cv2.warpAffine(smooth_image, matrix, (30, 30)).ravel().tolist()))

grey = cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY)[0].tolist()
blur = cv2.GaussianBlur(noise(17 * 13).reshape(13, 17).astype(np.float64), (0, 0), 1.5, borderType=cv2.BORDER_REPLICATE)
cubic = cv2.resize(noise(25, 8, 3).reshape(5, 5).astype(np.float64), (32, 32), interpolation=cv2.INTER_CUBIC)

json.dump(dict(origin=f'opencv.py with OpenCV {cv2.__version__}', clahe=clahe, clahe16=clahe16, resize=resize,
               lab=dict(rgb=colours, formula=[[round(float(v), 4) for v in row] for row in lab], eightBit=lab8.tolist(), grey=grey),
               rotation=dict(image=smooth_image.ravel().tolist(), cases=rotation),
               blur=[round(v, 6) for v in blur.ravel().tolist()], cubic=[round(v, 6) for v in cubic.ravel().tolist()]),
          open(sys.argv[1] if len(sys.argv) > 1 else os.path.join(os.path.dirname(__file__), 'opencv_more.json'), 'w'))
