"""Samples/sensors: runs of the simulated machine, their manifest, and a plant to predict from."""

from .draws import Draws
from .faults import FAULTS
from .files import write
from .machine import record
from .recordings import CAP, FIELDS, Run, csv, start_of, table, zipped

SEED, ROWS = 501, 600
SPLITS = ("train", "train", "val", "test")
PLANT_ROWS, PLANT_ONSET = 1440, 820


def make_sensors(folder):
    """Writes the folder; returns the manifest rows and the truth."""
    rows, runs = [], []
    number = 0
    for split in SPLITS:
        for fault in FAULTS:
            number += 1
            run = Run(Draws(SEED, number), fault, ROWS)
            name, form = f"run-{number:02d}", FORMS.get(number, plain)
            path, data, note = form(run, number)
            path = f"runs/{name}{path}"
            write(folder / path, data)
            rows += run.windows(name, name, split, path, Draws(SEED, number, 1))
            truth = {"file": path, "split": split, "fault": fault, "rows": ROWS}
            if fault != "healthy":
                truth["onset_row"] = run.onset + 1
                truth["failure_row"] = run.failure if FAULTS[fault].fails else None
            if note:
                truth["written"] = note
            runs.append(truth)
    write(folder / "manifest.csv", table(rows, [f for f in FIELDS if f not in ("image", "clip")]))
    write(folder / "labels.csv", table(fault_rows(), ("label", "text")))
    readings, _, _ = record(Draws(SEED, 900), PLANT_ROWS, "bearing wear", PLANT_ONSET - 1, PLANT_ROWS - 1)
    write(folder / "plant.csv", csv(readings, start_of(60)))
    truth = {
        "about": "A simulated pump with its motor, one row a minute. Rows are data rows, 1-based.",
        "target": f"Rows to failure, at most {CAP}; empty where the machine does not fail.",
        "runs": runs,
        "plant": {"file": "plant.csv", "rows": PLANT_ROWS, "fault": "bearing wear", "healthy_rows": [1, PLANT_ONSET - 1],
                  "onset_row": PLANT_ONSET, "failure_row": PLANT_ROWS},
    }
    return rows, truth


def fault_rows():
    """Rows of labels.csv: every fault with its descriptions."""
    return [{"label": label, "text": text} for label in FAULTS for text in FAULTS[label].texts]


def plain(run, number):
    return ".csv", csv(run.readings, start_of(number)), None


def gzipped(run, number):
    return ".csv.gz", zipped(csv(run.readings, start_of(number))), "gzip"


def decimal_comma(run, number):
    return ".csv", csv(run.readings, start_of(number), between=";", comma=True), "semicolon and decimal comma"


def gaps(run, number):
    draws = Draws(SEED, number, 2)
    missing = {}
    for _ in range(40):
        missing[(draws.integer(0, run.rows - 1), draws.integer(0, 5))] = draws.pick(("", "NaN", "NA", "-"))
    first = draws.integer(100, 200)
    missing.update({(first + i, 3): "" for i in range(12)})
    return ".csv", csv(run.readings, start_of(number), missing=missing), f"{len(missing)} missing values"


def reordered(run, number):
    text = csv(run.readings, start_of(number), order=(4, 2, 5, 0, 3, 1), ending="\r\n")
    return ".csv", b"\xef\xbb\xbf" + text.encode("utf-8"), "other column order, byte order mark, CRLF"


FORMS = {2: gzipped, 5: gaps, 7: gzipped, 8: gzipped, 10: decimal_comma, 12: reordered, 13: gzipped, 17: gzipped,
         19: gaps, 22: gzipped, 25: decimal_comma}
