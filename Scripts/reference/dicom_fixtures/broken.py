"""Objects that have to be refused."""
import numpy as np
import pydicom
from pydicom.encaps import encapsulate
from pydicom import uid as U

from .compressed import j2k_bytes, jpeg_bytes
from .objects import *


def broken():
    a = grey(4095, np.uint16)
    ds = base("", a, "MONOCHROME2", stored=12)
    ds.PixelData = a.tobytes()
    path = save("broken-cut", ds)
    path.write_bytes(path.read_bytes()[:-100])
    refuse("broken-cut", "truncated")
    path = save("broken-cut-header", ds)
    path.write_bytes(path.read_bytes()[:500])
    refuse("broken-cut-header", "truncated")
    ds = base("", a, "MONOCHROME2", stored=12)
    ds.PixelData, ds.NumberOfFrames = a.tobytes(), 1_000_000
    save("broken-many-frames", ds)
    refuse("broken-many-frames", "truncated")
    ds = base("", a, "MONOCHROME2", stored=12)
    ds.PixelData, ds.Rows, ds.Columns = a.tobytes(), 65535, 65535
    save("broken-huge", ds)
    refuse("broken-huge", "tooLarge")
    ds = base("", a, "MONOCHROME2", stored=12)
    ds.PixelData = a.tobytes()
    del ds.Rows
    save("broken-no-rows", ds)
    refuse("broken-no-rows", "malformed")
    b = grey(255, np.uint8)
    data = jpeg_bytes(b)
    encapsulated("broken-jpeg-size", base("", b, "MONOCHROME2", shape=(24, 16)), U.JPEGBaseline8Bit, [data])
    refuse("broken-jpeg-size", "malformed")
    data = jpeg_bytes(grey(255, np.uint8, h=48, w=64), quality=95)
    encapsulated("broken-jpeg-cut", base("", b, "MONOCHROME2", shape=(48, 64)), U.JPEGBaseline8Bit, [data[:len(data) // 2]])
    refuse("broken-jpeg-cut", "truncated")
    big = grey(255, np.uint8, h=48, w=64)
    data = j2k_bytes(big)
    encapsulated("broken-j2k-cut", base("", big, "MONOCHROME2", shape=(48, 64)), U.JPEG2000Lossless, [data[:len(data) // 2]])
    refuse("broken-j2k-cut", "truncated")
    for name in ("jpeg-lossless-grey8", "jpegls-grey8", "rle-grey8"):
        ds = pydicom.dcmread(OUT / f"{name}.dcm")
        frame = next(pydicom.encaps.generate_frames(ds.PixelData, number_of_frames=1))
        cut = frame[:len(frame) // 2]
        ds.PixelData = encapsulate([cut])
        save(f"broken-cut-{name}", ds, ds.file_meta.TransferSyntaxUID)
        refuse(f"broken-cut-{name}", "truncated")
    # A scan repeated 300 times.
    data = jpeg_bytes(b, progressive=True)
    scan = data[data.rindex(b"\xff\xda"):-2]
    encapsulated("broken-jpeg-scans", base("", b, "MONOCHROME2"), U.UID("1.2.840.10008.1.2.4.55"), [data[:-2] + scan * 300 + data[-2:]])
    refuse("broken-jpeg-scans", "malformed")
    path = OUT / "broken-fragment-cut.dcm"
    path.write_bytes((OUT / "jpeg-clip.dcm").read_bytes()[:-60])
    refuse("broken-fragment-cut", "truncated")
    # Sequences in sequences, 2000 deep, of undefined length.
    ds = base("", b, "MONOCHROME2")
    ds.PixelData = b.tobytes()
    path = save("broken-nested", ds)
    raw = path.read_bytes()
    at = raw.index(b"\x28\x00\x02\x00US")
    open_, close = b"\x20\x00\x40\x10SQ\0\0\xff\xff\xff\xff\xfe\xff\x00\xe0\xff\xff\xff\xff", b"\xfe\xff\x0d\xe0\0\0\0\0\xfe\xff\xdd\xe0\0\0\0\0"
    path.write_bytes(raw[:at] + open_ * 300 + close * 300 + raw[at:])
    refuse("broken-nested", "malformed")
    # Objects without a picture.
    ds = base("", b, "MONOCHROME2", sop="1.2.840.10008.5.1.4.1.1.88.11", modality="SR")
    for key in ("SamplesPerPixel", "PhotometricInterpretation", "Rows", "Columns", "BitsAllocated", "BitsStored", "HighBit", "PixelRepresentation"):
        delattr(ds, key)
    save("no-picture-sr", ds)
    refuse("no-picture-sr", "unsupported")
    ds.SOPClassUID = "1.2.840.10008.1.3.10"
    ds.Modality = None
    save("no-picture-dicomdir", ds)
    refuse("no-picture-dicomdir", "unsupported")
    ds = base("", b, "MONOCHROME2")
    encapsulated("broken-mpeg", ds, U.UID("1.2.840.10008.1.2.4.100"), [b"\0\0\1\xb3" + b"\0" * 60])
    refuse("broken-mpeg", "unsupported")
    (OUT / "broken-text.dcm").write_text("This is no DICOM object, whatever its name says.\n" * 8)
    refuse("broken-text", "unknownFormat")
    (OUT / "broken-empty.dcm").write_bytes(b"")
    refuse("broken-empty", "truncated")
