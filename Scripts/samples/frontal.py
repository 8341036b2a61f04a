"""The frontal picture: attenuation along beams from back to front, and where each finding lies."""

import numpy as np

from . import bones, vessels
from .anatomy import LUNG, SOFT
from .opened import apply_findings
from .view import bulge, edge


class Lung:
    """One lung's thickness along the beam (mm) and its coordinates over the picture."""

    def __init__(self, anatomy, view, side, gap=0.0):
        self.side = side
        x, y = side * view.x, view.y
        self.x, self.y = x, y
        if gap:  # drawn in from the wall: most at the top, held at the root and the base
            t = np.clip((y - anatomy.apex) / (anatomy.dome[side] - anatomy.apex), 0, 1)
            held = anatomy.medial(y)
            x = held + (x - held) / (1 - gap / anatomy.half_width * (1.0 - 0.62 * t))
            y = anatomy.base + (y - anatomy.base) / (1 - 0.75 * gap / (anatomy.base - anatomy.apex))
        lateral, medial = anatomy.lateral(y), anatomy.medial(y)
        self.lateral, self.medial = lateral, medial
        self.inside = np.where(y > anatomy.apex, np.minimum(lateral - x, x - medial), -1.0)
        half = np.maximum((lateral - medial) / 2, 1.0)
        u = (x - (lateral + medial) / 2) / half
        t = np.clip((y - anatomy.apex) / (anatomy.base - anatomy.apex), 0, 1)
        depth = 0.74 * anatomy.depth * np.sqrt(1 - (1 - np.minimum(t * 1.55, 1)) ** 2)
        below = view.y - anatomy.top(side, self.x)
        sulcus = 0.30 * np.clip(1 - np.sqrt(np.maximum(below, 0) / 52), 0, 1)
        self.above = edge(-below, max(view.soft, 3.0))
        air = self.above + (1 - self.above) * sulcus
        self.outline = edge(self.inside, view.soft)
        self.full = depth * np.sqrt(np.maximum(1 - np.abs(u) ** 3.2, 0)) * self.outline
        self.air = self.full * air
        self.mask = self.outline * self.above


def heart(anatomy, view):
    """Thickness of the heart and the great vessels; their border makes the cardiothoracic ratio."""
    shift = 26 * np.sin(anatomy.rotation)
    width = 2 * anatomy.half_width * anatomy.heart_ratio
    dome = (anatomy.dome[1] + anatomy.dome[-1]) / 2
    reach_left, reach_right = 0.67 * width + shift, 0.33 * width - shift
    x, y, tilt = view.x, view.y, anatomy.heart_tilt
    cos, sin = np.cos(tilt), np.sin(tilt)
    long = 0.53 * width
    short = 0.38 * width
    extent = np.sqrt((long * cos) ** 2 + (short * sin) ** 2)
    middle = (reach_left - extent, dome - 0.24 * width)
    u, v = x - middle[0], y - middle[1]
    left = ((u * cos + v * sin) / long) ** 2 + ((v * cos - u * sin) / short) ** 2
    tall = 0.27 * width + 16
    across = 0.33 * width
    right = ((x + reach_right - across) / across) ** 2 + ((y - (dome - 0.25 * width)) / tall) ** 2
    body = 105.0 * np.cbrt(bulge(left) ** 3 + bulge(right) ** 3)
    arch = anatomy.apex + 62
    knob = 70 * bulge(((x - 14 - shift) / (21 * anatomy.aorta)) ** 2 + ((y - arch) / (19 * anatomy.aorta)) ** 2)
    trunk = 84 * bulge(((x - 10 - shift) / 29) ** 2 + ((y - arch - 44) / 40) ** 2)
    waist = 95 * bulge(((x - 8 - shift) / 30) ** 2 + ((y - arch - 62) / 70) ** 2)
    band = np.interp(view.y, [arch - 80, arch - 40, arch, arch + 60, dome + 20], [17, 21, 27, 25, 26])
    column = 150 * bulge(((x + 3 - shift * 0.5) / band) ** 2) * edge(view.y - anatomy.apex + 60, 40)
    hila = 0.0
    for side, down in ((-1, 6.0), (1, -6.0)):
        across = (side * x - band - 7 - side * shift) / 15
        hila = hila + 34 * np.exp(-(across**2) - ((y - arch - 42 - down - 0.5 * side * x) / 26) ** 2)
    total = np.cbrt(body**3 + column**3 + knob**3 + trunk**3 + waist**3 + hila**3)
    return total, (body > 0) & (y < dome + 14)


