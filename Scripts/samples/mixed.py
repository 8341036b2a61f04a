"""Samples/mixed: a folder of everything, and a small manifest of pictures, clips, series and texts."""

from . import report
from .draws import Draws
from .files import avi, jpeg, write
from .findings import MAKE, label_rows, study_labels
from .phantom import Phantom
from .recordings import FIELDS, table
from .sensors import fault_rows
from .studies import USUAL

SEED, SIZE, EACH = 77, 96, 14
CLASSES = ("normal", "opacity", "pleural effusion", "enlarged heart", "pneumothorax")
NOTES = """Pump hall 2, morning round.

Bearing on the drive side sounds rough since Tuesday; the recording beside this note was taken then.
The clip and the picture came in with the same mail and belong to no machine.
"""


def split_of(number):
    return "train" if number % 7 < 4 else "val" if number % 7 == 4 else "test"


def findings_of(kind, draws):
    if kind == "normal":
        return []
    if kind == "pleural effusion":
        return [MAKE[kind](draws, extent=draws.pick(("moderate", "large")))]
    if kind == "pneumothorax":
        return [MAKE[kind](draws, extent=draws.pick(("moderate", "large")))]
    return [MAKE[kind](draws)]


def make_mixed(samples, series_rows):
    """Writes `mixed/` and the small pictures in `phantoms/`; `series_rows` are the rows of sensors/manifest.csv."""
    rows = pictures(samples) + clips(samples) + texts() + series(series_rows)
    write(samples / "mixed/manifest.csv", table(rows, FIELDS))
    write(samples / "mixed/labels.csv", table(label_rows(sided=False) + fault_rows(), ("label", "text")))
    phantom = Phantom(SEED, 9001, findings_of("pleural effusion", Draws(SEED, 9001, 9)))
    write(samples / "mixed/chest.jpg", jpeg(phantom.frontal(256).levels(8)))
    clip = Phantom(SEED, 9002, []).cine(128, 16, USUAL)
    write(samples / "mixed/breathing.avi", avi([one.levels(8) for one in clip], 8))
    write(samples / "mixed/notes.txt", NOTES)
    whole = (samples / "sensors/plant.csv").read_text(encoding="utf-8").splitlines()
    write(samples / "mixed/pump.csv", "\n".join(whole[:1] + whole[1081:1201]) + "\n")


def pictures(samples):
    rows, number = [], 0
    for kind in CLASSES:
        for turn in range(EACH):
            number += 1
            findings = findings_of(kind, Draws(SEED, number, 9))
            phantom = Phantom(SEED, number, findings)
            phantom.collimated = 0.0
            path = f"chest-{number:03d}.jpg"
            write(samples / "phantoms" / path, jpeg(phantom.frontal(SIZE).levels(8), 85))
            told = report.write("en", Draws(SEED, number, 8), findings)
            rows.append({"id": f"chest-{number:03d}", "task": "chest-phantom", "split": split_of(turn),
                         "group": f"chest-{number:03d}", "label": ";".join(study_labels(findings, sided=False)),
                         "text": told.text, "image": f"../phantoms/{path}"})
    return rows


def clips(samples):
    rows = []
    for number in range(1, 15):
        motion = [] if number % 2 else [-1, 1]
        excursion = {-1: 24.0, 1: 25.0} if number % 2 else {-1: 2.0, 1: 1.0}
        frames = Phantom(SEED, 500 + number, []).cine(64, 8, excursion)
        path = f"breath-{number:03d}.avi"
        write(samples / "phantoms" / path, avi([one.levels(8) for one in frames], 4, quality=80))
        told = report.write("en", Draws(SEED, 500 + number, 8), [], motion=motion)
        rows.append({"id": f"breath-{number:03d}", "task": "chest-cine", "split": split_of(number // 2),
                     "group": f"breath-{number:03d}", "label": ";".join(study_labels([], motion, sided=False)),
                     "text": told.text, "clip": f"../phantoms/{path}"})
    return rows


def texts():
    """Reports without a picture."""
    rows, number = [], 0
    for kind in CLASSES:
        for turn in range(3):
            number += 1
            findings = findings_of(kind, Draws(SEED, 700 + number, 9))
            told = report.write("en", Draws(SEED, 700 + number, 8), findings)
            rows.append({"id": f"report-{number:03d}", "task": "chest-phantom", "split": "train",
                         "group": f"report-{number:03d}", "label": ";".join(study_labels(findings, sided=False)),
                         "text": told.text})
    return rows


def series(windows):
    """Of each run at most four windows of a kind, evenly spread."""
    chosen = {}
    for row in windows:
        chosen.setdefault((row["group"], row["label"]), []).append(row)
    rows = []
    for (_, label), found in chosen.items():
        wanted = 2 if label == "healthy" else 4
        step = max(len(found) // wanted, 1)
        rows += [dict(row, series=f"../sensors/{row['series']}") for row in found[::step][:wanted]]
    return rows
