"""Recordings as CSV files, as plants write them, and windows of them as manifest rows."""

import gzip
import io
from datetime import datetime, timedelta

import numpy as np

from .faults import FAULTS, stage
from .machine import COLUMNS, record

WINDOW, STRIDE, CAP = 60, 20, 200
FIELDS = ("id", "task", "split", "group", "label", "text", "image", "clip", "series", "start", "end", "target")


def quoted(value):
    value = str(value)
    return '"' + value.replace('"', '""') + '"' if any(c in value for c in ',"\n;') else value


def table(rows, fields):
    """A CSV of dictionaries; missing values are empty."""
    lines = [",".join(fields)] + [",".join(quoted(row.get(field, "")) for field in fields) for row in rows]
    return "\n".join(lines) + "\n"


def csv(readings, start, between=",", comma=False, order=None, missing=None, ending="\n"):
    """Text of a recording, four significant digits. `missing` maps (row, column) to what stands there."""
    order = list(order or range(len(COLUMNS)))
    lines = [between.join(["time"] + [COLUMNS[i] for i in order])]
    for number, row in enumerate(readings):
        cells = [f"{row[i]:.4g}" for i in order]
        if comma:
            cells = [cell.replace(".", ",") for cell in cells]
        if missing:
            cells = [missing.get((number, i), cell) for i, cell in zip(order, cells)]
        time = (start + timedelta(minutes=number)).strftime("%Y-%m-%dT%H:%M:%S")
        lines.append(between.join([time] + cells))
    return ending.join(lines) + ending


def zipped(text):
    """Bytes of a gzip file that hold no time and no name."""
    stream = io.BytesIO()
    with gzip.GzipFile(filename="", mode="wb", fileobj=stream, mtime=0, compresslevel=9) as file:
        file.write(text.encode("utf-8"))
    return stream.getvalue()


class Run:
    """One machine from start to stop."""

    def __init__(self, draws, fault, rows):
        self.fault, self.rows = fault, rows
        self.onset = self.failure = None
        if fault != "healthy":
            length = draws.integer(int(0.4 * rows), int(0.6 * rows))
            self.failure = rows
            self.onset = rows - length
        self.readings, self.severity, self.sensors = record(draws, rows, fault, self.onset, self.failure)

    def windows(self, name, group, split, path, draws, stride=STRIDE):
        """Manifest rows; windows in which the fault only begins are left out, of the healthy ones every other."""
        rows, healthy = [], 0
        for first in range(0, self.rows - WINDOW + 1, stride):
            last = first + WINDOW
            bad = float(np.median(self.severity[last - 20:last]))
            if self.onset is not None and last > self.onset and bad < 0.15:
                continue
            label = self.fault if self.onset is not None and last > self.onset else "healthy"
            healthy += label == "healthy"
            if label == "healthy" and healthy % 2 == 0:
                continue
            target = ""
            if FAULTS[self.fault].fails:
                target = min(self.rows - last, CAP)
            text = draws.pick(FAULTS[label].texts)
            if label != "healthy":
                text += f" The fault is {stage(bad)}."
            rows.append({"id": f"{name}-{first + 1:04d}", "task": "machine", "split": split, "group": group,
                         "label": label, "text": text, "series": path, "start": first + 1, "end": last,
                         "target": target})
        return rows


def start_of(number):
    return datetime(2024, 3, 4, 6, 0, 0) + timedelta(days=3 * number)