def body(anatomy, view):
    """Thickness of the patient, and the extra thickness of breasts."""
    top = anatomy.apex
    outer = anatomy.half_width + anatomy.wall
    width = np.interp(view.y, [top - 75, top - 45, top - 25, top - 6, top + 10, top + 70, top + 105, top + 150,
                               0.4 * anatomy.base, anatomy.base, anatomy.base + 90],
                      [58, 66, 104, outer + 30, outer + 62, outer + 56, outer + 22, outer, outer - 2, outer - 5,
                       outer - 10])
    depth = np.interp(view.y, [top - 75, top - 25, top + 30, top + 90, anatomy.base + 90],
                      [105, 118, 0.74 * anatomy.depth, anatomy.depth, anatomy.depth * 1.04])
    u = np.abs(view.x) / width
    thick = depth * np.sqrt(np.maximum(1 - u**3.4, 0)) * edge((1 - u) * width, view.soft)
    if anatomy.breast > 8:
        low = view.y - 0.44 * anatomy.base
        radius = 0.50 * anatomy.half_width
        for side in (-1, 1):
            across = (side * view.x - 0.56 * anatomy.half_width) / radius
            down = low / np.where(low > 0, radius * 0.62, radius * 1.25)
            thick = thick + anatomy.breast * np.maximum(1 - across**2 - down**2, 0) ** 0.45
    return thick


def spine(anatomy, view):
    """Attenuation of the vertebrae over the soft tissue."""
    shift = -55 * np.sin(anatomy.rotation)
    bent = anatomy.scoliosis * np.cos((view.y - 10) / 75)
    x = np.abs(view.x - bent - shift)
    phase = (view.y - anatomy.apex) / anatomy.rib_gap
    turn = 2 * np.pi * (phase - np.floor(phase))
    half = 16.5 + 1.6 * np.cos(turn) + np.clip(view.y / 60, -1.5, 2.5)
    inside = edge(half - x, view.soft + 2)
    disc = 0.5 + 0.5 * np.cos(turn)
    disc = disc**4
    body_part = inside * (0.17 - 0.10 * disc + 0.08 * np.exp(-((half - x - 1.5) / 2.5) ** 2))
    height = (turn - np.pi * 0.75) / (2 * np.pi) * anatomy.rib_gap
    ring = ((x - half + 6.5) / 4.2) ** 2 + (height / 6.0) ** 2
    pedicle = 0.10 * np.exp(-((np.sqrt(ring) - 0.9) / 0.4) ** 2)
    process = 0.09 * np.exp(-((x / 3.2) ** 2) - (((turn - np.pi * 1.5) / 2.0) ** 2))
    return anatomy.bone * (body_part + pedicle + process)


def skeleton(anatomy, view):
    """Attenuation of ribs, collarbones, shoulder blades and upper arms."""
    turn, dense = anatomy.rotation, anatomy.bone
    total = bones.spectrum(view, bones.ribs(anatomy), 6.2, 4.9, 0.98 * dense, rotation=turn)
    total = total + bones.spectrum(view, bones.clavicles(anatomy), 6.4, 4.9, 1.05 * dense, rotation=turn)
    total = total + bones.spectrum(view, bones.scapula_lines(anatomy), 3.4, 2.0, 0.9 * dense, rotation=turn)
    total = total + bones.spectrum(view, bones.humeri(anatomy), 16.0, 12.8, 0.6 * dense, rotation=turn)
    return total


