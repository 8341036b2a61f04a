"""The command line of Scripts/make-samples."""

import argparse
import json
import shutil
import sys
import tempfile
from pathlib import Path

from .check import compare, files
from .mixed import make_mixed
from .sensors import make_sensors
from .studies import SEED, make_scans
from .training import make_training

SAMPLES = Path(__file__).resolve().parents[2] / "Samples"
FOLDERS = ("scans", "sensors", "mixed", "phantoms")
ABOUT = "Simulated chests; no patient. Boxes are x, y, width, height in pixels; text is the true report."


def make_samples(folder):
    """Writes all samples into `folder`, which must not hold them yet."""
    studies = make_scans(folder / "scans")
    save(folder / "scans/truth.json", {"about": ABOUT, "seed": SEED, "studies": studies})
    rows, truth = make_sensors(folder / "sensors")
    save(folder / "sensors/truth.json", truth)
    make_mixed(folder, rows)


def save(path, value):
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def size(folder):
    return sum((folder / name).stat().st_size for name in files(folder)) / 1e6


def check():
    """Makes the samples again and compares them; 0 when they are the same."""
    with tempfile.TemporaryDirectory() as made:
        make_samples(Path(made))
        kept = {name: compare(SAMPLES / name, Path(made) / name) for name in FOLDERS}
    problems, recoded = 0, 0
    for name, (missing, surplus, different, other) in kept.items():
        for what, found in (("missing", missing), ("in surplus", surplus), ("different", different)):
            for path in found:
                print(f"Samples/{name}/{path}: {what}")
                problems += 1
        recoded += len(other)
    count = sum(len(files(SAMPLES / name)) for name in FOLDERS)
    if problems:
        print(f"Samples differ from what Scripts/make-samples makes in {problems} files. Run it without --check.")
        return 1
    note = f"; {recoded} of them have the same content, written by another encoder" if recoded else ""
    print(f"Samples are as made: {count} files, {sum(size(SAMPLES / name) for name in FOLDERS):.2f} MB{note}.")
    return 0


def write_again():
    with tempfile.TemporaryDirectory(dir=SAMPLES.parent) as made:
        make_samples(Path(made))
        SAMPLES.mkdir(exist_ok=True)
        for name in FOLDERS:
            shutil.rmtree(SAMPLES / name, ignore_errors=True)
            shutil.move(str(Path(made) / name), str(SAMPLES / name))
    print(f"Wrote {SAMPLES}: {size(SAMPLES):.2f} MB.")
    return 0


def self_test():
    import unittest

    found = unittest.defaultTestLoader.discover(str(Path(__file__).parent / "tests"), top_level_dir=str(SAMPLES.parent / "Scripts"))
    return 0 if unittest.TextTestRunner(verbosity=1).run(found).wasSuccessful() else 1


def arguments():
    parser = argparse.ArgumentParser(
        prog="make-samples", description="Writes Samples/ again, or a training set of simulated chests and machines.")
    parser.add_argument("--check", action="store_true", help="compare Samples/ with what would be written; change nothing")
    parser.add_argument("--self-test", action="store_true", help="test the physics and the files that this program makes")
    parser.add_argument("--training", metavar="DIR", type=Path, help="write a training set into DIR, a new folder")
    parser.add_argument("--count", metavar="N", type=int, default=4000, help="pictures of the training set (default 4000)")
    parser.add_argument("--cines", metavar="N", type=int, help="clips of the training set (default a tenth of --count)")
    parser.add_argument("--runs", metavar="N", type=int, help="machine runs (default a twentieth of --count, 7 or more)")
    parser.add_argument("--seed", metavar="N", type=int, default=1, help="another seed gives another training set")
    parser.add_argument("--language", choices=("en", "zh"), default="en", help="language of the training set's reports")
    parser.add_argument("--quiet", action="store_true", help="no progress")
    return parser


def main():
    parser = arguments()
    chosen = parser.parse_args()
    if sum(map(bool, (chosen.check, chosen.self_test, chosen.training))) > 1:
        parser.error("--check, --self-test and --training are three different jobs. Name one.")
    if chosen.count < 1 or chosen.seed < 0 or min(chosen.cines or 0, chosen.runs or 0) < 0:
        parser.error("--count must be at least 1; --cines, --runs and --seed must not be negative.")
    if chosen.self_test:
        return self_test()
    if not chosen.training:
        return check() if chosen.check else write_again()
    if chosen.training.exists() and (not chosen.training.is_dir() or any(chosen.training.iterdir())):
        print(f"{chosen.training} is not empty. Name a new folder, or remove what is there.", file=sys.stderr)
        return 1
    make_training(chosen.training, chosen.count, chosen.seed, chosen.language, chosen.cines, chosen.runs, chosen.quiet)
    print(f"Wrote {chosen.training / 'manifest.csv'}.")
    return 0
