"""What pydicom makes of its own test files, and of files made here, for dicom.mjs.

python dicom.py FOLDER [EXTRA_FOLDER] writes for each file with pixels and each of its first two frames the stored
values of grayscale images (RGB of color images), and the levels after modality and VOI transforms on a scale of 0 to 1.
The files made here have every window function, several windows, lookup tables, signs, depths and inversions, and a
12-bit radiograph in each lossless transfer syntax that pydicom or GDCM can write.
"""

import json
import sys
import warnings
from pathlib import Path

import numpy as np
import pydicom
from pydicom.dataset import Dataset
from pydicom.pixels import apply_color_lut, apply_modality_lut, apply_voi_lut, pixel_array
from pydicom.sequence import Sequence
from pydicom.uid import JPEG2000Lossless, RLELossless

from dicom_dataset import grayscale_dataset

warnings.filterwarnings("ignore")
out = Path(sys.argv[1])
made = out / "made"
made.mkdir(exist_ok=True)


def make(name, values, bits, **attributes):
    """Writes a file with these stored values, [rows, columns]."""
    ds = grayscale_dataset(values, bits)
    for key, value in attributes.items():
        setattr(ds, key, value)
    ds.save_as(made / f"{name}.dcm", enforce_file_format=True)
    return ds


def table(first, entries, bits, item="VOILUTSequence"):
    lut = Dataset()
    lut.LUTDescriptor = [len(entries), first, bits]
    lut.LUTData = np.asarray(entries, np.uint16).tobytes()
    if item == "ModalityLUTSequence":
        lut.ModalityLUTType = "US"
    return {item: Sequence([lut])}


def make_files():
    rng = np.random.default_rng(1)
    row, column = np.mgrid[0:61, 0:77]
    radiograph = (2048 + 1500 * np.sin(row / 9) * np.cos(column / 7) + rng.normal(0, 60, row.shape)).clip(0, 4095)
    twelve = radiograph.astype(np.uint16)
    hounsfield = (radiograph - 1500).astype(np.int16)
    window = {"WindowCenter": 2000, "WindowWidth": 1500}
    for shape in ("LINEAR", "LINEAR_EXACT", "SIGMOID"):
        make(f"window-{shape.lower()}", twelve, 12, VOILUTFunction=shape, **window)
    make("window-width-1", twelve, 12, WindowCenter=2000, WindowWidth=1)
    make("windows", twelve, 12, WindowCenter=[1500, 2500], WindowWidth=[700, 300])
    make("window-narrow-fraction", twelve, 12, WindowCenter=1999.75, WindowWidth=2.5)
    make("inverted", twelve, 12, PhotometricInterpretation="MONOCHROME1", **window)
    make("presentation-inverse", twelve, 12, PresentationLUTShape="INVERSE", **window)
    make("rescaled", hounsfield, 16, RescaleSlope=2, RescaleIntercept=-500, WindowCenter=40, WindowWidth=400)
    make("rescaled-fraction", twelve, 12, RescaleSlope=0.37, RescaleIntercept=12.5, WindowCenter=700, WindowWidth=555)
    make("signed-12", (hounsfield >> 1).astype(np.int16) & 0xFFF, 12, PixelRepresentation=1, WindowCenter=0, WindowWidth=900)
    make("voi-table", twelve, 12, **table(1000, (np.sqrt(np.arange(2000)) * 1400).astype(int), 16), **window)
    make("voi-table-12-bit", twelve, 12, **table(0, np.arange(4096)[::-1], 12))
    negative = table(0, (np.sqrt(np.arange(2000)) * 1400).astype(int), 16)
    negative["VOILUTSequence"][0].add_new("LUTDescriptor", "SS", [2000, -500, 16])
    make("voi-table-negative", twelve, 12, RescaleSlope=1, RescaleIntercept=-1024, **negative)
    make("modality-table", twelve, 12, WindowCenter=9000, WindowWidth=9000,
         **table(0, (np.arange(4096) * 4).tolist(), 16, "ModalityLUTSequence"))
    make("eight-bit", (twelve >> 4).astype(np.uint8), 8, WindowCenter=120, WindowWidth=90)
    make("thirty-two-bit", twelve.astype(np.uint32) * 1000, 32, WindowCenter=2e6, WindowWidth=1e6)
    overlay = twelve | ((row.astype(np.uint16) & 1) << 15)
    make("overlay-in-high-bits", overlay, 12, **window)
    make("high-bit-13", twelve << 2, 12, HighBit=13)
    for name, syntax in {"rle": RLELossless, "jpeg2000": JPEG2000Lossless}.items():
        ds = make(f"lossless-{name}", twelve, 12, **window)
        ds.compress(syntax)
        ds.save_as(made / f"lossless-{name}.dcm")
    try:
        import gdcm
    except ImportError:
        return
    make("plain", twelve, 12, **window)
    kinds = {"jpeg-57": "JPEGLosslessProcess14", "jpeg-70": "JPEGLosslessProcess14_1", "jpeg-ls": "JPEGLSLossless"}
    for name, kind in kinds.items():
        reader = gdcm.ImageReader()
        reader.SetFileName(str(made / "plain.dcm"))
        reader.Read()
        change = gdcm.ImageChangeTransferSyntax()
        change.SetTransferSyntax(gdcm.TransferSyntax(getattr(gdcm.TransferSyntax, kind)))
        change.SetInput(reader.GetImage())
        change.Change()
        writer = gdcm.ImageWriter()
        writer.SetFileName(str(made / f"lossless-{name}.dcm"))
        writer.SetFile(reader.GetFile())
        writer.SetImage(change.GetOutput())
        writer.Write()


