"""Uncompressed pixels: encodings, sample formats, colour, windows, time and text."""
import numpy as np
import pydicom
from pydicom.dataset import Dataset
from pydicom.pixels import apply_color_lut, apply_modality_lut, convert_color_space
from pydicom.sequence import Sequence
from pydicom import uid as U

from .objects import *


def natives():
    syntaxes = {"implicit": U.ImplicitVRLittleEndian, "explicit": U.ExplicitVRLittleEndian,
                "big": U.ExplicitVRBigEndian, "deflated": U.DeflatedExplicitVRLittleEndian}
    for key, syntax in syntaxes.items():
        def put(name, array, ds, shown, **more):
            ds.PixelData = array.astype(array.dtype.newbyteorder(">" if key == "big" else "<")).tobytes()
            save(f"{name}-{key}", ds, syntax)
            expect(f"{name}-{key}", array, shown, **more)

        a = grey(255, np.uint8)
        put("grey8", a, base("", a, "MONOCHROME2"), a)
        a = grey(4095, np.uint16)
        ds = base("", a, "MONOCHROME2", stored=12)
        ds.WindowCenter, ds.WindowWidth = "2000", "1500"
        put("grey12-window", a, ds, windowed(a, ds))
        a = grey(1500, np.int16, -900)
        ds = base("", a, "MONOCHROME2")
        ds.RescaleSlope, ds.RescaleIntercept = "1.5", "-24"
        ds.WindowCenter, ds.WindowWidth = ["40", "300"], ["400", "1500"]
        put("signed16-rescale", a, ds, windowed(a, ds))
        a = grey(65000, np.uint16, 300)
        put("inverse16", a, base("", a, "MONOCHROME1"), stretched(a, True))
        a = grey(4_000_000_000, np.uint32, 1000)
        put("dose32", a, base("", a, "MONOCHROME2"), stretched(a))
        a = color()
        ds = base("", a, "RGB")
        if key == "big":  # bytes in 16-bit words
            ds.PixelData = a.tobytes()
            raw = np.frombuffer(a.tobytes(), "<u2").astype(">u2").tobytes()
            ds.PixelData = raw
            save("rgb-words-big", ds, syntax, vr="OW")
            expect("rgb-words-big", a, a)
            ds = base("", a, "RGB")
        put("rgb", a, ds, a)
        # 5 x 3 pixels: frames do not end with a byte.
        bits = (np.arange(45).reshape(3, 3, 5) * 7 % 5 < 2).astype(np.uint8)
        ds = base("", bits, "MONOCHROME2", bits=1, frames=3, shape=(3, 5))
        packed = np.packbits(bits.ravel(), bitorder="little").tobytes()
        packed += b"\0" * (len(packed) % 2)
        if key == "big":
            packed = np.frombuffer(packed, "<u2").astype(">u2").tobytes()
        ds.PixelData = packed
        save(f"mask1-{key}", ds, syntax, vr="OW")
        expect(f"mask1-{key}", bits, bits * 255.0)


