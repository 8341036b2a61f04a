"""The lateral picture: beams from side to side, the breastbone to the left, the spine to the right."""

import numpy as np

from . import bones, vessels
from .anatomy import LUNG, SOFT
from .opened import fill
from .view import bulge, edge


class Profile:
    """The chest's outlines seen from the side, as z over the picture's rows."""

    def __init__(self, anatomy, y):
        middle = (anatomy.apex + anatomy.base) / 2
        t = np.clip((y - anatomy.apex) / (anatomy.base - anatomy.apex), 0, 1)
        grown = np.sqrt(1 - (1 - np.minimum(t * 1.25, 1)) ** 2)
        self.back = -0.47 * anatomy.depth * (1 - 0.30 * ((y - middle) / 150) ** 2) * (0.45 + 0.55 * grown**0.6)
        self.front = -0.10 * anatomy.depth + (0.50 * anatomy.depth) * grown * (0.80 + 0.20 * t)
        self.spine = -0.365 * anatomy.depth * (1 - 0.34 * ((y - middle) / 150) ** 2) + 2
        outer = np.clip((y - anatomy.apex + 20) / 60, 0, 1)
        self.skin_front = np.maximum(self.front, 0.12 * anatomy.depth) + 16 + 0.5 * anatomy.wall * outer
        self.skin_back = (-0.47 * anatomy.depth * (1 - 0.30 * ((y - middle) / 150) ** 2) - 20
                          - 0.7 * anatomy.wall * outer)


def dome(anatomy, side, z, profile):
    """y of a dome of the diaphragm along its depth."""
    crest = 0.08 * anatomy.depth
    rise = anatomy.base - anatomy.dome[side] + 10
    back = np.clip((crest - z) / np.maximum(crest - profile.back, 1), 0, 1.2)
    front = np.clip((z - crest) / np.maximum(profile.front - crest, 1), 0, 1.2)
    return anatomy.dome[side] + np.where(z < crest, rise * back**2.3, 0.42 * rise * front**2)


def body(anatomy, view, profile):
    z = -view.x
    middle, half = (profile.skin_front + profile.skin_back) / 2, (profile.skin_front - profile.skin_back) / 2
    u = np.abs(z - middle) / half
    wide = np.interp(view.y, [anatomy.apex - 60, anatomy.apex - 10, anatomy.apex + 40, anatomy.base + 60],
                     [105, 1.35 * anatomy.half_width, 1.86 * anatomy.half_width, 2 * anatomy.half_width])
    thick = wide * np.sqrt(np.maximum(1 - u**3.0, 0)) * edge((1 - u) * half, view.soft)
    if anatomy.breast > 8:
        low = view.y - 0.40 * anatomy.base
        down = low / np.where(low > 0, 0.34, 0.75) / anatomy.half_width
        out = (z - profile.skin_front + 4) / (8 + 0.8 * anatomy.breast)
        added = 100 * np.maximum(1 - down**2 - np.maximum(out, 0) ** 2, 0) ** 0.7
        thick = thick + added * edge(z - profile.skin_front + 10, 24)
    return thick


def heart(anatomy, view):
    width = 2 * anatomy.half_width * anatomy.heart_ratio
    low = (anatomy.dome[1] + anatomy.dome[-1]) / 2
    z, y = -view.x - 0.13 * anatomy.depth, view.y - (low - 0.30 * width)
    cos, sin = np.cos(0.85), np.sin(0.85)
    long, short = 0.47 * width, 0.36 * width
    square = ((-z * cos + y * sin) / long) ** 2 + ((y * cos + z * sin) / short) ** 2
    arch = anatomy.apex + 62
    vessel = np.exp(-(((-view.x - 6) / 27) ** 2) - ((view.y - arch - 26) / 44) ** 2)
    root = np.exp(-(((-view.x + 4) / 17) ** 2) - ((view.y - arch - 46) / 17) ** 2)
    total = np.cbrt((0.62 * width * bulge(square)) ** 3 + (26 * vessel) ** 3 + (36 * root) ** 3)
    return total, (square < 1) & (view.y < low + 16)


def spine(anatomy, view, profile):
    from_line = -view.x - profile.spine
    phase = (view.y - anatomy.apex) / anatomy.rib_gap
    turn = 2 * np.pi * (phase - np.floor(phase))
    half = 13.0 + 1.2 * np.cos(turn) + np.clip(view.y / 60, -1.5, 2.5)
    x = np.abs(from_line)
    disc = (0.5 + 0.5 * np.cos(turn)) ** 4
    plates = np.exp(-(((0.5 + 0.5 * np.cos(turn)) - 0.42) / 0.14) ** 2)
    part = edge(half - x, view.soft + 1.5) * (0.44 - 0.30 * disc + 0.16 * plates)
    arch = 0.12 * edge(16 - np.abs(from_line + half + 14), 10) * (0.6 + 0.4 * np.cos(turn))
    return anatomy.bone * (part + arch)


