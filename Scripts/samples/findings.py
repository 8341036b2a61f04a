"""What can be wrong with a chest, drawn with its place and size: the truth that the pictures show."""

from dataclasses import dataclass, field

KINDS = ("opacity", "pleural effusion", "enlarged heart", "pneumothorax", "nodule")
SIDES = {-1: "right", 1: "left"}
ZONES = {"upper": (0.20, 0.36), "middle": (0.44, 0.62), "lower": (0.70, 0.90)}
EXTENTS = ("small", "moderate", "large")


@dataclass
class Finding:
    kind: str
    side: int = 0  # -1 right, 1 left, 0 in the middle
    zone: str = ""
    pattern: str = ""  # of an opacity: patchy, dense or hazy
    extent: str = ""  # of fluid or air: small, moderate or large
    millimetres: float = 0.0  # diameter of a nodule, width of free air, height of fluid
    ratio: float = 0.0  # cardiothoracic ratio
    at: tuple = (0.0, 0.0, 0.0)  # share of the way medial to lateral, apex to dome; depth -1 to 1
    blobs: list = field(default_factory=list)  # (dx, dy, radius) in mm, of an opacity
    strength: float = 1.0
    texture: int = 0

    @property
    def labels(self):
        """The finding's names, from the general one to the one with its side."""
        return [self.kind] + ([f"{SIDES[self.side]} {self.kind}"] if self.side else [])

    def truth(self):
        """The finding as it stands in truth.json."""
        entry = {"name": self.kind}
        if self.side:
            entry["side"] = SIDES[self.side]
        for key in ("zone", "pattern", "extent"):
            if getattr(self, key):
                entry[key] = getattr(self, key)
        if self.kind == "nodule":
            entry["diameter_mm"] = int(round(self.millimetres))
        if self.ratio:
            entry["cardiothoracic_ratio"] = round(self.ratio, 2)
        return entry


def opacity(draws, side=None, zone=None, pattern=None):
    side = side or draws.pick((-1, 1))
    zone = zone or draws.pick(tuple(ZONES), (3, 3, 5))
    pattern = pattern or draws.pick(("patchy", "dense", "hazy"), (5, 3, 2))
    reach = {"patchy": draws.uniform(22, 34), "dense": draws.uniform(20, 32), "hazy": draws.uniform(28, 42)}[pattern]
    count = {"patchy": draws.integer(5, 8), "dense": draws.integer(4, 6), "hazy": draws.integer(3, 5)}[pattern]
    share = {"patchy": 0.62, "dense": 0.75, "hazy": 0.85}[pattern]
    loose = 0.62 if pattern == "dense" else 0.48
    blobs = [(draws.normal(0, loose) * reach, draws.normal(0, 0.8 * loose) * reach,
              reach * share * draws.uniform(0.6, 1.1))
             for _ in range(count)]
    low, high = {"patchy": (0.70, 0.95), "dense": (0.72, 0.97), "hazy": (0.55, 0.70)}[pattern]
    at = (draws.uniform(0.34 if zone != "lower" else 0.48, 0.70), draws.uniform(*ZONES[zone]), draws.uniform(-0.6, 0.6))
    return Finding("opacity", side, zone, pattern, at=at, blobs=blobs, strength=draws.uniform(low, high),
                   texture=draws.integer(0, 999))


def effusion(draws, side=None, extent=None):
    side = side or draws.pick((-1, 1))
    extent = extent or draws.pick(EXTENTS, (3, 4, 2))
    low, high = {"small": (34, 50), "moderate": (60, 95), "large": (110, 160)}[extent]
    return Finding("pleural effusion", side, extent=extent, millimetres=draws.uniform(low, high))


def pneumothorax(draws, side=None, extent=None):
    side = side or draws.pick((-1, 1))
    extent = extent or draws.pick(EXTENTS, (2, 4, 3))
    low, high = {"small": (16, 22), "moderate": (24, 38), "large": (42, 62)}[extent]
    return Finding("pneumothorax", side, extent=extent, millimetres=draws.uniform(low, high),
                   texture=draws.integer(0, 999))


def nodule(draws, side=None, zone=None, millimetres=None):
    side = side or draws.pick((-1, 1))
    zone = zone or draws.pick(tuple(ZONES), (4, 4, 3))
    low, high = ZONES[zone]
    at = (draws.uniform(0.30 if zone != "lower" else 0.56, 0.80), draws.uniform(low, high - 0.04), draws.uniform(-0.5, 0.5))
    return Finding("nodule", side, zone, millimetres=millimetres or round(draws.uniform(11, 30)), at=at,
                   strength=draws.uniform(1.8, 2.6))


