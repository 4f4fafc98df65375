"""Writes radiographs as DICOM and as 16-bit PNG with the same values, for dicom-training.mjs.

python dicom-training.py IMAGES OUT COUNT takes up to COUNT images from each subfolder (a class) of IMAGES, scales them to
256 x 256 pixels and gives them 12 bits: JPEG values in the upper 8, noise in the lower 4. DICOM files alternate between
uncompressed, RLE and JPEG 2000, and between MONOCHROME1 and MONOCHROME2, in all six combinations; their window is 0 to
4095. PNG files have the levels of this window in 16 bits. OUT/dicom and OUT/png get a list.csv with the same rows; patients,
the part of a file name before the first underscore, are attributes of the DICOM files and a column of the other list.
"""

import csv
import sys
from pathlib import Path

import numpy as np
from PIL import Image
from pydicom.uid import JPEG2000Lossless, RLELossless, generate_uid

from dicom_dataset import grayscale_dataset

images, out, count = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
SYNTAXES = [None, RLELossless, JPEG2000Lossless]
PARTS = ["train", "train", "train", "test", "train", "train", "val", "train", "train", "test"]
rng = np.random.default_rng(0)


def write_dicom(values, file, patient, index):
    is_inverted = index % 2 == 1
    ds = grayscale_dataset(4095 - values if is_inverted else values, 12)
    ds.SOPInstanceUID = ds.file_meta.MediaStorageSOPInstanceUID = generate_uid(entropy_srcs=[file.name])
    ds.PatientID, ds.Modality = patient, "DX"
    ds.WindowCenter, ds.WindowWidth = 2048, 4096
    if is_inverted:
        ds.PhotometricInterpretation = "MONOCHROME1"
    syntax = SYNTAXES[index % 3]
    if syntax is not None:
        ds.compress(syntax, generate_instance_uid=False)
    ds.save_as(file, enforce_file_format=True)


def write_list(kind, header, rows):
    with open(out / kind / "list.csv", "w", newline="") as stream:
        csv.writer(stream).writerows([header, *rows])


for kind in ("dicom", "png"):
    (out / kind).mkdir(parents=True)
rows, part_of_patient = [], {}
for folder in sorted(path for path in images.iterdir() if path.is_dir()):
    for path in sorted(folder.iterdir())[:count]:
        name, patient = f"image-{len(rows)}", path.stem.split("_")[0][:64]
        part = part_of_patient.setdefault(patient, PARTS[len(part_of_patient) % len(PARTS)])
        with Image.open(path) as image:
            gray = np.asarray(image.convert("L").resize((256, 256)), np.uint16)
        values = gray * 16 + rng.integers(0, 16, gray.shape, np.uint16)
        write_dicom(values, out / "dicom" / f"{name}.dcm", patient, len(rows))
        Image.fromarray(np.round(values / 4095 * 65535).astype(np.uint16)).save(out / "png" / f"{name}.png")
        rows.append((name, folder.name, patient, part))
write_list("dicom", ["file", "label", "split"], [(f"{name}.dcm", label, part) for name, label, _, part in rows])
write_list("png", ["file", "label", "patient", "split"], [(f"{name}.png", *rest) for name, *rest in rows])
