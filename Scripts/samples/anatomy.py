"""A chest as numbers: sizes and places in mm, drawn at random within normal limits.

x points to the patient's left (the right of a frontal picture), y to the feet, z to the chest's front.
"""

from dataclasses import dataclass, field, replace

import numpy as np

# Attenuation per mm at the mean energy of a 120 kV beam behind the patient (about 60 keV).
SOFT, LUNG, CORTEX, MARROW = 0.0200, 0.0056, 0.0580, 0.0290


@dataclass
class Anatomy:
    half_width: float  # of the inner chest at its widest
    apex: float  # y of the lung tops
    base: float  # y of the lowest lateral corner of the lungs
    dome: dict  # side -> y of the top of the diaphragm
    depth: float  # of the chest, front to back
    heart_ratio: float  # cardiothoracic ratio
    heart_tilt: float
    aorta: float  # size of the aortic knob, 1 is usual
    wall: float  # thickness of the soft chest wall
    breast: float  # thickness of the breast shadow, 0 for none
    rib_gap: float
    rib_drop: float
    bone: float  # density of bone, 1 is usual
    scapula: float  # how far the shoulder blades are turned out of the lungs
    shoulder: float
    scoliosis: float
    vessels: tuple  # which vessel trees (right, left)
    markings: float  # strength of the vessels
    texture: int
    stomach: tuple  # place and size of the gas below the left dome
    gas: list = field(default_factory=list)  # further gas: (x, y, radius)
    rotation: float = 0.0  # of the body around its long axis, rad

    def breathing(self, out, excursion):
        """The same chest with `out` (0 to 1) of a breath let out; `excursion` mm by side."""
        dome = {side: y - out * excursion[side] for side, y in self.dome.items()}
        mean = sum(excursion.values()) / 2
        return replace(
            self, dome=dome, base=self.base - 0.45 * out * mean, half_width=self.half_width - 0.10 * out * mean,
            heart_ratio=self.heart_ratio * (1 + 0.0022 * out * mean), rib_drop=self.rib_drop * (1 + 0.004 * out * mean))

    def top(self, side, x):
        """y of the dome of the diaphragm on a side at distance x from the midline."""
        middle, half = 0.52 * self.half_width, 0.5 * self.half_width
        fall = np.clip(np.abs(x - middle) / half, 0, 1.25)
        outer = x > middle
        rise = self.base - self.dome[side]
        return self.dome[side] + np.where(outer, rise * 1.02 * fall**2.6, 0.36 * rise * fall**2.2)

    def lateral(self, y):
        """Distance of the lungs' lateral wall from the midline."""
        t = np.clip((y - self.apex) / (self.base - self.apex), 0.0, 1.0)
        start = 0.36 * self.half_width
        return start + (self.half_width - start) * (1 - (1 - t) ** 2.2) ** 0.62 * (1 - 0.03 * t**6)

    def medial(self, y):
        """Distance of the lungs' medial wall from the midline."""
        t = np.clip((y - self.apex) / (0.22 * (self.base - self.apex)), 0.0, 1.0)
        start, end = 0.36 * self.half_width, 0.075 * self.half_width
        return start - (start - end) * np.sqrt(1 - (1 - t) ** 2)

    def level(self, t, side):
        """y at share t of the way from the apex to the dome."""
        return self.apex + t * (self.dome[side] - self.apex)


def draw_anatomy(draws):
    """A healthy adult chest in good inspiration."""
    scale = draws.normal(1.0, 0.05)
    female = draws.chance(0.5)
    half_width = scale * draws.uniform(130, 148) * (0.95 if female else 1.0)
    apex = -scale * draws.uniform(128, 142)
    right = scale * draws.uniform(66, 92)
    left = right + draws.uniform(4, 16)
    return Anatomy(
        half_width=half_width, apex=apex, base=max(right, left) + scale * draws.uniform(30, 42),
        dome={-1: right, 1: left}, depth=scale * draws.uniform(185, 225),
        heart_ratio=draws.uniform(0.39, 0.475), heart_tilt=draws.uniform(0.42, 0.72),
        aorta=draws.uniform(0.75, 1.2), wall=draws.uniform(16, 32),
        breast=draws.uniform(14, 40) if female else draws.uniform(0, 6),
        rib_gap=scale * draws.uniform(21.5, 24.0), rib_drop=draws.uniform(0.85, 1.15),
        bone=draws.uniform(0.75, 1.15), scapula=draws.uniform(-8, 14), shoulder=draws.uniform(-8, 10),
        scoliosis=draws.uniform(-5, 5), vessels=(draws.integer(0, 11), draws.integer(0, 11)),
        markings=draws.uniform(0.75, 1.2), texture=draws.integer(0, 999),
        stomach=(draws.uniform(42, 66), draws.uniform(16, 26), draws.uniform(9, 20) if draws.chance(0.75) else 0.0),
        gas=[(draws.uniform(-90, 90), draws.uniform(50, 75), draws.uniform(6, 12))
             for _ in range(draws.integer(0, 3))],
        rotation=draws.normal(0.0, 0.045))