def enlarged_heart(draws, ratio=None):
    return Finding("enlarged heart", ratio=ratio or draws.uniform(0.545, 0.64))


MAKE = {"opacity": opacity, "pleural effusion": effusion, "enlarged heart": enlarged_heart,
        "pneumothorax": pneumothorax, "nodule": nodule}


def draw_findings(draws, normal=0.35, kinds=KINDS):
    """Nothing in a share `normal` of the chests, else one to three findings of different kinds.

    A second effusion may lie on the other side; fluid and free air are never put on one side, as they would
    hide each other.
    """
    if draws.chance(normal):
        return []
    count = draws.pick((1, 2, 3), (68, 26, 6))
    found = []
    for kind in draws.shuffled(kinds)[:count]:
        found.append(MAKE[kind](draws))
    by_kind = {finding.kind: finding for finding in found}
    fluid, air = by_kind.get("pleural effusion"), by_kind.get("pneumothorax")
    if fluid and air:
        air.side = -fluid.side
    for other in found:
        if air and other.kind in ("opacity", "nodule") and other.side == air.side:
            other.side = -air.side
        if fluid and other.kind in ("opacity", "nodule") and other.side == fluid.side and other.zone == "lower":
            other.side = -fluid.side if not air else other.side
            if other.side == fluid.side:
                found = [one for one in found if one is not other]
    if fluid and not air and draws.chance(0.25):
        found.append(effusion(draws, -fluid.side, draws.pick(("small", "moderate"))))
    if fluid and fluid.extent == "large":
        found = [one for one in found if one.kind not in ("opacity", "nodule") or one.side != fluid.side]
    # A large second effusion must not hide what lies low on its side.
    low = {one.side for one in found if one.kind in ("opacity", "nodule") and one.zone == "lower"}
    kept = [one for one in found if one.kind != "pleural effusion" or one.side not in low]
    return sorted(kept, key=lambda one: (KINDS.index(one.kind), one.side))


def study_labels(findings, motion=None, sided=True):
    """The labels of a study: `normal`, or every finding with its general and its sided name.

    `motion` is None, or for a cine the sides whose half of the diaphragm moves too little.
    """
    labels = []
    for finding in findings:
        labels += [label for label in (finding.labels if sided else finding.labels[:1]) if label not in labels]
    if motion:
        labels += ["reduced diaphragm motion"] + [f"{SIDES[side]} reduced diaphragm motion" for side in motion] * sided
    labels = labels or ["normal"]
    return labels if motion is None or motion else labels + ["diaphragm moves normally"]


TEXTS = {
    "normal": ("Normal chest: clear lungs, no effusion, no pneumothorax, heart not enlarged.",
               "No abnormality is seen in the chest."),
    "opacity": ("Opacity of the lung.", "An area of increased density lies in a lung, as in consolidation."),
    "pleural effusion": ("Pleural effusion.", "Fluid lies in the pleural space and blunts the costophrenic angle."),
    "enlarged heart": ("Enlarged heart, cardiothoracic ratio above one half.", "The cardiac silhouette is enlarged."),
    "pneumothorax": ("Pneumothorax.", "Air lies between lung and chest wall; a pleural line is visible."),
    "nodule": ("Nodule of the lung.", "A small round density lies in a lung."),
    "reduced diaphragm motion": ("Reduced motion of the diaphragm.", "A dome of the diaphragm hardly moves with breathing."),
    "diaphragm moves normally": ("Both domes of the diaphragm move normally.", "Diaphragm motion is normal."),
    "unusable": ("Not of diagnostic quality.", "The picture cannot be assessed because of its quality."),
}
SIDED = {
    "opacity": ("Opacity of the {side} lung.", "Increased density lies in the {side} lung."),
    "pleural effusion": ("{side} pleural effusion.", "Fluid lies in the {side} pleural space."),
    "pneumothorax": ("{side} pneumothorax.", "Air lies between the {side} lung and the chest wall."),
    "nodule": ("Nodule of the {side} lung.", "A small round density lies in the {side} lung."),
    "reduced diaphragm motion": ("Reduced motion of the {side} hemidiaphragm.",
                                 "The {side} dome of the diaphragm hardly moves with breathing."),
}


def label_rows(sided=True):
    """Rows of labels.csv: every label with its descriptions."""
    rows = [{"label": label, "text": text} for label, texts in TEXTS.items() for text in texts]
    for label, texts in SIDED.items() if sided else ():
        for side in SIDES.values():
            said = [text.format(side=side) for text in texts]
            rows += [{"label": f"{side} {label}", "text": text[0].upper() + text[1:]} for text in said]
    return rows
