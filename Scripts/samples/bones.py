"""Bones as tubes swept along curves in space, so that one skeleton gives every projection.

A ball swept along a curve leaves a tube. Its projection is the curve's length per mm^2, spread by the
ball's shadow: a disk. A bone is a tube of cortex less an inner tube of what marrow lacks.
"""

import numpy as np

from .anatomy import CORTEX, MARROW, SOFT


class Curves:
    """Points of curves in space with the length that each stands for; arrays of one shape [curve, point]."""

    def __init__(self, x, y, z, fade=1.0):
        self.x, self.y, self.z = x, y, z
        step = np.sqrt(np.diff(x, axis=1) ** 2 + np.diff(y, axis=1) ** 2 + np.diff(z, axis=1) ** 2)
        self.length = np.pad(step, ((0, 0), (0, 1)), mode="edge") * fade


def ribs(anatomy, points=150):
    """Both sides' ribs 1 to 11, from the spine around the flank towards the breastbone."""
    count = 11
    number = np.arange(count)[:, None].astype(np.float64)
    first = np.radians(14.0)
    last = np.radians(np.interp(number, [0, 1, 2, 6, 8, 9, 10], [118, 140, 148, 146, 132, 120, 95]))
    share = np.linspace(0.0, 1.0, points)[None, :]
    theta = first + (last - first) * share
    start = anatomy.apex + 2 + number * anatomy.rib_gap
    drop = anatomy.rib_drop * np.interp(number, [0, 1, 3, 6, 8, 10], [38, 58, 84, 98, 88, 62])
    arch = 5.0 * np.sin(np.pi * np.clip(share / 0.45, 0, 1))
    y = start + drop * share**1.45 - arch
    half_depth = 0.5 * anatomy.depth - anatomy.wall * 0.6
    narrow = np.interp(number, [0, 1, 2, 4], [0.60, 0.78, 0.9, 1.0])
    x = (anatomy.lateral(y) + 3.0) * np.sin(theta)
    z = -half_depth * narrow * np.cos(theta)
    fade = np.interp(share, [0, 0.02, 0.93, 1.0], [0.2, 1, 1, 0.0]) * np.ones_like(x)
    both = [np.concatenate([side * x for side in (-1, 1)]), np.concatenate([y, y]), np.concatenate([z, z])]
    return Curves(*both, fade=np.concatenate([fade, fade]))


def clavicles(anatomy, points=110):
    share = np.linspace(0.0, 1.0, points)[None, :]
    x = 17.0 + share * (1.13 * anatomy.half_width)
    y = anatomy.apex + 27 - 24 * share + anatomy.shoulder * share + 8.0 * np.sin(2 * np.pi * share) * 0.6
    z = 0.36 * anatomy.depth - 50 * share**2 + 10 * np.sin(2 * np.pi * share)
    fade = np.interp(share, [0, 0.03, 1], [0.4, 1, 1])
    two = [np.concatenate([v, v]) for v in (x, y + 0 * x, z + 0 * x, fade)]
    two[0][0] *= -1
    return Curves(*two[:3], fade=two[3])


def scapula_lines(anatomy, points=70):
    """Medial and lateral border and spine of both shoulder blades."""
    out = anatomy.half_width * 0.80 + anatomy.scapula
    up = anatomy.apex + 8
    corners = [((out, up + 8), (out + 12, up + 135)), ((out + 52, up + 45), (out + 12, up + 135)),
               ((out + 5, up + 40), (out + 70, up + 8)), ((out, up + 8), (out + 46, up + 28))]
    share = np.linspace(0.0, 1.0, points)
    x = np.stack([a[0] + (b[0] - a[0]) * share + 4 * np.sin(np.pi * share) for a, b in corners])
    y = np.stack([a[1] + (b[1] - a[1]) * share for a, b in corners])
    z = np.full_like(x, -0.42 * anatomy.depth)
    return Curves(np.concatenate([x, -x]), np.concatenate([y, y]), np.concatenate([z, z]))


def humeri(anatomy, points=60):
    share = np.linspace(0.0, 1.0, points)[None, :]
    x = anatomy.half_width + 58 + 16 * share + anatomy.scapula
    y = anatomy.apex + 34 + anatomy.shoulder + 190 * share
    z = -10.0 + 0 * share
    two = [np.concatenate([v, v]) for v in (x, y, z)]
    two[0][0] *= -1
    return Curves(*two)


def spectrum(view, curves, outer, inner, flat=1.0, side="frontal", rotation=0.0):
    """Spectrum of the attenuation that a bone adds to the soft tissue around it.

    `flat` thins the tube along the beam; `inner` is the radius of the marrow.
    """
    across = frontal_x(curves, rotation) if side == "frontal" else -curves.z
    lines = view.splat(across, curves.y, curves.length)
    shell = (CORTEX - SOFT) * np.pi * outer**2 * view.disk(outer)
    if inner > 0:
        shell = shell - (CORTEX - MARROW) * np.pi * inner**2 * view.disk(inner)
    return lines * shell * flat


def frontal_x(curves, rotation):
    return curves.x + np.sin(rotation) * curves.z
