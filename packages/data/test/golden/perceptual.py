"""Writes perceptual.json: perceptual hashes of 256 bits as ImageHash computes them.

python perceptual.py [OUTPUT]     (made with ImageHash 4.3.2, opencv-python 5.0.0, numpy 2)
Inputs are formulas that patterns.ts and perceptualHash.test.ts repeat. Images that are not 64 x 64 are reduced by
OpenCV's INTER_AREA first, in place of ImageHash's Lanczos.
"""
import json, os, sys
import cv2
import imagehash
import numpy as np
from PIL import Image


def noise(width, height):
    state, out = 1, []
    for _ in range(width * height):
        state = (state * 1664525 + 1013904223) % 2**32
        out.append(state >> 24)
    return np.array(out, np.uint8).reshape(height, width)


def smooth(width, height):
    y, x = np.mgrid[0:height, 0:width]
    return ((x * x + 3 * y * y + 7 * x) // 16 % 256).astype(np.uint8)


def scene(width, height):
    y, x = np.mgrid[0:height, 0:width]
    inside = np.hypot(x / width - 0.5, y / height - 0.5) < 0.45
    value = 60 + 40 * np.sin(7 * x / width + 2) + 30 * np.cos(9 * y / height) + noise(24, 24)[24 * y // height, 24 * x // width] / 2
    return np.where(inside, np.clip(np.floor(value), 0, 255), 0).astype(np.uint8)


def case(pattern, width, height):
    pixels = dict(noise=noise, smooth=smooth, scene=scene)[pattern](width, height)
    small = Image.fromarray(cv2.resize(pixels, (64, 64), interpolation=cv2.INTER_AREA))
    return dict(pattern=pattern, width=width, height=height, hash=str(imagehash.phash(small, hash_size=16)))


cases = [case(*given) for given in [('noise', 64, 64), ('smooth', 64, 64), ('scene', 64, 64), ('scene', 128, 128), ('scene', 400, 300), ('smooth', 199, 301), ('noise', 150, 97)]]
json.dump(dict(origin=f'perceptual.py with ImageHash {imagehash.__version__}', cases=cases),
          open(sys.argv[1] if len(sys.argv) > 1 else os.path.join(os.path.dirname(__file__), 'perceptual.json'), 'w'))
