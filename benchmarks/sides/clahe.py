"""The OpenCV side of clahe.mjs."""

import hashlib

import cv2
import numpy as np

from serve import given, serve

cv2.setNumThreads(1)
size = given['size']
y, x = np.mgrid[0:size, 0:size]
image = (((x * x + 3 * y * y + 7 * x) // 64 + (x * 7919 + y * 104729) % 31) % 256).astype(np.uint8)
clahe, out = cv2.createCLAHE(2.0, (8, 8)), np.empty_like(image)


def work():
    clahe.apply(image, out)


work()
serve(dict(engine='OpenCV ' + cv2.__version__, threads=1, hash=hashlib.sha256(out.tobytes()).hexdigest()), work, given['repeat'])
