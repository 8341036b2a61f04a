"""The command line of Scripts/contributions: does `braid predict` point to the sensors that a fault really shows in?"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from .draws import Draws
from .faults import FAULTS
from .recordings import Run, csv, start_of

ROWS, FIRST = 600, 3
ROOT = Path(__file__).resolve().parents[2]


def machines(runs, seed):
    """Runs of fresh machines, as many of every fault: name, fault, the sensor that shows it, the run."""
    for number in range(runs):
        for place, fault in enumerate(name for name in FAULTS if name != "healthy"):
            run = Run(Draws(seed, number, place, 12), fault, ROWS)
            yield f"{fault.replace(' ', '-')}-{number:03d}", fault, run.sensors, run


def predict(braid, bundle, path):
    command = [braid, "predict", str(path), "--quiet"] + (["--bundle", bundle] if bundle else [])
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{' '.join(command)} ended with {done.returncode}: {done.stderr.strip()}")
    return [json.loads(line) for line in done.stdout.splitlines()]


def order(contributions):
    """Sensors by falling share. Equal shares stand in the order of the line."""
    return [name for name, _ in sorted(contributions.items(), key=lambda item: -item[1])]


class Count:
    def __init__(self):
        self.windows = self.first = self.three = 0

    def add(self, sensors, wanted):
        self.windows += 1
        self.first += sensors[0] == wanted
        self.three += wanted in sensors[:FIRST]

    def line(self, name):
        share = lambda count: f"{count / self.windows:6.1%}" if self.windows else "     –"
        return f"{name:<14} {self.windows:8} {share(self.three)} {share(self.first)}"


def measure(braid, bundle, runs, seed):
    """Counts of windows by fault, and of runs."""
    by_fault = {fault: Count() for fault in FAULTS if fault != "healthy"}
    whole = {fault: Count() for fault in by_fault}
    with tempfile.TemporaryDirectory() as folder:
        for number, (name, fault, sensors, run) in enumerate(machines(runs, seed)):
            path = Path(folder) / f"{name}.csv"
            path.write_text(csv(run.readings, start_of(number)), encoding="utf-8")
            sums = {}
            for window in predict(braid, bundle, path):
                if window["row"] <= run.onset or window["fault"] != fault or not window["alarm"]:
                    continue
                by_fault[fault].add(order(window["contributions"]), sensors[0])
                for sensor, share in window["contributions"].items():
                    sums[sensor] = sums.get(sensor, 0) + share
            if sums:
                whole[fault].add(order(sums), sensors[0])
    return by_fault, whole


def total(counts):
    out = Count()
    for count in counts.values():
        out.windows += count.windows
        out.first += count.first
        out.three += count.three
    return out


def arguments():
    parser = argparse.ArgumentParser(
        prog="contributions",
        description="Simulates machines whose faults show in known sensors and counts how often `braid predict` has the "
        "sensor that shows the fault most among the first three.")
    parser.add_argument("--braid", metavar="FILE", default=str(ROOT / ".build/release/braid"), help="the built program")
    parser.add_argument("--bundle", metavar="DIR", help="the bundle that answers (default: the one that ships)")
    parser.add_argument("--runs", metavar="N", type=int, default=20, help="machines of every fault (default 20)")
    parser.add_argument("--seed", metavar="N", type=int, default=9001, help="another seed gives other machines")
    parser.add_argument("--least", metavar="P", type=float, default=0.9, help="share to reach; below it the exit code is 1")
    parser.add_argument("--json", action="store_true", help="one object instead of the table")
    return parser


def main():
    parser = arguments()
    chosen = parser.parse_args()
    if chosen.runs < 1 or chosen.seed < 0 or not 0 <= chosen.least <= 1:
        parser.error("--runs must be at least 1, --seed must not be negative, --least lies between 0 and 1.")
    if not Path(chosen.braid).is_file():
        parser.error(f"{chosen.braid} is not there. Build it with swift build -c release --product braid, or name it with --braid.")
    windows, runs = measure(chosen.braid, chosen.bundle, chosen.runs, chosen.seed)
    every, all_runs = total(windows), total(runs)
    if not every.windows:
        print("No window was named right: there is nothing to count.", file=sys.stderr)
        return 1
    if chosen.json:
        print(json.dumps({"seed": chosen.seed, "windows": every.windows, "firstThree": every.three / every.windows,
                          "first": every.first / every.windows, "runs": all_runs.windows,
                          "firstThreeOfRuns": all_runs.three / all_runs.windows,
                          "firstOfRuns": all_runs.first / all_runs.windows,
                          "byFault": {fault: {"windows": count.windows, "firstThree": count.three, "first": count.first}
                                      for fault, count in windows.items()}}))
    else:
        print(f"{'windows':<14} {'alarms':>8} {'of 3':>6} {'first':>6}")
        for fault, count in windows.items():
            print(count.line(fault))
        print(every.line("all"))
        print(all_runs.line("whole runs"))
    return 0 if every.three >= chosen.least * every.windows else 1
