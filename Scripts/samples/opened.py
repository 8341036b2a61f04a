"""How findings change a lung on the frontal picture: air filled, taken away or let free."""

import numpy as np

from .anatomy import SOFT
from .view import bulge, edge


def apply_findings(anatomy, findings, view, lung):
    """Changes `lung` in place; returns a mask of each finding on its side, by the finding's number."""
    masks = {}
    for number, finding in enumerate(findings):
        if finding.side == lung.side and finding.kind in CHANGES:
            masks[number] = CHANGES[finding.kind](anatomy, finding, view, lung)
    return masks


def place(anatomy, finding):
    """x (away from the midline) and y of a finding's middle."""
    y = anatomy.level(finding.at[1], finding.side)
    medial, lateral = anatomy.medial(y), anatomy.lateral(y)
    return medial + finding.at[0] * (lateral - medial), y


def fill(finding, x, y, texture):
    """Share of the lung's air that an opacity has filled, 0 to 1."""
    total = 0.0
    for dx, dy, radius in finding.blobs:
        total = total + np.exp(-(((x - dx) ** 2 + (y - dy) ** 2) / radius**2) * 1.6)
    cloud = 1 - np.exp(-1.3 * total)
    if finding.pattern == "patchy":
        return finding.strength * cloud * (0.45 + 0.75 * edge(texture + 0.2, 4.0))
    if finding.pattern == "dense":
        return finding.strength * edge(cloud * (1 + 0.12 * texture) - 0.50, 1.0)
    return finding.strength * cloud * (1 + 0.12 * texture)


def opacity(anatomy, finding, view, lung):
    x, y = place(anatomy, finding)
    share = fill(finding, lung.x - x, lung.y - y, view.texture(finding.texture, 24.0, 90.0)) * lung.mask
    lung.air = lung.air * (1 - 0.74 * np.clip(share, 0, 1))
    return share > 0.3 * finding.strength


def effusion(anatomy, finding, view, lung):
    """Fluid with a meniscus: its upper border climbs towards the flank."""
    u = np.clip((lung.x - lung.medial) / np.maximum(lung.lateral - lung.medial, 1), 0, 1)
    height = finding.millimetres
    small = np.clip((95 - height) / 60, 0, 1)  # little fluid only fills the corner of the flank
    level = 1 - small * 0.85 * (1 - u) ** 1.3 - 0.30 * (1 - u**3)
    surface = anatomy.base + 4 - height * np.maximum(level, 0) - 3 * (1 - u) ** 6
    share = edge(lung.y - surface, 9.0) * lung.outline
    seen = (share > 0.5) & (lung.air > 0.12 * lung.full)
    reach = anatomy.base + 2
    lung.air = lung.air * (1 - 0.97 * share)
    lung.mask = lung.mask * (1 - share)
    return (seen | ((share > 0.5) & (lung.y < reach))) & (lung.x > 0)


def pneumothorax(anatomy, finding, view, lung):
    """Air between wall and lung: no vessels there, and the thin line of the lung's own surface."""
    from .frontal import Lung

    inner = Lung(anatomy, view, lung.side, finding.millimetres)
    free = lung.outline * (1 - inner.outline)
    steep = np.hypot(*np.gradient(inner.inside, view.pixel))
    away = inner.inside / np.maximum(steep, 0.5)
    lateral = edge(inner.x - inner.medial - 6, 8)
    line = np.exp(-((away / max(1.0, 0.5 * view.pixel)) ** 2)) * lung.mask * lateral
    lung.free = lung.air * free
    lung.air = lung.air * (1 - free)
    lung.line = 0.15 * line
    return (free * lung.mask * lateral) > 0.5


def nodule(anatomy, finding, view, lung):
    x, y = place(anatomy, finding)
    radius = finding.millimetres / 2
    square = ((lung.x - x) ** 2 + (lung.y - y) ** 2) / radius**2
    lung.line = lung.line + finding.strength * SOFT * 0.72 * finding.millimetres * bulge(square)
    return square < 1


CHANGES = {"opacity": opacity, "pleural effusion": effusion, "pneumothorax": pneumothorax, "nodule": nodule}