def breastbone(anatomy, points=80):
    share = np.linspace(0, 1, points)[None, :]
    y = anatomy.apex + 42 + share * 150
    z = Profile(anatomy, y).front + 5
    return bones.Curves(0 * y, y, z)


def lateral(anatomy, findings, view):
    """Attenuation `[H, W]`, the share of each pixel that is lung, and a mask of each finding."""
    profile = Profile(anatomy, view.y)
    z, y = -view.x, view.y
    covered, heart_mask = heart(anatomy, view)
    thick = body(anatomy, view, profile)
    attenuation = SOFT * thick
    middle, half = (profile.front + profile.back) / 2, np.maximum((profile.front - profile.back) / 2, 1)
    u = np.abs(z - middle) / half
    outline = edge((1 - u) * half, view.soft) * (y > anatomy.apex)
    textured = view.texture(anatomy.texture + 3, 2.5, 14.0)
    reach = 0.80 * (anatomy.lateral(y) - 0.8 * anatomy.medial(y))
    share_total, masks = 0.0, {}
    for side in (-1, 1):
        below = y - dome(anatomy, side, z, profile)
        above = edge(-below, max(view.soft, 3.0))
        mask = outline * above
        full = reach * np.sqrt(np.maximum(1 - u**2.6, 0)) * outline
        taken = covered * (0.62 if side > 0 else 0.38)
        air = full * above * (1 - 0.95 * np.clip(taken / np.maximum(0.9 * full, 1), 0, 1))
        added = 0.0
        for number, finding in enumerate(findings):
            if finding.side != side or finding.kind == "pneumothorax":
                continue
            if finding.kind == "pleural effusion":
                rise = finding.millimetres * 0.9
                corner = 14 * np.clip((middle - z) / half, 0, 1) ** 3 + 8 * np.clip((z - middle) / half, 0, 1) ** 4
                spread = np.clip((95 - finding.millimetres) / 60, 0, 1) * 0.8 * np.clip((z - profile.back) / (2 * half), 0, 1)
                share = edge(y - (anatomy.base + 6 - rise * (1 - spread) - corner), 9.0) * outline
                masks[number] = (share > 0.5) & (y < anatomy.base + 10)
                air = air * (1 - 0.97 * share)
                continue
            down = anatomy.level(finding.at[1], side)
            deep = finding.at[2] * 0.55 * half + middle
            if finding.kind == "opacity":
                share = fill(finding, z - deep, y - down, view.texture(finding.texture, 24.0, 90.0)) * mask
                air = air * (1 - 0.85 * np.clip(share, 0, 1))
                masks[number] = share > 0.3 * finding.strength
            elif finding.kind == "nodule":
                square = ((z - deep) ** 2 + (y - down) ** 2) / (finding.millimetres / 2) ** 2
                added = added + finding.strength * SOFT * 0.72 * finding.millimetres * bulge(square)
                masks[number] = square < 1
        attenuation = attenuation - air * (SOFT - LUNG * (1 + 0.06 * textured)) + added
        down, deep, radius, length = lung_tree(anatomy, side)
        tubes = view.finish(vessels.spectrum(view, -deep, down, radius, length))
        attenuation = attenuation + np.clip(air / np.maximum(full, 1), 0, 1) * (SOFT - LUNG) * 1.5 * tubes
        share_total = share_total + 0.5 * mask
    hard = bones.spectrum(view, bones.ribs(anatomy), 5.8, 4.7, 0.55 * anatomy.bone, side="lateral")
    hard = hard + bones.spectrum(view, breastbone(anatomy), 6.5, 5.0, 1.6 * anatomy.bone, side="lateral")
    hard = hard + bones.spectrum(view, bones.scapula_lines(anatomy), 5.0, 3.5, 0.25 * anatomy.bone, side="lateral")
    share = np.linspace(0, 1, 70)
    pipe = view.splat(12 + 14 * share, anatomy.apex - 60 + 150 * share, np.full(70, 150 / 70 * np.pi * 7.5**2))
    hard = hard - 0.8 * SOFT * pipe * view.disk(7.0)
    inside = edge(thick - 10, 20)
    attenuation = attenuation + (view.finish(hard) + spine(anatomy, view, profile)) * inside
    masks.update({i: heart_mask for i, one in enumerate(findings) if one.kind == "enlarged heart"})
    return np.maximum(attenuation, 0), share_total, masks


def lung_tree(anatomy, side):
    """The same vessels as on the frontal picture, placed by their depth."""
    _, down, deep, radius, length = vessels.tree(anatomy.vessels[0 if side < 0 else 1])
    y = anatomy.level(down, side)
    profile = Profile(anatomy, y)
    middle, half = (profile.front + profile.back) / 2, (profile.front - profile.back) / 2
    return y, middle * 0.6 - 2 + deep * half * 1.25, radius, length