def blades(anatomy, view):
    """Attenuation of the flat parts of the shoulder blades."""
    out = anatomy.half_width * 0.80 + anatomy.scapula
    x, y = np.abs(view.x) - out, view.y - anatomy.apex - 16
    inside = np.minimum(np.minimum(x - y * 0.09, 140 - y), np.minimum(y, (56 - x) - np.maximum(y - 20, 0) * 0.36))
    return 0.075 * anatomy.bone * edge(inside, 5.0)


def airways(anatomy, view):
    """Path length through the windpipe and the two main bronchi."""
    share = np.linspace(0, 1, 60)
    fork = anatomy.apex + 84
    down = anatomy.apex - 60 + (fork - anatomy.apex + 60) * share
    shift = 5 * np.sin(anatomy.rotation)
    branch = fork + 34 * share
    x = np.concatenate([-2 + shift + 0 * share, -2 + shift + 36 * share, -2 + shift - 26 * share])
    y = np.concatenate([down, branch - 8 * share, branch])
    length = np.concatenate([np.full(60, (fork - anatomy.apex + 60) / 60), np.full(60, 0.78), np.full(60, 0.7)])
    area = np.pi * np.concatenate([np.full(60, 7.5), 5.6 - 1.6 * share, 6.0 - 1.6 * share]) ** 2
    return view.splat(x, y, length * area) * view.disk(6.0)


def vessel_map(anatomy, view, lungs):
    """Path length of vessels through both lungs, following each lung's own shape."""
    total = 0.0
    for lung, number in zip(lungs, anatomy.vessels):
        x, y, _, radius, length = vessels.tree(number)
        down = anatomy.level(y, lung.side)
        medial = 0.5 * anatomy.medial(down) + 2
        across = medial + x * (0.97 * anatomy.lateral(down) - medial)
        total = total + vessels.spectrum(view, lung.side * across, down, radius, length)
    return view.finish(total)


def frontal(anatomy, findings, view):
    """Attenuation `[H, W]`, the share of each pixel that is lung, and a mask of each finding."""
    lungs = [Lung(anatomy, view, side) for side in (-1, 1)]
    covered, heart_mask = heart(anatomy, view)
    tubes = vessel_map(anatomy, view, lungs)
    textured = view.texture(anatomy.texture, 2.5, 14.0)
    thick = body(anatomy, view)
    attenuation = SOFT * thick
    masks = {}
    for lung in lungs:
        hidden = np.clip(covered / np.maximum(0.92 * lung.full, 1.0), 0, 1)
        lung.air = lung.air * (1 - 0.93 * hidden)
        lung.free = 0.0
        lung.line = 0.0
        masks.update(apply_findings(anatomy, findings, view, lung))
        share = lung.air / np.maximum(lung.full, 1.0)
        tissue = LUNG * (1 + 0.07 * textured)
        attenuation = attenuation - lung.air * (SOFT - tissue) - lung.free * SOFT + lung.line
        attenuation = attenuation + np.minimum(share * 1.3, 1) * (SOFT - LUNG) * 2.1 * tubes * anatomy.markings
    masks.update({i: heart_mask for i, one in enumerate(findings) if one.kind == "enlarged heart"})
    for x, y, radius in [anatomy.stomach] + [(x, anatomy.base + dy - 30, r) for x, dy, r in anatomy.gas]:
        if radius:
            low = anatomy.dome[1] + y if (x, y, radius) == anatomy.stomach else y
            bubble = bulge(((view.x - x) / (1.5 * radius)) ** 2 + ((view.y - low - radius * 0.4) / radius) ** 2)
            attenuation = attenuation - 0.8 * SOFT * 1.4 * radius * bubble * (1 - lungs[1].above)
    hard = skeleton(anatomy, view) - SOFT * 0.8 * airways(anatomy, view)
    inside = edge(thick - 10, 20)
    attenuation = attenuation + (view.finish(hard) + spine(anatomy, view) + blades(anatomy, view)) * inside
    lung_share = np.clip(lungs[0].mask + lungs[1].mask, 0, 1)
    return np.maximum(attenuation, 0), lung_share, masks
