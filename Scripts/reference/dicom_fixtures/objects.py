"""Test pictures, the data sets around them, and the table of expected values."""
import base64, struct
from pathlib import Path

import numpy as np
import pydicom
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.pixels import apply_modality_lut, apply_voi_lut, apply_windowing
from pydicom import uid as U


OUT = Path(__file__).resolve().parents[3] / "Tests/Fixtures/dicom"
H, W = 12, 16
ROOT = "1.2.826.0.1.3680043.10.54321"
expected = {}
counter = 0


def grey(high, dtype, low=0, frames=None, h=H, w=W, seed=1):
    """A ramp with an edge and some noise."""
    rng = np.random.default_rng(seed)
    shape = (h, w) if frames is None else (frames, h, w)
    y, x = np.mgrid[0:h, 0:w]
    v = (x / (w - 1) * 0.6 + y / (h - 1) * 0.4) + (0.15 if frames is None else np.arange(frames)[:, None, None] * 0.1)
    v = np.where((x > w // 2) & (y > h // 2), 1 - v, v) + rng.normal(0, 0.03, shape)
    return np.clip(np.rint(low + np.clip(v, 0, 1) * (high - low)), low, high).astype(dtype)


def color(high=255, dtype=np.uint8, frames=None):
    return np.stack([grey(high, dtype, frames=frames, seed=s) for s in (1, 2, 3)], -1)[..., ::1]


def base(name, array, photometric, bits=None, stored=None, signed=None, sop="1.2.840.10008.5.1.4.1.1.7", modality="OT",
         frames=1, samples=None, shape=None):
    global counter
    counter += 1
    ds = Dataset()
    ds.file_meta = FileMetaDataset()
    ds.file_meta.TransferSyntaxUID = U.ExplicitVRLittleEndian
    ds.SOPClassUID = sop
    ds.SOPInstanceUID = f"{ROOT}.3.{counter}"
    ds.StudyDate = "20240229"
    ds.Modality = modality
    ds.Manufacturer = "Example Works"
    ds.ManufacturerModelName = "Model 7"
    ds.PatientName = "Doe^Jane"
    ds.PatientID = "PID-4711"
    ds.PatientBirthDate = "19700101"
    ds.StudyInstanceUID = f"{ROOT}.1"
    ds.SeriesInstanceUID = f"{ROOT}.2"
    ds.SeriesNumber = 3
    ds.InstanceNumber = counter
    ds.BurnedInAnnotation = "NO"
    h, w = shape or (H, W)
    ds.SamplesPerPixel = samples or (3 if photometric in ("RGB",) or photometric.startswith("YBR") else 1)
    ds.PhotometricInterpretation = photometric
    if ds.SamplesPerPixel == 3:
        ds.PlanarConfiguration = 0
    if frames > 1:
        ds.NumberOfFrames = frames
    ds.Rows, ds.Columns = h, w
    if bits is None:
        bits = array.dtype.itemsize * 8
    ds.BitsAllocated = bits
    ds.BitsStored = stored or bits
    ds.HighBit = ds.BitsStored - 1
    ds.PixelRepresentation = int(signed if signed is not None else array.dtype.kind == "i")
    return ds


def save(name, ds, syntax=U.ExplicitVRLittleEndian, meta=True, preamble=True, ts_in_meta=True, vr=None):
    path = OUT / f"{name}.dcm"
    implicit = syntax == U.ImplicitVRLittleEndian
    little = syntax != U.ExplicitVRBigEndian
    if "PixelData" in ds:
        ds["PixelData"].VR = vr or ("OW" if ds.BitsAllocated > 8 or implicit else "OB")
        if syntax.is_compressed and not syntax.is_deflated:
            ds["PixelData"].VR = "OB"
            ds["PixelData"].is_undefined_length = True
    if not meta:
        ds.file_meta = FileMetaDataset()
        pydicom.dcmwrite(path, ds, implicit_vr=implicit, little_endian=little, enforce_file_format=False)
        return path
    m = FileMetaDataset()
    m.MediaStorageSOPClassUID = ds.SOPClassUID
    m.MediaStorageSOPInstanceUID = ds.SOPInstanceUID
    m.TransferSyntaxUID = syntax
    m.ImplementationClassUID = f"{ROOT}.9"
    ds.file_meta = m
    pydicom.dcmwrite(path, ds, enforce_file_format=True)
    raw = path.read_bytes()
    if not ts_in_meta:
        element = b"\x02\x00\x10\x00UI"
        at = raw.index(element)
        length = struct.unpack("<H", raw[at + 6:at + 8])[0]
        group = struct.unpack("<I", raw[140:144])[0]
        raw = raw[:140] + struct.pack("<I", group - 8 - length) + raw[144:at] + raw[at + 8 + length:]
    if not preamble:
        raw = raw[132:]
    path.write_bytes(raw)
    return path


def b64(array):
    return base64.b64encode(array.astype(array.dtype.newbyteorder("<")).tobytes()).decode()


def expect(name, array, shown=None, tolerance=0, shown_tolerance=1, **more):
    entry = {"shape": list(array.shape), "dtype": str(array.dtype), "stored": b64(array), "tolerance": tolerance}
    if shown is not None:
        shown = np.clip(np.floor(np.asarray(shown, np.float64) + 0.5), 0, 255).astype(np.uint8)
        same = shown.dtype == array.dtype and np.array_equal(shown, array)
        entry.update(shownShape=list(shown.shape), shownTolerance=shown_tolerance, **({} if same else {"shown": b64(shown)}))
    expected[name + ".dcm"] = {**entry, **more}


def refuse(name, code):
    expected[name + ".dcm"] = {"code": code}


def windowed(array, ds, inverse=False):
    """0...255 after modality and window, by pydicom's own functions."""
    values = apply_modality_lut(array, ds)
    out = apply_windowing(values, ds) if "WindowCenter" in ds else apply_voi_lut(values, ds)
    # pydicom gives the range of the stored bits, after the rescale where there is one.
    bits = ds.BitsStored
    low, high = (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) if ds.PixelRepresentation else (0, 2 ** bits - 1)
    if "RescaleSlope" in ds:
        low, high = (float(ds.RescaleSlope) * v + float(ds.RescaleIntercept) for v in (low, high))
    share = np.clip((out - low) / (high - low), 0, 1)
    return 255 * (1 - share if inverse else share)


def stretched(values, inverse=False):
    low, high = np.percentile(values, [0.5, 99.5], method="nearest")
    share = np.clip((values.astype(np.float64) - low) / (high - low), 0, 1)
    return 255 * (1 - share if inverse else share)


def one(name, array, ds, shown, **more):
    keep = more.pop("keep", {})
    ds.PixelData = array.tobytes() + b"\0" * (array.nbytes % 2)
    save(name, ds, **keep)
    expect(name, array, shown, **more)


def encapsulated(name, ds, syntax, frames, fragments=1, table=True):
    if fragments == 1:
        ds.PixelData = encapsulate(frames, has_bot=table)
    else:
        ds.PixelData = encapsulate(frames, fragments_per_frame=fragments, has_bot=table)
    save(name, ds, syntax)
