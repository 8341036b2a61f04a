"""RLE, JPEG, JPEG-LS and JPEG 2000."""
import base64, io, struct, subprocess, tempfile
from pathlib import Path

import numpy as np
import pydicom
from PIL import Image
from pydicom.dataset import FileMetaDataset
from pydicom.encaps import encapsulate, encapsulate_extended
from pydicom.pixels import convert_color_space
from pydicom import uid as U

from .objects import *


def rle():
    for name, a, photometric in (("grey8", grey(255, np.uint8), "MONOCHROME2"), ("grey16", grey(65000, np.uint16), "MONOCHROME2"),
                                 ("signed16", grey(900, np.int16, -900), "MONOCHROME2"), ("rgb", color(), "RGB"),
                                 ("rgb16", color(65535, np.uint16), "RGB"),
                                 ("clip", grey(255, np.uint8, frames=3), "MONOCHROME2")):
        ds = base("", a, photometric, frames=a.shape[0] if name == "clip" else 1)
        ds.PixelData = a.tobytes()
        ds.compress(U.RLELossless, a, generate_instance_uid=False)
        ds.PlanarConfiguration = 1 if photometric == "RGB" else None
        if photometric != "RGB":
            del ds.PlanarConfiguration
        save(f"rle-{name}", ds, U.RLELossless)
        shown = a if a.dtype == np.uint8 else (a >> 8 if name == "rgb16" else stretched(a))
        expect(f"rle-{name}", a, shown)


    # 32 bits, which pydicom decodes but does not encode: four segments of literal runs, high bytes first.
    a = grey(4_000_000_000, np.uint32)
    segments = []
    for shift in (24, 16, 8, 0):
        plane = ((a >> shift) & 255).astype(np.uint8)
        segments.append(b"".join(bytes([W - 1]) + row.tobytes() for row in plane))
    header, at = [len(segments)], 64
    for segment in segments:
        header.append(at)
        at += len(segment)
    data = struct.pack("<16I", *(header + [0] * (16 - len(header)))) + b"".join(segments)
    encapsulated("rle-dose32", base("", a, "MONOCHROME2"), U.RLELossless, [data])
    expect("rle-dose32", a, stretched(a))


def jpeg_bytes(array, **options):
    out = io.BytesIO()
    mode = "L" if array.ndim == 2 else "RGB"
    Image.fromarray(array, mode).save(out, "JPEG", **options)
    return out.getvalue()


def jpeg_values(data, raw):
    image = Image.open(io.BytesIO(data))
    if raw and image.mode == "RGB":
        image.draft("YCbCr", image.size)
    return np.asarray(image)


