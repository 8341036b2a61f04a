"""Writes the validation part of a manifest of images as another hospital might have taken it, to see what a bundle is worth
there without touching any test part.

    python Scripts/reference/shift_validation.py MANIFEST --out FOLDER
    braid evaluate FOLDER/manifest.csv --bundle B --split val

One picture in four each: histogram equalised; gamma 0.55 or 1.8; a part of 74 % of the side brought to the whole; blurred by
a Gaussian of 3 % of the side. Training's own changes (`augmentation.images`) do not equalise at all and reach less far in the
others. Needs numpy and Pillow.
"""
import argparse, csv, shutil
from pathlib import Path

import numpy as np
from PIL import Image, ImageFilter, ImageOps

p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
p.add_argument("manifest", type=Path)
p.add_argument("--out", type=Path, required=True)
a = p.parse_args()
rng = np.random.default_rng(5)
(a.out / "images").mkdir(parents=True, exist_ok=True)
rows = [row for row in csv.DictReader(a.manifest.open(newline="")) if row["split"] == "val"]
with (a.out / "manifest.csv").open("w", newline="") as file:
    writer = csv.DictWriter(file, rows[0].keys())
    writer.writeheader()
    for index, row in enumerate(rows):
        image = Image.open((a.manifest.parent / row["image"]).resolve()).convert("L")
        width, height = image.size
        match index % 4:
            case 0: image = ImageOps.equalize(image)
            case 1:
                gamma = float(rng.choice([0.55, 1.8]))
                image = image.point(lambda value: int(255 * (value / 255) ** gamma))
            case 2:
                left, top = rng.uniform(0, 0.26, 2)
                box = (int(left * width), int(top * height), int((0.74 + left) * width), int((0.74 + top) * height))
                image = image.crop(box).resize((width, height), Image.BILINEAR)
            case _: image = image.filter(ImageFilter.GaussianBlur(0.03 * min(width, height)))
        image.save(a.out / "images" / f"{index}.png")
        writer.writerow(row | {"id": f"{row['id']}-{index % 4}", "image": f"images/{index}.png"})
if (a.manifest.parent / "labels.csv").exists(): shutil.copy(a.manifest.parent / "labels.csv", a.out)
