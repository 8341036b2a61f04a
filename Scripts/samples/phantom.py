"""One invented patient: an anatomy, what is wrong with it, and the pictures that can be taken of it."""

from dataclasses import dataclass, replace

import numpy as np

from .anatomy import draw_anatomy
from .detector import display, draw_exposure, expose, processed, window
from .draws import Draws
from .findings import draw_findings
from .frontal import frontal
from .lateral import lateral
from .view import View, edge

UNUSABLE = ("blank", "over-exposed", "under-exposed", "cut off", "blurred")


@dataclass
class Picture:
    values: np.ndarray  # [H, W], 0 black to 1 white
    masks: dict  # number of a finding -> [H, W] bool
    pixel: float  # mm

    def levels(self, bits):
        """Whole numbers of so many bits."""
        kind = np.uint8 if bits <= 8 else np.uint16
        return np.floor(self.values * (2**bits - 1) + 0.5).astype(kind, order="C")

    def boxes(self):
        """Number of a finding -> (x, y, width, height) in pixels, for findings that can be seen."""
        boxes = {}
        for number, mask in self.masks.items():
            rows, columns = np.where(mask.any(axis=1))[0], np.where(mask.any(axis=0))[0]
            if mask.sum() >= 4:
                boxes[number] = (int(columns[0]), int(rows[0]), int(columns[-1] - columns[0] + 1),
                                 int(rows[-1] - rows[0] + 1))
        return boxes


class Phantom:
    """The chest number `number` of the seed `seed`; `findings` says what is wrong, else it is drawn."""

    def __init__(self, seed, number, findings=None, normal=0.35):
        self.names = (seed, number)
        draws = Draws(seed, number, 1)
        self.anatomy = draw_anatomy(draws)
        self.findings = draw_findings(Draws(seed, number, 2), normal) if findings is None else findings
        for finding in self.findings:
            if finding.ratio:
                self.anatomy.heart_ratio = finding.ratio
        self.exposure = draw_exposure(draws)
        self.marker = draws.pick(("R", "L", "", ""))
        self.fields = draws.uniform(352, 396), draws.uniform(312, 346)
        self.turn = draws.normal(0, 0.02)
        self.shift = draws.normal(0, 5), draws.normal(0, 5)
        self.collimated = draws.uniform(4, 18) if draws.chance(0.12) else 0.0

    def view(self, size, field):
        return View(size, field, self.turn, self.shift)

    def frontal(self, size):
        view = self.view(size, self.fields[0])
        attenuation, lung, masks = frontal(self.anatomy, self.findings, view)
        self.mark(attenuation, view)
        return self.picture(attenuation, lung, masks, view, 3)

    def lateral(self, size):
        view = self.view(size, self.fields[1])
        attenuation, lung, masks = lateral(self.anatomy, self.findings, view)
        return self.picture(attenuation, lung, masks, view, 4, photons=8)

    def picture(self, attenuation, lung, masks, view, stream, photons=1):
        draws = Draws(*self.names, stream)
        self.exposure.photons *= photons
        counts = expose(attenuation, self.exposure, draws, view.pixel)
        self.exposure.photons /= photons
        value = processed(counts, self.exposure)
        values = display(value, window(value, lung), self.exposure)
        if self.collimated:
            at = (np.arange(view.size) + 0.5) * view.pixel
            near = np.minimum(at, view.field - at) > self.collimated
            values = values * (near[:, None] & near[None, :])
        return Picture(values, masks, view.pixel)

    def unusable(self, size, kind):
        """A frontal picture that nobody could read: one of UNUSABLE."""
        draws = Draws(*self.names, 5)
        view = self.view(size, self.fields[0])
        if kind == "cut off":
            away = draws.uniform(150, 175) * draws.pick((-1, 1)), 130
            view = View(size, self.fields[0], 0.9 * draws.pick((-1, 1)), away)
        attenuation, lung, _ = frontal(self.anatomy, self.findings, view)
        if kind == "blank":
            return Picture(np.clip(0.04 + 0.012 * draws.normals(size, size), 0, 1), {}, view.pixel)
        exposure = replace(self.exposure, photons=0.6) if kind == "under-exposed" else self.exposure
        counts = np.maximum(expose(attenuation, exposure, draws, view.pixel), 1e-5)
        if kind == "blurred":
            steps = max(4, size // 8)
            rows = np.arange(size)
            counts = sum(counts[np.clip(rows + step, 0, size - 1)] for step in range(-steps, steps)) / (2 * steps)
        value = processed(counts, exposure)
        values = display(value, window(value, lung), exposure)
        if kind == "over-exposed":
            values = np.clip((values - 0.86) * 1.2, 0, 1)
        return Picture(values, {}, view.pixel)

    def cine(self, size, frames, excursion, breaths=1.0):
        """Frontal pictures over a breath; `excursion` is the way of each dome in mm, by side."""
        view = self.view(size, self.fields[0])
        limits, pictures = None, []
        for frame in range(frames):
            out = 0.5 - 0.5 * np.cos(2 * np.pi * breaths * frame / frames)
            attenuation, lung, masks = frontal(self.anatomy.breathing(out, excursion), self.findings, view)
            self.mark(attenuation, view)
            counts = expose(attenuation, self.exposure, Draws(*self.names, 6, frame), view.pixel)
            value = processed(counts, self.exposure)
            limits = limits or window(value, lung)
            pictures.append(Picture(display(value, limits, self.exposure), masks, view.pixel))
        return pictures

    def mark(self, attenuation, view):
        """Lays a lead letter into an upper corner: R on the patient's right, L on the left."""
        if not self.marker:
            return
        strokes = LETTERS[self.marker]
        left = 14.0 if self.marker == "R" else view.field - 14.0 - 9.0
        at = (np.arange(view.size) + 0.5) * view.pixel
        columns, rows = np.abs(at - left - 5) < 12, np.abs(at - 22) < 14
        x, y = (at[columns] - left)[None, :], (at[rows] - 15)[:, None]
        nearest = 99.0
        for ax, ay, bx, by in strokes:
            share = np.clip(((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / ((bx - ax) ** 2 + (by - ay) ** 2), 0, 1)
            nearest = np.minimum(nearest, np.hypot(x - ax - share * (bx - ax), y - ay - share * (by - ay)))
        attenuation[np.ix_(rows, columns)] += 5.0 * edge(1.3 - nearest, max(1.0, view.pixel))


LETTERS = {
    "L": ((0, 0, 0, 13), (0, 13, 8, 13)),
    "R": ((0, 0, 0, 13), (0, 0, 6, 0), (6, 0, 8, 2), (8, 2, 8, 5), (8, 5, 6, 7), (6, 7, 0, 7), (4, 7, 9, 13)),
}
