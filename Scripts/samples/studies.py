"""Samples/scans: ten studies of simulated chests with known findings, and their truth."""

from . import dicom, report
from .draws import Draws
from .files import avi, jpeg, png, write
from .findings import effusion, enlarged_heart, nodule, opacity, pneumothorax, study_labels
from .phantom import Phantom

SEED, RATE = 2024, 8
USUAL = {-1: 20.0, 1: 21.0}


class Study:
    """One folder: writes its pictures and keeps what is true of them."""

    def __init__(self, root, folder, number, findings, view="frontal", motion=None):
        self.root, self.folder, self.number = root, folder, number
        self.phantom = Phantom(SEED, number, findings)
        self.view, self.motion = view, motion
        self.files, self.others = [], []

    def add(self, name, data, picture, view, kind="image", usable=True, note=None):
        write(self.root / self.folder / name, data)
        entry = {"path": name, "kind": kind, "view": view, "usable": usable}
        boxes = [{"name": self.phantom.findings[i].labels[-1], "box": list(box)} for i, box in picture.boxes().items()]
        if boxes:
            entry["regions"] = boxes
        if note:
            entry["note"] = note
        self.files.append(entry)

    def other(self, name, data, note):
        write(self.root / self.folder / name, data)
        self.others.append({"path": name, "note": note})

    def truth(self):
        findings = self.phantom.findings
        entry = {"folder": self.folder, "files": self.files}
        if self.others:
            entry["no_scans"] = self.others
        entry["labels"] = study_labels(findings, self.motion)
        entry["findings"] = [finding.truth() for finding in findings]
        for key, language in (("", "en"), ("_zh", "zh")):
            told = report.write(language, Draws(SEED, self.number, 8), findings, self.view, self.motion)
            entry["text" + key] = told.text
            entry["sections" + key] = {"technique": told.technique, "findings": told.findings, "impression": told.impression}
        return entry


def grey16(picture):
    """12 bits in the upper bits of 16, as flat detectors deliver them."""
    return png(picture.levels(12) * 16)


def make_scans(root):
    """Writes the studies; returns their truth."""
    return [make(root).truth() for make in (plain, pneumonia, compressed, two_views, clip, fluoroscopy, many, chinese,
                                            one_unusable, one_broken)]


def drawn(number):
    return Draws(SEED, number, 9)


def plain(root):
    study = Study(root, "01-png", 1, [])
    picture = study.phantom.frontal(320)
    study.add("frontal.png", grey16(picture), picture, "frontal", note="16-bit grey")
    return study


def pneumonia(root):
    study = Study(root, "02-jpeg", 2, [opacity(drawn(2), side=-1, zone="lower", pattern="patchy")])
    picture = study.phantom.frontal(448)
    study.add("frontal.jpg", jpeg(picture.levels(8), 90), picture, "frontal")
    return study


def compressed(root):
    study = Study(root, "03-dicom", 3, [effusion(drawn(3), side=1, extent="moderate")])
    picture = study.phantom.frontal(320)
    study.add("IM0001.dcm", dicom.radiograph("study-3", 1, picture, inverted=True), picture, "frontal",
              note="RLE lossless, 12 bits, MONOCHROME1")
    return study


def two_views(root):
    study = Study(root, "04-two-views", 4, [nodule(drawn(4), side=-1, zone="upper", millimetres=24)], view="both")
    picture = study.phantom.frontal(320)
    study.add("frontal.png", grey16(picture), picture, "frontal", note="16-bit grey")
    picture = study.phantom.lateral(320)
    study.add("lateral.png", png(picture.levels(8)), picture, "lateral")
    return study


def clip(root):
    study = Study(root, "05-clip", 5, [], motion=[1])
    pictures = study.phantom.cine(192, 20, {-1: 22.0, 1: 2.0})
    study.add("breathing.avi", avi([p.levels(8) for p in pictures], RATE), pictures[0], "frontal", "clip",
              note="20 frames, motion JPEG")
    return study


def fluoroscopy(root):
    study = Study(root, "06-dicom-cine", 6, [enlarged_heart(drawn(6), 0.60)], motion=[])
    picture = study.phantom.frontal(320)
    study.add("IM0001.dcm", dicom.radiograph_jpeg("study-6", 1, picture), picture, "frontal", note="JPEG baseline")
    pictures = study.phantom.cine(160, 16, USUAL)
    study.add("IM0002.dcm", dicom.cine("study-6", 2, pictures, RATE), pictures[0], "frontal", "clip",
              note="16 frames, JPEG baseline")
    return study


def many(root):
    draws = drawn(7)
    findings = [opacity(draws, side=1, zone="upper", pattern="dense"), effusion(draws, side=-1, extent="moderate"),
                effusion(draws, side=1, extent="small"), enlarged_heart(draws, 0.62)]
    study = Study(root, "07-several-findings", 7, findings)
    picture = study.phantom.frontal(448)
    study.add("frontal.jpg", jpeg(picture.levels(8), 90), picture, "frontal")
    return study


def chinese(root):
    study = Study(root, "08-胸部检查", 8, [pneumothorax(drawn(8), side=1, extent="moderate")])
    picture = study.phantom.frontal(320)
    study.add("正位.png", grey16(picture), picture, "frontal", note="16-bit grey")
    return study


def one_unusable(root):
    study = Study(root, "09-one-unusable", 9, [nodule(drawn(9), side=1, zone="middle", millimetres=28)])
    bad = study.phantom.unusable(320, "over-exposed")
    study.add("first.jpg", jpeg(bad.levels(8), 85), bad, "frontal", usable=False, note="over-exposed")
    picture = study.phantom.frontal(384)
    study.add("second.jpg", jpeg(picture.levels(8), 90), picture, "frontal")
    return study


def one_broken(root):
    study = Study(root, "10-broken-file", 10, [opacity(drawn(10), side=-1, zone="upper", pattern="patchy")])
    picture = study.phantom.frontal(320)
    whole = png(picture.levels(8))
    study.add("frontal.png", whole, picture, "frontal")
    study.other("broken.png", whole[:len(whole) // 3], "truncated PNG, must be refused")
    study.other("notes.txt", "Taken standing. The second copy was cut off in transfer.\n", "text, no scan")
    return study