def explicit_only():
    a = grey(100, np.int8, -100)
    one("signed8", a, base("", a, "MONOCHROME2"), a.astype(float) + 128)
    a = grey(-5, np.int32, -2_000_000)
    one("signed32", a, base("", a, "MONOCHROME2"), stretched(a))
    a = color()
    ds = base("", a, "RGB")
    ds.PlanarConfiguration = 1
    ds.PixelData = np.moveaxis(a, -1, 0).tobytes()
    save("rgb-planar", ds)
    expect("rgb-planar", a, a)
    a = color(65535, np.uint16)
    one("rgb16", a, base("", a, "RGB"), (a >> 8).astype(float))
    a = color(1023, np.uint16)
    one("rgb10", a, base("", a, "RGB", stored=10), (a >> 2).astype(float))

    a = color()
    ybr = convert_color_space(a, "RGB", "YBR_FULL")
    one("ybr", ybr, base("", ybr, "YBR_FULL"), convert_color_space(ybr, "YBR_FULL", "RGB"))
    # 4:2:2: the chroma of each pair is the mean of two.
    half = np.rint(ybr.reshape(H, W // 2, 2, 3).astype(float).mean(2)).astype(np.uint8)
    full = ybr.copy()
    full[..., 1:] = np.repeat(half, 2, axis=1)[..., 1:]
    packed = np.stack([ybr[:, 0::2, 0], ybr[:, 1::2, 0], half[..., 1], half[..., 2]], -1)
    ds = base("", ybr, "YBR_FULL_422")
    ds.PixelData = packed.tobytes()
    save("ybr422", ds)
    expect("ybr422", full, convert_color_space(full, "YBR_FULL", "RGB"))
    studio = ybr.astype(float) * 219 / 255 + 16
    studio[..., 1:] = (ybr[..., 1:].astype(float) - 128) * 224 / 255 + 128
    studio = np.rint(studio).astype(np.uint8)
    one("ybr-partial", studio, base("", studio, "YBR_PARTIAL_422"), a.astype(float), shown_tolerance=3)

    def palette(ds, first, bits, red, green, blue, segmented=False):
        for channel, table in zip(("Red", "Green", "Blue"), (red, green, blue)):
            setattr(ds, f"{channel}PaletteColorLookupTableDescriptor", [256 if first == 0 else 200, first, bits])
            kind = "Segmented" if segmented else ""
            data = table.astype("<u2").tobytes() if bits == 16 else table.astype("u1").tobytes()
            setattr(ds, f"{kind}{channel}PaletteColorLookupTableData", data)

    a = grey(255, np.uint8)
    ramp = np.arange(256) * 257
    ds = base("", a, "PALETTE COLOR")
    palette(ds, 0, 16, ramp, ramp[::-1], (ramp * 7) % 65536)
    one("palette16", a, ds, apply_color_lut(a, ds) >> 8)
    ds = base("", a, "PALETTE COLOR")
    small = np.arange(200)
    palette(ds, 20, 8, small, small[::-1] + 40, small // 2)
    one("palette8-offset", a, ds, apply_color_lut(a, ds))
    ds = base("", a, "PALETTE COLOR")
    # Discrete, linear, and an indirect repetition of the linear segment.
    segments = np.array([0, 2, 100, 20000, 1, 127, 60000, 1, 127, 3000])
    palette(ds, 0, 16, segments, segments, segments, segmented=True)
    plain = pydicom.pixels.processing._expand_segmented_lut(tuple(int(s) for s in segments), "H")
    table = np.array(plain)
    one("palette-segmented", a, ds, np.stack([table[a] >> 8] * 3, -1))

    for name, function in (("exact", "LINEAR_EXACT"), ("sigmoid", "SIGMOID")):
        a = grey(4095, np.uint16)
        ds = base("", a, "MONOCHROME2", stored=12)
        ds.WindowCenter, ds.WindowWidth, ds.VOILUTFunction = "1800", "2200", function
        one(f"window-{name}", a, ds, windowed(a, ds))
    a = grey(4095, np.uint16)
    ds = base("", a, "MONOCHROME2", stored=12)
    item = Dataset()
    item.add_new("LUTDescriptor", "US", [4096, 0, 12])
    curve = np.rint(4095 * (np.arange(4096) / 4095) ** 2.2).astype("<u2")
    item.add_new("LUTData", "OW", curve.tobytes())
    ds.VOILUTSequence = Sequence([item])
    one("voi-table", a, ds, curve[a] / 4095 * 255)
    a = grey(255, np.uint8)
    ds = base("", a, "MONOCHROME2")
    item = Dataset()
    item.add_new("LUTDescriptor", "US", [200, 30, 16])
    item.add_new("LUTData", "OW", (np.arange(200)[::-1] * 100 + 50).astype("<u2").tobytes())
    item.ModalityLUTType = "US"
    ds.ModalityLUTSequence = Sequence([item])
    ds.WindowCenter, ds.WindowWidth = "10000", "15000"
    values = apply_modality_lut(a, ds).astype(float)
    one("modality-table", a, ds, np.clip((values - 9999.5) / 14999 + 0.5, 0, 1) * 255)
    a = grey(3000, np.int16, -500)
    a[:4] = -2000
    ds = base("", a, "MONOCHROME2")
    ds.PixelPaddingValue = -2000
    held = a[a != -2000]
    low, high = np.percentile(held, [0.5, 99.5], method="nearest")
    one("padding", a, ds, np.clip((a.astype(float) - low) / (high - low), 0, 1) * 255)
    # An overlay in the upper bits, and values in the upper twelve bits.
    a = grey(4095, np.uint16)
    over = a | np.where(np.arange(W) % 3 == 0, 0x8000, 0).astype(np.uint16)
    ds = base("", over, "MONOCHROME2", stored=12)
    ds.WindowCenter, ds.WindowWidth = "2000", "3000"
    one("overlay-bits", over, ds, windowed(a, ds))
    ds = base("", a, "MONOCHROME2", stored=12)
    ds.HighBit = 15
    ds.WindowCenter, ds.WindowWidth = "2000", "3000"
    one("high-bit", a << 4, ds, windowed(a, ds))

    for name, dtype, tag, bits in (("float32", np.float32, "FloatPixelData", 32), ("float64", np.float64, "DoubleFloatPixelData", 64)):
        a = (grey(1000, np.int32) / 7.0 - 50).astype(dtype)
        ds = base("", a, "MONOCHROME2", bits=bits)
        for key in ("BitsStored", "HighBit", "PixelRepresentation"):
            delattr(ds, key)
        setattr(ds, tag, a.tobytes())
        save(name, ds)
        expect(name, a, stretched(a))

    # Functional groups: a rescale and a window for each frame.
    a = grey(2000, np.uint16, frames=3)
    ds = base("", a, "MONOCHROME2", frames=3, sop="1.2.840.10008.5.1.4.1.1.2.1", modality="CT", stored=12)
    shared, shown, items = Dataset(), [], []
    measures = Dataset()
    measures.PixelSpacing, measures.SliceThickness = ["0.5", "0.75"], "2.5"
    shared.PixelMeasuresSequence = Sequence([measures])
    for f in range(3):
        item, rescale, window = Dataset(), Dataset(), Dataset()
        rescale.RescaleSlope, rescale.RescaleIntercept, rescale.RescaleType = str(1 + f), "-1000", "HU"
        window.WindowCenter, window.WindowWidth = str(100 * f), str(900 + 200 * f)
        item.PixelValueTransformationSequence, item.FrameVOILUTSequence = Sequence([rescale]), Sequence([window])
        items.append(item)
        x = a[f].astype(float) * (1 + f) - 1000
        shown.append(np.clip((x - (100 * f - 0.5)) / (899 + 200 * f) + 0.5, 0, 1) * 255)
    ds.SharedFunctionalGroupsSequence, ds.PerFrameFunctionalGroupsSequence = Sequence([shared]), Sequence(items)
    one("enhanced", a, ds, np.stack(shown), metadata={"pixelSpacing": [0.5, 0.75], "sliceThickness": 2.5, "windowWidth": 900})

    # Ways to begin a file.
    a = grey(4095, np.uint16)
    for name, keep in (("no-preamble", dict(preamble=False)), ("no-meta-implicit", dict(meta=False, syntax=U.ImplicitVRLittleEndian)),
                       ("no-meta-explicit", dict(meta=False)), ("no-meta-big", dict(meta=False, syntax=U.ExplicitVRBigEndian)),
                       ("no-transfer-syntax", dict(ts_in_meta=False)),
                       ("no-transfer-syntax-implicit", dict(ts_in_meta=False, syntax=U.ImplicitVRLittleEndian))):
        ds = base("", a, "MONOCHROME2", stored=12)
        ds.WindowCenter, ds.WindowWidth = "2000", "1500"
        ds.PixelData = (a.astype(">u2") if name.endswith("big") else a).tobytes()
        save(name, ds, **keep)
        expect(name, a, windowed(a, ds))

    # Time.
    a = grey(255, np.uint8, frames=4, h=4, w=6)
    ds = base("", a, "MONOCHROME2", frames=4, shape=(4, 6), modality="US", sop="1.2.840.10008.5.1.4.1.1.3.1")
    ds.FrameTime, ds.FrameIncrementPointer = "40", 0x00181063
    one("clip", a, ds, a, times=[0, 0.04, 0.08, 0.12], metadata={"frameTime": 40, "frames": 4, "modality": "US"})
    ds = base("", a, "MONOCHROME2", frames=4, shape=(4, 6), modality="US", sop="1.2.840.10008.5.1.4.1.1.3.1")
    ds.FrameTimeVector = ["0", "10", "10", "80"]
    one("clip-vector", a, ds, a, times=[0, 0.01, 0.02, 0.1])


def texts():
    a = grey(255, np.uint8, h=4, w=4)
    rows = {
        "latin1": ("ISO_IR 100", "Hôpital Müller", "Müller^Jörg"),
        "utf8": ("ISO_IR 192", "山田製作所", "Ελένη^Νίκη"),
        "cyrillic": ("ISO_IR 144", "Завод", "Люкceмбypг"),
        "kanji": (["", "ISO 2022 IR 87"], "Yamada Works", "Yamada^Tarou=山田^太郎"),
    }
    for name, (charset, maker, patient) in rows.items():
        ds = base("", a, "MONOCHROME2", shape=(4, 4), modality="DX", sop="1.2.840.10008.5.1.4.1.1.1.1")
        ds.SpecificCharacterSet = charset
        ds.Manufacturer, ds.PatientName = maker, patient
        ds.ViewPosition, ds.Laterality, ds.BodyPartExamined = "PA", "L", "CHEST"
        ds.ImagerPixelSpacing, ds.KVP = ["0.14", "0.15"], "120"
        ds.BurnedInAnnotation = "YES"
        one(f"text-{name}", a, ds, a, metadata={
            "manufacturer": maker, "view": "PA", "laterality": "L", "bodyPart": "CHEST", "pixelSpacing": [0.14, 0.15],
            "kvp": 120, "burnedInAnnotation": True, "modality": "DX", "studyDate": "20240229", "seriesNumber": 3,
            "studyInstanceUID": f"{ROOT}.1", "seriesInstanceUID": f"{ROOT}.2", "sopInstanceUID": str(ds.SOPInstanceUID),
            "instanceNumber": int(ds.InstanceNumber), "model": "Model 7", "rows": 4, "columns": 4, "frames": 1,
            "photometric": "MONOCHROME2", "bitsStored": 8, "transferSyntax": "1.2.840.10008.1.2.1",
        }, patient={"patientName": patient, "patientID": "PID-4711", "patientBirthDate": "19700101"})
