"""English phrases. Every list holds phrasings of one meaning."""

SIDES = {-1: "right", 1: "left"}
ZONES = {"upper": "upper", "middle": "middle", "lower": "lower"}
EXTENTS = {"small": "small", "moderate": "moderate", "large": "large"}
PATTERNS = {"patchy": "patchy", "dense": "dense", "hazy": "hazy"}
UNUSABLE = {"blank": "no anatomy is shown", "over-exposed": "over-exposure", "under-exposed": "under-exposure",
            "cut off": "the chest is cut off", "blurred": "blurring by motion"}
TECHNIQUE = {"frontal": "Frontal radiograph of a simulated chest.",
             "lateral": "Lateral radiograph of a simulated chest.",
             "both": "Frontal and lateral radiographs of a simulated chest.",
             "cine": "Frontal fluoroscopy of a simulated chest over one breath."}
BETWEEN = " "
HEADING = " Impression: "

PHRASES = {
    "patchy opacity": [
        "There is a patchy opacity in the {side} {zone} zone.",
        "Patchy airspace opacity is seen in the {side} {zone} zone.",
        "The {side} {zone} zone shows patchy opacification.",
        "A patchy area of increased density lies in the {side} {zone} zone.",
    ],
    "dense opacity": [
        "There is a dense opacity in the {side} {zone} zone.",
        "Dense consolidation is present in the {side} {zone} zone.",
        "The {side} {zone} zone is consolidated, with a dense opacity.",
    ],
    "hazy opacity": [
        "There is a hazy opacity in the {side} {zone} zone.",
        "Hazy increased density projects over the {side} {zone} zone.",
        "The {side} {zone} zone shows a faint, hazy opacity.",
    ],
    "patchy opacity lateral": [
        "A patchy opacity projects over the {zone} zone on the lateral view.",
        "On the lateral view there is patchy opacity in the {zone} zone.",
    ],
    "dense opacity lateral": [
        "A dense opacity projects over the {zone} zone on the lateral view.",
        "On the lateral view there is dense consolidation in the {zone} zone.",
    ],
    "hazy opacity lateral": [
        "A hazy opacity projects over the {zone} zone on the lateral view.",
        "On the lateral view there is hazy density in the {zone} zone.",
    ],
    "nodule": [
        "There is a {size} mm nodule in the {side} {zone} zone.",
        "A round nodule of about {size} mm is seen in the {side} {zone} zone.",
        "The {side} {zone} zone contains a well-defined nodule measuring {size} mm.",
    ],
    "nodule lateral": [
        "A {size} mm nodule projects over the {zone} zone on the lateral view.",
        "On the lateral view a round nodule of about {size} mm is seen in the {zone} zone.",
    ],
    "small effusion": [
        "There is a small {side} pleural effusion.",
        "The {side} costophrenic angle is blunted by a small pleural effusion.",
        "A small pleural effusion is present on the {side}.",
    ],
    "moderate effusion": [
        "There is a moderate {side} pleural effusion.",
        "A moderate pleural effusion is present on the {side}, with a meniscus.",
        "A moderate {side} pleural effusion obscures the hemidiaphragm.",
    ],
    "large effusion": [
        "There is a large {side} pleural effusion.",
        "A large pleural effusion fills the lower part of the {side} hemithorax.",
        "A large {side} pleural effusion is present.",
    ],
    "small effusion lateral": [
        "A small pleural effusion blunts the posterior costophrenic angle.",
        "There is a small pleural effusion in the posterior costophrenic angle.",
    ],
    "moderate effusion lateral": [
        "There is a moderate pleural effusion posteriorly.",
        "A moderate pleural effusion covers a hemidiaphragm on the lateral view.",
    ],
    "large effusion lateral": [
        "There is a large pleural effusion on the lateral view.",
        "A large pleural effusion covers a hemidiaphragm and the lower chest.",
    ],
    "two effusions": [
        "There are bilateral pleural effusions, {right} on the right and {left} on the left.",
        "Pleural effusions are present on both sides: {right} on the right, {left} on the left.",
    ],
    "two effusions lateral": [
        "There are pleural effusions in both posterior costophrenic angles.",
        "Pleural fluid covers both hemidiaphragms on the lateral view.",
    ],
    "pneumothorax": [
        "There is a {extent} {side} pneumothorax.",
        "A visible pleural line marks a {extent} {side} pneumothorax.",
        "A {extent} pneumothorax is present on the {side}, with no lung markings beyond the pleural line.",
    ],
    "enlarged heart": [
        "The heart is enlarged, with a cardiothoracic ratio of {ratio}.",
        "The cardiac silhouette is enlarged.",
        "There is enlargement of the heart.",
    ],
    "normal heart": [
        "The heart is not enlarged.", "Heart size is normal.", "The cardiac silhouette is within normal limits.",
        "The heart and mediastinum are normal.",
    ],
    "no lung finding": [
        "The lungs are clear.", "No focal opacity or nodule is seen.", "Both lungs are clear.",
        "The lungs show no focal opacity.",
    ],
    "other lung clear": ["The {side} lung is clear.", "No opacity is seen in the {side} lung."],
    "no pleural finding": [
        "No pleural effusion or pneumothorax.", "There is no pleural effusion or pneumothorax.",
        "No pneumothorax or pleural effusion is seen.", "The costophrenic angles are sharp and there is no pneumothorax.",
    ],
    "no effusion": ["No pleural effusion.", "There is no pleural effusion.", "No pleural effusion is seen."],
    "no pneumothorax": ["No pneumothorax.", "There is no pneumothorax.", "No pneumothorax is seen."],
    "bones": ["The bony thorax is intact.", "The bones are unremarkable.", "No bony abnormality is seen."],
    "normal motion": [
        "Both domes of the diaphragm move normally.", "Diaphragm motion is normal on both sides.",
        "The diaphragm moves freely with breathing.",
    ],
    "reduced motion": [
        "Motion of the {side} hemidiaphragm is reduced.", "The {side} dome of the diaphragm hardly moves with breathing.",
        "There is reduced excursion of the {side} hemidiaphragm.",
    ],
    "reduced motion of both": [
        "Motion of both hemidiaphragms is reduced.", "Both domes of the diaphragm hardly move with breathing.",
    ],
    "unusable": ["The picture cannot be assessed because of its quality: {kind}.", "Not of diagnostic quality: {kind}."],
    "impression opacity": ["{pattern} opacity in the {side} {zone} zone.", "{side} {zone} zone opacity."],
    "impression opacity lateral": ["{pattern} opacity in the {zone} zone.", "{zone} zone opacity."],
    "impression nodule": ["{side} {zone} zone nodule, {size} mm.", "Nodule in the {side} {zone} zone."],
    "impression nodule lateral": ["{zone} zone nodule, {size} mm.", "Nodule in the {zone} zone."],
    "impression pleural effusion": ["{extent} {side} pleural effusion.", "{side} pleural effusion."],
    "impression pleural effusion lateral": ["{extent} pleural effusion.", "Pleural effusion."],
    "impression pneumothorax": ["{extent} {side} pneumothorax.", "{side} pneumothorax."],
    "impression enlarged heart": ["Enlarged heart.", "Cardiomegaly."],
    "impression motion": ["Reduced motion of the {side} hemidiaphragm."],
    "impression motion of both": ["Reduced motion of both hemidiaphragms."],
    "impression normal": [
        "Normal chest radiograph.", "No acute cardiopulmonary abnormality.", "No abnormality of heart, lungs or pleura.",
    ],
    "impression unusable": ["Repeat the examination."],
}
