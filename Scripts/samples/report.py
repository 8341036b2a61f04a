"""True reports: what a reader should have written, put together from phrases of a language."""

from dataclasses import dataclass

from . import heldout_en, heldout_zh, phrases_en, phrases_zh

LANGUAGES = {"en": phrases_en, "zh": phrases_zh}
HELD_OUT = {"en": heldout_en, "zh": heldout_zh}


@dataclass
class Report:
    technique: str
    findings: str
    impression: str
    heading: str

    @property
    def text(self):
        return f"{self.findings}{self.heading}{self.impression}"


class Writer:
    def __init__(self, language, draws, held_out=False):
        self.words, self.draws = LANGUAGES[language], draws
        self.phrases = (HELD_OUT if held_out else LANGUAGES)[language].PHRASES

    def say(self, phrase, **slots):
        said = self.draws.pick(self.phrases[phrase]).format(**slots)
        return said[0].upper() + said[1:]

    def slots(self, finding):
        words = self.words
        return {
            "side": words.SIDES.get(finding.side, ""), "other": words.SIDES.get(-finding.side, ""),
            "zone": words.ZONES.get(finding.zone, ""), "extent": words.EXTENTS.get(finding.extent, ""),
            "pattern": words.PATTERNS.get(finding.pattern, ""), "size": int(round(finding.millimetres)),
            "ratio": f"{finding.ratio:.2f}",
        }

    def join(self, sentences):
        return self.words.BETWEEN.join(sentences)


def write(language, draws, findings, view="frontal", motion=None, held_out=False):
    """The report of one chest.

    `view` is frontal, lateral or both; from a lateral picture alone no side can be told and free air cannot
    be seen. `motion` is None, or for a cine the sides (-1, 1) whose dome moves too little.
    `held_out` takes the sentence forms that are kept for test reports.
    """
    writer = Writer(language, draws, held_out)
    sided = "" if view != "lateral" else " lateral"
    if view == "lateral":
        findings = [one for one in findings if one.kind != "pneumothorax"]
    kinds = [one.kind for one in findings]
    lungs, pleura = [], []
    for finding in findings:
        slots = writer.slots(finding)
        if finding.kind == "opacity":
            lungs.append(writer.say(f"{finding.pattern} opacity{sided}", **slots))
        elif finding.kind == "nodule":
            lungs.append(writer.say(f"nodule{sided}", **slots))
        elif finding.kind == "pneumothorax":
            pleura.append(writer.say("pneumothorax", **slots))
        elif finding.kind == "pleural effusion" and kinds.count("pleural effusion") == 1:
            pleura.append(writer.say(f"{finding.extent} effusion{sided}", **slots))
    fluid = [one for one in findings if one.kind == "pleural effusion"]
    if len(fluid) == 2:
        by_side = {one.side: writer.words.EXTENTS[one.extent] for one in fluid}
        pleura.append(writer.say(f"two effusions{sided}", right=by_side[-1], left=by_side[1]))
    affected = {one.side for one in findings if one.kind in ("opacity", "nodule")}
    if not lungs:
        lungs.append(writer.say("no lung finding"))
    elif len(affected) == 1 and view != "lateral" and draws.chance(0.5):
        lungs.append(writer.say("other lung clear", side=writer.words.SIDES[-next(iter(affected))]))
    if view == "lateral":
        if not fluid:
            pleura.append(writer.say("no effusion"))
    elif not pleura:
        pleura.append(writer.say("no pleural finding"))
    elif "pleural effusion" not in kinds:
        pleura.append(writer.say("no effusion"))
    elif "pneumothorax" not in kinds:
        pleura.append(writer.say("no pneumothorax"))
    large = [one for one in findings if one.kind == "enlarged heart"]
    heart = [writer.say("enlarged heart", **writer.slots(large[0])) if large else writer.say("normal heart")]
    rest = [writer.say("bones")] if draws.chance(0.35) else []
    if motion is not None:
        rest.append(moves(writer, motion))
    parts = [lungs, pleura, heart]
    if large and draws.chance(0.5):
        parts = [heart, lungs, pleura]
    impression = []
    for number, one in enumerate(findings):
        if sided and one.kind in kinds[:number]:
            continue  # without sides the second of a kind would say the same again
        impression.append(writer.say(f"impression {one.kind}" + (sided if one.side else ""), **writer.slots(one)))
    if motion:
        side = writer.words.SIDES[motion[0]]
        impression.append(writer.say("impression motion of both" if len(motion) == 2 else "impression motion", side=side))
    if not impression:
        impression = [writer.say("impression normal")]
    technique = writer.words.TECHNIQUE["cine" if motion is not None else view]
    return Report(technique, writer.join(sum(parts, []) + rest), writer.join(impression), writer.words.HEADING)


def moves(writer, sides):
    if not sides:
        return writer.say("normal motion")
    if len(sides) == 2:
        return writer.say("reduced motion of both")
    return writer.say("reduced motion", side=writer.words.SIDES[sides[0]])


def unusable(language, draws, kind, held_out=False):
    """What is said of a picture that cannot be read."""
    writer = Writer(language, draws, held_out)
    said = writer.say("unusable", kind=writer.words.UNUSABLE[kind])
    return Report(writer.words.TECHNIQUE["frontal"], said, writer.say("impression unusable"), writer.words.HEADING)