def jpeg():
    a = grey(255, np.uint8)
    data = jpeg_bytes(a, quality=92)
    ref = jpeg_values(data, True)
    encapsulated("jpeg-grey8", base("", a, "MONOCHROME2"), U.JPEGBaseline8Bit, [data])
    expect("jpeg-grey8", ref, ref, tolerance=1, shown_tolerance=1)
    c = color()
    for name, photometric, sub in (("ybr444", "YBR_FULL", 0), ("ybr422", "YBR_FULL_422", 1)):
        data = jpeg_bytes(c, quality=92, subsampling=sub)
        encapsulated(f"jpeg-{name}", base("", c, photometric), U.JPEGBaseline8Bit, [data])
        expect(f"jpeg-{name}", jpeg_values(data, True), jpeg_values(data, False), tolerance=2, shown_tolerance=3)
    # RGB components as they are.
    data = jpeg_bytes(c, quality=92, keep_rgb=True)
    ref = np.asarray(Image.open(io.BytesIO(data)))
    encapsulated("jpeg-rgb", base("", c, "RGB"), U.JPEGBaseline8Bit, [data])
    expect("jpeg-rgb", ref, ref, tolerance=1)
    # Progressive, which retired transfer syntaxes allow.
    data = jpeg_bytes(a, quality=92, progressive=True)
    ref = jpeg_values(data, True)
    encapsulated("jpeg-progressive", base("", a, "MONOCHROME2"), U.UID("1.2.840.10008.1.2.4.55"), [data])
    expect("jpeg-progressive", ref, ref, tolerance=1)
    # Three frames in two fragments each, with and without offset tables.
    f = grey(255, np.uint8, frames=3)
    frames = [jpeg_bytes(x, quality=90) for x in f]
    ref = np.stack([jpeg_values(x, True) for x in frames])
    for name, table in (("jpeg-clip", True), ("jpeg-clip-no-table", False)):
        encapsulated(name, base("", f, "MONOCHROME2", frames=3), U.JPEGBaseline8Bit, frames, 2, table)
        expect(name, ref, ref, tolerance=1)
    ds = base("", f, "MONOCHROME2", frames=3)
    data, offsets, lengths = encapsulate_extended(frames)
    ds.PixelData, ds.ExtendedOffsetTable, ds.ExtendedOffsetTableLengths = data, offsets, lengths
    save("jpeg-clip-extended", ds, U.JPEGBaseline8Bit)
    expect("jpeg-clip-extended", ref, ref, tolerance=1)
    # A larger one for reduced decoding.
    big = grey(255, np.uint8, h=48, w=64)
    data = jpeg_bytes(big, quality=90)
    encapsulated("jpeg-large", base("", big, "MONOCHROME2", shape=(48, 64)), U.JPEGBaseline8Bit, [data])
    image = Image.open(io.BytesIO(data))
    image.draft("L", (16, 12))
    expect("jpeg-large", jpeg_values(data, True), tolerance=1, reduced={"side": 12, "shape": [12, 16], "stored": b64(np.asarray(image)), "tolerance": 2})


def by_dcmtk(name, tool, options, array, ds, shown, **more):
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / "plain.dcm"
        ds.PixelData = array.tobytes()
        ds["PixelData"].VR = "OW" if ds.BitsAllocated > 8 else "OB"
        m = FileMetaDataset()
        m.MediaStorageSOPClassUID, m.MediaStorageSOPInstanceUID = ds.SOPClassUID, ds.SOPInstanceUID
        m.TransferSyntaxUID = U.ExplicitVRLittleEndian
        ds.file_meta = m
        pydicom.dcmwrite(plain, ds, enforce_file_format=True)
        packed = Path(folder) / "packed.dcm"
        subprocess.run([tool, *options, str(plain), str(packed)], check=True)
        # Dates and version of the tool are of no use.
        again = pydicom.dcmread(packed)
        for key in ("DerivationDescription", "DerivationCodeSequence", "SourceImageSequence"):
            if key in again:
                delattr(again, key)
        pydicom.dcmwrite(OUT / f"{name}.dcm", again, enforce_file_format=True)
    expect(name, array, shown, **more)


def lossless():
    for kind, tool, option in (("jpeg-lossless", "dcmcjpeg", ["+e1", "--uid-never"]), ("jpeg-lossless-p14", "dcmcjpeg", ["+el", "+sv", "4", "--uid-never"]),
                               ("jpegls", "dcmcjpls", ["+el", "--uid-never"])):
        a = grey(255, np.uint8)
        by_dcmtk(f"{kind}-grey8", tool, option, a, base("", a, "MONOCHROME2"), a)
        a = grey(4095, np.uint16)
        ds = base("", a, "MONOCHROME2", stored=12)
        ds.WindowCenter, ds.WindowWidth = "2000", "1500"
        by_dcmtk(f"{kind}-grey12", tool, option, a, ds, windowed(a, ds))
        a = grey(1500, np.int16, -900)
        by_dcmtk(f"{kind}-signed16", tool, option, a, base("", a, "MONOCHROME2"), stretched(a))
        a = color()
        by_dcmtk(f"{kind}-rgb", tool, option, a, base("", a, "RGB"), a)
    for mode in ("line", "sample", "none"):
        a = color()
        option = {"line": "--interleave-line", "sample": "--interleave-sample", "none": "--interleave-none"}[mode]
        by_dcmtk(f"jpegls-rgb-{mode}", "dcmcjpls", ["+el", option, "--uid-never"], a, base("", a, "RGB"), a)
    a = grey(4095, np.uint16)
    ds = base("", a, "MONOCHROME2", stored=12)
    by_dcmtk("jpegls-near", "dcmcjpls", ["+en", "+md", "3", "--uid-never"], a, ds, stretched(a), tolerance=3, shown_tolerance=3)
    a = grey(255, np.uint8, frames=3)
    by_dcmtk("jpegls-clip", "dcmcjpls", ["+el", "--uid-never"], a, base("", a, "MONOCHROME2", frames=3), a)
    a = grey(4095, np.uint16)
    ds = base("", a, "MONOCHROME2", stored=12)
    by_dcmtk("jpeg-extended12", "dcmcjpeg", ["+ee", "+q", "98", "--uid-never"], a, ds, stretched(a), tolerance=40, shown_tolerance=6)