make_files()
folders = [made, Path(pydicom.__file__).parent / "data" / "test_files", *map(Path, sys.argv[2:])]


def display(ds, values):
    """Modality, VOI or window, inversion; the range of the output is made 0 to 1."""
    modality = apply_modality_lut(values, ds)
    if "VOILUTSequence" in ds and "LUTData" in ds.VOILUTSequence[0]:
        bits = ds.VOILUTSequence[0].LUTDescriptor[2]
        levels = apply_voi_lut(modality, ds) / (2**bits - 1)
    elif "WindowCenter" in ds:
        levels = apply_voi_lut(modality, ds).astype(float)
        if "ModalityLUTSequence" in ds:
            low, high = 0, 2 ** ds.ModalityLUTSequence[0].LUTDescriptor[2] - 1
        elif ds.PixelRepresentation == 0:
            low, high = 0, 2**ds.BitsStored - 1
        else:
            low, high = -(2 ** (ds.BitsStored - 1)), 2 ** (ds.BitsStored - 1) - 1
        if "RescaleSlope" in ds and "ModalityLUTSequence" not in ds:
            low, high = (v * ds.RescaleSlope + ds.RescaleIntercept for v in (low, high))
        levels = (levels - float(low)) / (float(high) - float(low))
    else:
        return None
    inverse = ds.PhotometricInterpretation == "MONOCHROME1" or ds.get("PresentationLUTShape") == "INVERSE"
    return 1 - levels if inverse else levels


def first_frames(array, ds):
    frames = int(ds.get("NumberOfFrames") or 1) if str(ds.get("NumberOfFrames") or 1).isdigit() else 1
    return [array] if frames == 1 else list(array[:2])


entries = []
for path in sorted(p for folder in folders for p in folder.rglob("*.dcm")):
    try:
        ds = pydicom.dcmread(path, force=True)
        if "PixelData" not in ds:
            continue
        entry = {"file": str(path), "name": path.name, "syntax": str(ds.file_meta.get("TransferSyntaxUID", ""))}
        entry |= {"kind": str(ds.PhotometricInterpretation), "frames": []}
        entries.append(entry)
        array = ds.pixel_array if ds.SamplesPerPixel == 1 else pixel_array(ds, raw=False)
        for index, values in enumerate(first_frames(array, ds)):
            if ds.PhotometricInterpretation == "PALETTE COLOR":
                values = apply_color_lut(values, ds)
            stem = f"{len(entries)}-{index}"
            np.ascontiguousarray(values, np.float64).tofile(out / f"{stem}.values")
            levels = display(ds, values) if ds.SamplesPerPixel == 1 and values.ndim == 2 else None
            if levels is not None:
                np.ascontiguousarray(levels, np.float64).tofile(out / f"{stem}.levels")
            entry["frames"].append({"stem": stem, "shape": values.shape, "levels": levels is not None})
    except Exception as error:  # what pydicom refuses is part of the comparison
        entry["refused"] = f"{type(error).__name__}: {error}".split("\n")[0]
(out / "index.json").write_text(json.dumps({"pydicom": pydicom.__version__, "entries": entries}, default=list))
