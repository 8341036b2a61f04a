"""Conformal intervals by NumPy: Tests/Fixtures/Calibration/conformal.json.

    python Scripts/reference/conformal_fixtures.py

420 rows whose error grows with the prediction; ranges of the prediction of equal count (four of them: one for every
hundred rows), in each the 95 % quantiles of how far the truth lies below and above, with the correction for finite samples:
the ceil(0.95 (n + 1))-th smallest.
"""
import json
from pathlib import Path

import numpy as np

r = np.random.default_rng(5)
predicted = np.round(r.uniform(5, 120, 420), 3)
truth = np.round(np.maximum(0, predicted + r.gamma(2, 1, 420) * predicted / 10 - predicted / 8), 3)
ranges = 4
ordered = np.sort(predicted)
edges = [ordered[k * len(ordered) // ranges] for k in range(1, ranges)]
where = np.searchsorted(edges, predicted, side="right")


def quantile(values):
    return float(np.sort(values)[int(np.ceil(0.95 * (len(values) + 1))) - 1])


errors = truth - predicted
below = [quantile(-errors[where == k]) for k in range(ranges)]
above = [quantile(errors[where == k]) for k in range(ranges)]
asked = [6.0, 40.0, 119.0]
bounds = []
for value in asked:
    k = int(np.searchsorted(edges, value, side="right"))
    bounds.append([max(0.0, value - below[k]), value + above[k]])
out = {"predicted": predicted.tolist(), "truth": truth.tolist(), "edges": edges, "below": below, "above": above,
       "asked": asked, "bounds": bounds}
path = Path(__file__).resolve().parents[2] / "Tests/Fixtures/Calibration/conformal.json"
path.write_text(json.dumps(out) + "\n")
