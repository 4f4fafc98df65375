"""Writes geometry.json: crops, shifts and changes of intensity as PyTorch and torchvision, letterbox and center crop as
OpenCV and torchvision compute them.

python geometry.py [OUTPUT]     (made with torch 2.15.0, torchvision 0.29.2, opencv-python 5.0.0, numpy 2)
Inputs are formulas that patterns.ts repeats.
"""
import json, math, os, sys
import cv2
import numpy as np
import torch
import torch.nn.functional as F
import torchvision
import torchvision.transforms.v2.functional as TF


def image(width, height, channels):
    state, grain = 7, []
    for _ in range(width * height * channels):
        state = (state * 1664525 + 1013904223) % 2**32
        grain.append(state >> 24)
    y, x = np.mgrid[0:height, 0:width * channels]
    smooth = ((x * x + 3 * y * y + 7 * x) // 16 % 256).astype(np.uint8)
    return (np.array(grain, np.uint8).reshape(height, width * channels) // 8 + smooth // 2).reshape(height, width, channels)


def sample(width, height, channels, side, x, y, angle, flip, shift_x, shift_y):
    """Crop, horizontal flip, rotation (counterclockwise), shift in whole pixels: one grid_sample with zeros outside."""
    pixels = torch.from_numpy(image(width, height, channels)).permute(2, 0, 1)[None].double()
    ys, xs = torch.meshgrid(torch.arange(height).double(), torch.arange(width).double(), indexing='ij')
    cx, cy = (width - 1) / 2, (height - 1) / 2
    dx, dy = xs - cx - shift_x, ys - cy - shift_y
    a = math.radians(angle)
    u, v = math.cos(a) * dx - math.sin(a) * dy, math.sin(a) * dx + math.cos(a) * dy
    if flip: u = -u
    # (u, v) in the cropped and resized image, about its center; half-pixel centers
    left, top = x * (1 - side) * width, y * (1 - side) * height
    source_x, source_y = left + side * (u + cx + 0.5), top + side * (v + cy + 0.5)
    grid = torch.stack([2 * source_x / width - 1, 2 * source_y / height - 1], -1)[None]
    result = F.grid_sample(pixels, grid, mode='bilinear', padding_mode='zeros', align_corners=False)[0].permute(1, 2, 0)
    return dict(width=width, height=height, channels=channels, side=side, x=x, y=y, angle=angle, flip=flip,
                shiftX=shift_x, shiftY=shift_y, pixels=[round(v, 3) for v in result.ravel().tolist()])


def intensity(channels, brightness, contrast, gamma):
    pixels = torch.from_numpy(image(12, 9, channels)).permute(2, 0, 1).double() / 255
    result = TF.adjust_gamma(TF.adjust_contrast(TF.adjust_brightness(pixels, brightness), contrast), gamma)
    return dict(channels=channels, brightness=brightness, contrast=contrast, gamma=gamma,
                pixels=[round(v, 3) for v in (255 * result).permute(1, 2, 0).ravel().tolist()])


def clahe(plane):
    return cv2.createCLAHE(2.0, (8, 8)).apply(np.ascontiguousarray(plane))


def letterbox(width, height, size, contrast):
    """cv2.resize with INTER_AREA, CLAHE of the image without bars, cv2.copyMakeBorder in black."""
    pixels = image(width, height, 1)[:, :, 0]
    scale = min(size[0] / height, size[1] / width)
    inner = cv2.resize(pixels, (round(width * scale), round(height * scale)), interpolation=cv2.INTER_AREA)
    if contrast == 'clahe': inner = clahe(inner)
    top, left = (size[0] - inner.shape[0]) // 2, (size[1] - inner.shape[1]) // 2
    result = cv2.copyMakeBorder(inner, top, size[0] - inner.shape[0] - top, left, size[1] - inner.shape[1] - left,
                                cv2.BORDER_CONSTANT, value=0)
    return dict(fit='letterbox', width=width, height=height, size=size, contrast=contrast, pixels=result.ravel().tolist())


def center_crop(width, height, size, contrast):
    """torchvision's center_crop to the aspect ratio of the size, then cv2.resize with INTER_AREA."""
    scale = min(height / size[0], width / size[1])
    pixels = torch.from_numpy(image(width, height, 1)).permute(2, 0, 1)
    cropped = TF.center_crop(pixels, [round(size[0] * scale), round(size[1] * scale)])[0].numpy()
    result = cv2.resize(np.ascontiguousarray(cropped), (size[1], size[0]), interpolation=cv2.INTER_AREA)
    if contrast == 'clahe': result = clahe(result)
    return dict(fit='center-crop', width=width, height=height, size=size, contrast=contrast, pixels=result.ravel().tolist())


result = dict(
    origin=f'geometry.py with torch {torch.__version__}, torchvision {torchvision.__version__}, OpenCV {cv2.__version__}',
    geometry=[sample(17, 13, 3, 0.8, 0.25, 0.5, 0, False, 0, 0), sample(16, 16, 1, 0.9, 1, 0, 8, False, 2, -1),
              sample(16, 16, 3, 0.95, 0.5, 0.5, -10, True, -3, 2), sample(15, 11, 1, 1, 0, 0, 0, True, 4, -3)],
    intensity=[intensity(3, 1.15, 1, 1), intensity(3, 0.85, 1.15, 1), intensity(3, 1, 0.5, 0.8), intensity(1, 1.4, 1.3, 1.15)],
    fit=[fit(*case) for fit in (letterbox, center_crop) for contrast in ('none', 'clahe')
         for case in [(90, 60, (32, 32), contrast), (60, 90, (32, 32), contrast), (150, 70, (20, 32), contrast)]])
with open(sys.argv[1] if len(sys.argv) > 1 else os.path.join(os.path.dirname(__file__), 'geometry.json'), 'w') as file:
    json.dump(result, file)
