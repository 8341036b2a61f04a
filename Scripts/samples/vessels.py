"""Branching trees of lung vessels and bronchi, a bank of them made once."""

from functools import lru_cache

import numpy as np

from .draws import Draws


@lru_cache(maxsize=32)
def tree(number, generations=7):
    """Points of one lung's vessels in the unit lung: x 0 (medial) to 1 (lateral), y 0 (apex) to 1 (dome).

    Returns x, y, depth (-1 to 1), radius in mm and the length in mm that each point stands for. Radii follow
    Murray's law (the cubes of the branches add up to the cube of the stem).
    """
    draws = Draws(11, number)
    roots = 7
    angle = np.radians(np.array([-76, -46, -10, 24, 46, 64, 80.0])) + draws.uniforms(roots, -0.12, 0.12)
    place = np.stack([np.full(roots, 27.0), np.linspace(92, 114, roots), np.zeros(roots)], axis=1)
    tilt = draws.uniforms(roots, -0.5, 0.5)
    heading = np.stack([np.cos(angle) * np.cos(tilt), np.sin(angle) * np.cos(tilt), np.sin(tilt)], axis=1)
    radius = draws.uniforms(roots, 2.7, 3.7) * np.where(angle > 0, 1.1, 0.88)
    length = draws.uniforms(roots, 26, 36)
    parts = []
    for generation in range(generations):
        steps = int(max(6, 22 * 0.82**generation))
        share = (np.arange(steps) + 0.5) / steps
        bend = draws.normals(len(place), 3) * 0.16
        path = heading[:, None, :] * share[None, :, None] + bend[:, None, :] * (share**2)[None, :, None]
        points = place[:, None, :] + path * length[:, None, None]
        thin = radius[:, None] * (1 - 0.18 * share[None, :])
        parts.append(np.concatenate([points.reshape(-1, 3), thin.reshape(-1, 1),
                                     np.repeat(length / steps, steps)[:, None]], axis=1))
        end = place + (heading + bend) * length[:, None]
        ahead = heading + 2 * bend
        ahead = ahead / np.sqrt((ahead**2).sum(axis=1, keepdims=True))
        side = draws.normals(len(place), 3)
        side = side - (side * ahead).sum(axis=1, keepdims=True) * ahead
        side = side / np.sqrt((side**2).sum(axis=1, keepdims=True))
        uneven = draws.uniforms(len(place), 0.30, 0.70)
        children = []
        for sign, part in ((1, uneven), (-1, 1 - uneven)):
            turn = 0.62 * (1 - part)[:, None] + 0.12
            way = ahead + sign * turn * side
            children.append((end, way / np.sqrt((way**2).sum(axis=1, keepdims=True)),
                             radius * np.cbrt(part), length * (0.62 + 0.4 * part)))
        place, heading, radius, length = (np.concatenate(v) for v in zip(*children))
    x, y, z, radius, length = np.concatenate(parts).T
    x, y, z = x / 138, y / 225, z / 80
    keep = (x > 0) & (x < 1) & (y > 0.0) & (y < 1.12) & (np.abs(z) < 1)
    return tuple(v[keep] for v in (x, y, z, radius, length))


CLASSES = ((2.2, 9.0, 3.0), (1.1, 2.2, 1.5), (0.0, 1.1, 0.0))  # radius from, to, drawn with a disk of


def spectrum(view, x, y, radius, length):
    """Spectrum of the path length through vessels at the points (x, y) in mm."""
    total = 0.0
    for low, high, drawn in CLASSES:
        chosen = (radius > low) & (radius <= high)
        volume = np.pi * radius[chosen] ** 2 * length[chosen]
        total = total + view.splat(x[chosen], y[chosen], volume) * view.disk(drawn)
    return total