def j2k_bytes(array, **options):
    out = io.BytesIO()
    options = {"no_jp2": True, "num_resolutions": 3, **options}
    Image.fromarray(array).save(out, "JPEG2000", **options)
    return out.getvalue()


def jpeg2000():
    lossless, lossy = U.JPEG2000Lossless, U.JPEG2000
    a = grey(255, np.uint8)
    encapsulated("j2k-grey8", base("", a, "MONOCHROME2"), lossless, [j2k_bytes(a)])
    expect("j2k-grey8", a, a)
    encapsulated("j2k-wrapped", base("", a, "MONOCHROME2"), lossless, [j2k_bytes(a, no_jp2=False)])
    expect("j2k-wrapped", a, a)
    encapsulated("j2k-tiles", base("", a, "MONOCHROME2"), lossless, [j2k_bytes(a, tile_size=(8, 8))])
    expect("j2k-tiles", a, a)
    a = grey(65000, np.uint16)
    ds = base("", a, "MONOCHROME2")
    encapsulated("j2k-grey16", ds, lossless, [j2k_bytes(a)])
    expect("j2k-grey16", a, stretched(a))
    # Signed values in an unsigned codestream: two's complement bits.
    s = grey(1500, np.int16, -900)
    encapsulated("j2k-signed-mismatch", base("", s, "MONOCHROME2"), lossless, [j2k_bytes(s.view(np.uint16))])
    expect("j2k-signed-mismatch", s, stretched(s))
    c = color()
    for name, photometric, options in (("rct", "YBR_RCT", {"mct": 1}), ("rgb", "RGB", {"mct": 0})):
        encapsulated(f"j2k-{name}", base("", c, photometric), lossless, [j2k_bytes(c, **options)])
        expect(f"j2k-{name}", c, c)
    ybr = convert_color_space(c, "RGB", "YBR_FULL")
    encapsulated("j2k-ybr", base("", ybr, "YBR_FULL"), lossless, [j2k_bytes(ybr, mct=0)])
    expect("j2k-ybr", ybr, convert_color_space(ybr, "YBR_FULL", "RGB"))
    data = j2k_bytes(c, irreversible=True, quality_mode="rates", quality_layers=[3], mct=1)
    ref = np.asarray(Image.open(io.BytesIO(data)))
    encapsulated("j2k-lossy", base("", c, "YBR_ICT"), lossy, [data])
    expect("j2k-lossy", ref, ref, tolerance=1, shown_tolerance=1)
    f = grey(255, np.uint8, frames=3)
    encapsulated("j2k-clip", base("", f, "MONOCHROME2", frames=3), lossless, [j2k_bytes(x) for x in f], 2)
    expect("j2k-clip", f, f)
    big = grey(255, np.uint8, h=48, w=64)
    data = j2k_bytes(big, num_resolutions=4)
    encapsulated("j2k-large", base("", big, "MONOCHROME2", shape=(48, 64)), lossless, [data])
    image = Image.open(io.BytesIO(data))
    image.reduce = 2
    image.load()
    expect("j2k-large", big, big, reduced={"side": 12, "shape": [12, 16], "stored": b64(np.asarray(image)), "tolerance": 0})
