"""Writes one radiograph of 2,500 x 3,000 pixels with 12 bits in several transfer syntaxes, for dicom-speed.mjs.

python dicom-speed.py IMAGE OUT enlarges a gray image and adds noise of 4 levels, about as much as a detector has.
"""

import sys
from pathlib import Path

import numpy as np
from PIL import Image
from pydicom.uid import JPEG2000Lossless, JPEGLSLossless, RLELossless

from dicom_dataset import grayscale_dataset

out = Path(sys.argv[2])
with Image.open(sys.argv[1]) as image:
    gray = np.asarray(image.convert("L").resize((2500, 3000), Image.Resampling.BICUBIC), float)
noise = np.random.default_rng(0).normal(0, 4, gray.shape)
values = (gray * 15 + noise).clip(0, 4095).astype(np.uint16)
for name, syntax in {"uncompressed": None, "RLE": RLELossless, "JPEG-LS": JPEGLSLossless, "JPEG 2000": JPEG2000Lossless}.items():
    ds = grayscale_dataset(values, 12)
    ds.WindowCenter, ds.WindowWidth = 2048, 4096
    if syntax is not None:
        ds.compress(syntax)
    ds.save_as(out / f"{name}.dcm", enforce_file_format=True)
