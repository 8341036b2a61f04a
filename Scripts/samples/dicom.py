"""Writes DICOM objects of phantoms: compressed radiographs and fluoroscopy cines, with an invented patient."""

import hashlib

import numpy as np
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.filebase import DicomBytesIO
from pydicom.filewriter import write_dataset, write_file_meta_info
from pydicom.uid import UID, JPEGBaseline8Bit, RLELossless

from .files import jpeg

RADIOGRAPH = UID("1.2.840.10008.5.1.4.1.1.1")  # Computed Radiography Image Storage
FLUOROSCOPY = UID("1.2.840.10008.5.1.4.1.1.12.2")  # X-Ray Radiofluoroscopic Image Storage


def uid(*names):
    """An identifier of the 2.25 branch (a number of 128 bits), always the same for the same names."""
    digest = hashlib.sha256("/".join(map(str, names)).encode()).digest()
    return UID(f"2.25.{int.from_bytes(digest[:16], 'big')}")


def packed(row):
    """A row of bytes in the run-length code of DICOM PS3.5, annex G (PackBits)."""
    out, at, size = bytearray(), 0, len(row)
    while at < size:
        run = 1
        while at + run < size and run < 128 and row[at + run] == row[at]:
            run += 1
        if run >= 3:
            out += bytes((257 - run, row[at]))
            at += run
            continue
        end = at + run
        while end < size and end - at < 128 and not (end + 2 < size and row[end] == row[end + 1] == row[end + 2]):
            end += 1
        end = min(end, at + 128)
        out += bytes((end - at - 1,)) + row[at:end]
        at = end
    return bytes(out)


def run_lengths(levels):
    """A grey frame of 16 bits in run-length code: a header, then a segment of high and one of low bytes."""
    planes = levels.astype(">u2").view("u1").reshape(*levels.shape, 2)
    segments = []
    for plane in (planes[..., 0], planes[..., 1]):
        segment = b"".join(packed(row.tobytes()) for row in plane)
        segments.append(segment + b"\0" * (len(segment) % 2))
    starts = [2, 64, 64 + len(segments[0])] + [0] * 13
    return np.array(starts, "<u4").tobytes() + b"".join(segments)


def header(study, number, kind, syntax, view, picture):
    meta = FileMetaDataset()
    meta.FileMetaInformationVersion = b"\0\1"
    meta.MediaStorageSOPClassUID = kind
    meta.MediaStorageSOPInstanceUID = uid(study, number)
    meta.TransferSyntaxUID = syntax
    meta.ImplementationClassUID = uid("braid samples")
    meta.ImplementationVersionName = "BRAIDSAMPLES"
    data = Dataset()
    data.SpecificCharacterSet = "ISO_IR 192"
    data.ImageType = ["DERIVED", "PRIMARY"]
    data.SOPClassUID, data.SOPInstanceUID = kind, uid(study, number)
    data.StudyDate, data.StudyTime = "20240105", "101500"
    data.AccessionNumber = ""
    data.Modality = "CR" if kind == RADIOGRAPH else "RF"
    data.Manufacturer = "Simulated"
    data.ReferringPhysicianName = ""
    data.StudyDescription = "Simulated chest"
    data.PatientName, data.PatientID = "Phantom^One", "PHANTOM-0001"
    data.PatientBirthDate, data.PatientSex = "19000101", "O"
    data.StudyInstanceUID, data.SeriesInstanceUID = uid(study), uid(study, "series", number)
    data.StudyID, data.SeriesNumber, data.InstanceNumber = "1", number, 1
    data.BodyPartExamined = "CHEST"
    data.PatientOrientation = ["A", "F"] if view == "LL" else ["L", "F"]
    data.ViewPosition = view
    data.Laterality = ""
    data.ImageComments = "Simulated; no patient"
    data.ImagerPixelSpacing = data.PixelSpacing = [f"{picture.pixel:.4f}"] * 2
    data.SamplesPerPixel = 1
    data.Rows, data.Columns = picture.values.shape
    data.PixelRepresentation = 0
    return meta, data


def save(meta, data):
    """Bytes of a DICOM file, written part by part: nothing of pydicom's own version goes in."""
    stream = DicomBytesIO()
    stream.is_little_endian, stream.is_implicit_VR = True, False
    stream.write(b"\0" * 128 + b"DICM")
    meta.FileMetaInformationGroupLength = 0
    write_file_meta_info(stream, meta, enforce_standard=False)
    write_dataset(stream, data)
    return stream.getvalue()


def radiograph(study, number, picture, view="PA", inverted=False):
    """A 12-bit radiograph in run-length code; `inverted` stores it as MONOCHROME1, as many older devices do."""
    meta, data = header(study, number, RADIOGRAPH, RLELossless, view, picture)
    levels = picture.levels(12)
    data.PhotometricInterpretation = "MONOCHROME1" if inverted else "MONOCHROME2"
    data.BitsAllocated, data.BitsStored, data.HighBit = 16, 12, 11
    data.WindowCenter, data.WindowWidth = "2048", "4096"
    data.RescaleIntercept, data.RescaleSlope, data.RescaleType = "0", "1", "US"
    data.PixelData = encapsulate([run_lengths(4095 - levels if inverted else levels)])
    data["PixelData"].VR, data["PixelData"].is_undefined_length = "OB", True
    return save(meta, data)


def cine(study, number, pictures, rate, quality=90):
    """A multi-frame fluoroscopy cine of 8 bits in baseline JPEG."""
    meta, data = header(study, number, FLUOROSCOPY, JPEGBaseline8Bit, "AP", pictures[0])
    data.PhotometricInterpretation = "MONOCHROME2"
    data.BitsAllocated, data.BitsStored, data.HighBit = 8, 8, 7
    data.NumberOfFrames = len(pictures)
    data.FrameTime = f"{1000 / rate:g}"
    data.FrameIncrementPointer = 0x00181063
    data.LossyImageCompression, data.LossyImageCompressionMethod = "01", "ISO_10918_1"
    data.PixelData = encapsulate([jpeg(picture.levels(8), quality) for picture in pictures])
    data["PixelData"].VR, data["PixelData"].is_undefined_length = "OB", True
    return save(meta, data)


def radiograph_jpeg(study, number, picture, view="PA", quality=92):
    """An 8-bit radiograph in baseline JPEG."""
    meta, data = header(study, number, RADIOGRAPH, JPEGBaseline8Bit, view, picture)
    data.PhotometricInterpretation = "MONOCHROME2"
    data.BitsAllocated, data.BitsStored, data.HighBit = 8, 8, 7
    data.WindowCenter, data.WindowWidth = "128", "256"
    data.LossyImageCompression, data.LossyImageCompressionMethod = "01", "ISO_10918_1"
    data.PixelData = encapsulate([jpeg(picture.levels(8), quality)])
    data["PixelData"].VR, data["PixelData"].is_undefined_length = "OB", True
    return save(meta, data)

