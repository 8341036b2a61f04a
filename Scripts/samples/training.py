"""A training set of any size: simulated chests as pictures and clips, and windows of simulated machines."""

import sys
import time

from . import report
from .draws import Draws
from .faults import FAULTS
from .files import avi, png, write
from .findings import KINDS, label_rows, study_labels
from .phantom import UNUSABLE, Phantom
from .recordings import FIELDS, Run, csv, start_of, table
from .sensors import fault_rows

SIZE, CLIP_SIZE, FRAMES, RATE = 128, 96, 12, 8
REGIONS = ("id", "finding", "x", "y", "w", "h")


def split_of(number):
    return ("val" if number % 10 == 8 else "test" if number % 10 == 9 else "train")


class TrainingSet:
    def __init__(self, folder, seed, language="en"):
        self.folder, self.seed, self.language = folder, seed, language
        self.rows, self.regions = [], []

    def row(self, name, task, number, labels, text, **places):
        self.rows.append({"id": name, "task": task, "split": split_of(number), "group": name.split("-")[0],
                          "label": ";".join(labels), "text": text, **places})

    def box(self, name, findings, picture):
        for number, box in picture.boxes().items():
            self.regions.append({"id": name, "finding": findings[number].labels[-1], **dict(zip("xywh", box))})

    def picture(self, name, picture):
        path = f"images/{name}.png"
        write(self.folder / path, png(picture.levels(8), level=6))
        return path

    def told(self, draws, number, findings, **how):
        """The report; of test rows in sentence forms of which training has none."""
        return report.write(self.language, draws, findings, held_out=split_of(number) == "test", **how).text

    def chest(self, number, both):
        """A frontal picture; when `both` a lateral one of the same chest too, and a row of the two views together."""
        phantom = Phantom(self.seed, number)
        draws = Draws(self.seed, number, 8)
        name, findings = f"p{number:06d}", phantom.findings
        if draws.chance(0.025):
            kind = draws.pick(UNUSABLE)
            told = report.unusable(self.language, draws, kind, held_out=split_of(number) == "test")
            path = self.picture(name, phantom.unusable(SIZE, kind))
            self.row(name, "chest-phantom", number, ["unusable"], told.text, image=path)
            return 1
        picture = phantom.frontal(SIZE)
        told = self.told(draws, number, findings)
        path = self.picture(name, picture)
        self.row(name, "chest-phantom", number, study_labels(findings), told, image=path)
        self.box(name, findings, picture)
        if not both:
            return 1
        side, picture = f"{name}-lat", phantom.lateral(SIZE)
        second = self.picture(side, picture)
        together = self.told(draws, number, findings, view="both")
        self.row(f"{name}-both", "chest-phantom", number, study_labels(findings), together, image=f"{path};{second}")
        # Free air does not show from the side, so no truth could be told of that picture alone.
        if all(one.kind != "pneumothorax" for one in findings):
            told = self.told(draws, number, findings, view="lateral")
            self.row(side, "chest-phantom", number, study_labels(findings, sided=False), told, image=second)
            self.box(side, findings, picture)
        return 2

    def cine(self, number):
        """A frontal clip over one breath; in four of ten a dome moves too little."""
        phantom = Phantom(self.seed + 1_000_003, number, normal=0.55)
        draws = Draws(self.seed, number, 9)
        motion = draws.pick(([], [-1], [1], [-1, 1]), (60, 16, 16, 8))
        usual = draws.uniform(16, 30)
        excursion = {side: draws.uniform(0, 3) if side in motion else usual + draws.uniform(-3, 3) for side in (-1, 1)}
        pictures = phantom.cine(CLIP_SIZE, FRAMES, excursion)
        name = f"c{number:06d}"
        write(self.folder / f"clips/{name}.avi", avi([one.levels(8) for one in pictures], RATE, quality=88))
        told = self.told(draws, number, phantom.findings, motion=motion)
        self.row(name, "chest-cine", number, study_labels(phantom.findings, motion), told, clip=f"clips/{name}.avi")
        self.box(name, phantom.findings, pictures[0])

    def machine(self, number):
        faults = list(FAULTS)
        name = f"m{number:06d}"
        run = Run(Draws(self.seed, number, 10), faults[number % len(faults)], 600)
        path = f"series/{name}.csv"
        write(self.folder / path, csv(run.readings, start_of(number)))
        split = split_of(number // len(faults))
        self.rows += run.windows(name, name, split, path, Draws(self.seed, number, 11))


def make_training(folder, count, seed, language="en", cines=None, runs=None, quiet=False):
    """Writes the set; returns how many rows of each kind. Ten in a hundred are for validation, ten for test."""
    made = TrainingSet(folder, seed, language)
    cines = max(count // 10, 1) if cines is None else cines
    runs = max(count // 20, 7) if runs is None else runs
    images = number = 0
    report_rate = Rate("chests", quiet)
    while images < count:
        # Each last digit, and so each part, has its share of lateral pictures.
        images += made.chest(number, both=(number + number // 10) % 4 == 0 and images + 1 < count)
        number += 1
        report_rate.tell(images, count)
    clip_rate = Rate("clips", quiet)
    for number in range(cines):
        made.cine(number)
        clip_rate.tell(number + 1, cines)
    for number in range(runs):
        made.machine(number)
    write(folder / "manifest.csv", table(made.rows, FIELDS))
    write(folder / "regions.csv", table(made.regions, REGIONS))
    write(folder / "labels.csv", table(label_rows() + fault_rows(), ("label", "text")))
    counts = {}
    for row in made.rows:
        for label in row["label"].split(";"):
            counts[label] = counts.get(label, 0) + 1
    shares = ", ".join(f"{kind} {counts.get(kind, 0)}" for kind in ("normal",) + KINDS)
    if not quiet:
        print(f"{images} pictures, {cines} clips, {runs} machine runs, {len(made.rows)} rows; {shares}.", file=sys.stderr)
    return counts


class Rate:
    """Says how fast it goes, every few seconds."""

    def __init__(self, name, quiet):
        self.name, self.quiet, self.start = name, quiet, time.monotonic()
        self.next = self.start + 5

    def tell(self, done, total):
        now = time.monotonic()
        if not self.quiet and (now >= self.next or done >= total):
            self.next = now + 5
            rate = done / max(now - self.start, 1e-9)
            print(f"{self.name}: {done} of {total}, {rate:.0f} a second", file=sys.stderr)
