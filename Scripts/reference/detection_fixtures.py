"""Writes Tests/Fixtures/Detection/detection.json with NumPy: principal components of normal operation, T2, Q and distance of
fresh rows, contributions, gaps filled by conditional means, limits from held-out blocks, p-values and followed levels.

Run from the package's root: python Scripts/reference/detection_fixtures.py
"""
import json
import pathlib

import numpy as np

rng = np.random.default_rng(5)
ROWS, SIZE, WINDOW, FLOOR, RATE = 160, 5, 4, 0.01, 0.05
STATISTICS = ("t2", "q", "distance")


def f32(values):
    """The same numbers that Swift reads into Float."""
    return np.asarray(values, dtype=np.float32).astype(np.float64)


class Model:
    def __init__(self, rows, known=None):
        self.mean, self.deviation = rows.mean(0), rows.std(0)
        if known is not None: self.deviation = np.maximum(self.deviation, 0.1 * known)
        points = (rows - self.mean) / self.deviation
        self.rows = len(rows)
        self.matrix = points.T @ points / (len(rows) - 1)
        values, vectors = np.linalg.eigh(self.matrix)
        self.variances, self.vectors = values[::-1], vectors[:, ::-1]
        self.principal = max(1, int(np.sum(self.variances > (1 + np.sqrt(SIZE / len(rows))) ** 2)))
        first, last = self.vectors[:, : self.principal], self.vectors[:, self.principal:]
        self.forms = {
            "t2": first @ np.diag(1 / self.variances[: self.principal]) @ first.T,
            "q": last @ last.T,
            "distance": np.linalg.inv(self.matrix + FLOOR * np.eye(SIZE)),
        }

    def points(self, rows): return (rows - self.mean) / self.deviation

    def value(self, name, point): return float(point @ self.forms[name] @ point)

    def contributions(self, name, point):
        form = self.forms[name]
        return [float((form[i] @ point) ** 2 / form[i, i]) for i in range(SIZE)]

    def freedom(self, name):
        return {"t2": self.principal, "q": SIZE - self.principal, "distance": float(np.sum(self.variances / (self.variances + FLOOR)))}[name]


def limit(scores, rate): return float(np.sort(scores)[min(len(scores), int(np.ceil((len(scores) + 1) * (1 - rate) - 1e-12))) - 1])


def looks(statistics): return [(name, rows) for rows in (1, max(1, WINDOW // 4), WINDOW) for name in STATISTICS if name in statistics]


def held_out(rows, whole, kinds, blocks):
    scores = {kind: [] for kind in kinds}
    count = len(rows)
    for block in range(blocks):
        start, end = block * count // blocks, (block + 1) * count // blocks
        kept = np.vstack([rows[: max(0, start - WINDOW)], rows[min(count, end + WINDOW):]])
        part = Model(kept, whole.deviation)
        points = part.points(rows[start:end])
        for name, length in kinds:
            p = whole.freedom(name)
            mean = lambda n: (n * n - 1) / (n * max(4, n - p - 2))
            correction = 1 if name == "q" else max(1, min(1.25, mean(part.rows) / mean(whole.rows)))
            for row in range(WINDOW - 1, len(points)):
                scores[name, length].append(length * part.value(name, points[row - length + 1: row + 1].mean(0)) / correction)
    return scores


def learned(rows, statistics):
    whole = Model(rows)
    kinds = list(dict.fromkeys(looks(statistics)))
    trials = [held_out(rows, whole, kinds, blocks) for blocks in sorted({2, max(2, min(5, len(rows) // (3 * WINDOW)))})]
    scales = {kind: max(limit(trial[kind], RATE) for trial in trials) for kind in kinds}
    joined = [np.max([np.array(trial[kind]) / scales[kind] for kind in kinds], 0) for trial in trials]
    limits = [limit(scores, RATE) for scores in joined]
    best = int(np.argmax(limits))
    return whole, kinds, scales, limits[best], joined[best] / limits[best]


mixing = rng.normal(size=(2, SIZE))
normal = f32(10 + 3 * rng.normal(size=(ROWS, 2)) @ mixing + 0.3 * rng.normal(size=(ROWS, SIZE)))
fresh = f32(10 + 3 * rng.normal(size=(12, 2)) @ mixing + 0.3 * rng.normal(size=(12, SIZE)))
fresh[8:, 3] = f32(fresh[8:, 3] + 2.5)
model = Model(normal)
points = model.points(fresh)

gapped, filled = points.copy(), []
for row, missing in ((0, [1]), (1, [0, 4]), (2, [2, 3])):
    there = [i for i in range(SIZE) if i not in missing]
    covariance = model.matrix + FLOOR * np.eye(SIZE)
    expected = covariance[np.ix_(missing, there)] @ np.linalg.solve(covariance[np.ix_(there, there)], points[row, there])
    full = points[row].copy()
    full[missing] = expected
    filled.append({"row": row, "missing": missing, "filled": full.tolist()})

cases = []
for statistics in (["distance"], ["t2", "q"], ["t2", "q", "distance"]):
    whole, kinds, scales, top, tail = learned(normal, statistics)
    scored = []
    for end in range(WINDOW, len(fresh) + 1):
        window = whole.points(fresh[end - WINDOW: end])
        found = {kind: kind[1] * whole.value(kind[0], window[-kind[1]:].mean(0)) / scales[kind] for kind in kinds}
        kind = max(found, key=found.get)
        parts = np.array(whole.contributions(kind[0], window[-kind[1]:].mean(0)))
        score = found[kind] / top
        scored.append({"score": score, "share": (1 + int(np.sum(tail >= score))) / (len(tail) + 1), "statistic": kind[0], "rows": kind[1], "contributions": (parts / parts.sum()).tolist()})
    cases.append({"statistics": statistics, "scales": [scales[k] for k in kinds], "limit": top, "heldOut": len(tail), "verdicts": scored})

course = f32(np.cumsum(0.2 * rng.normal(size=60)) + rng.normal(size=60))
levels, level = [], course[0]
for count, value in enumerate(course, 1):
    levels.append(float(level))
    level += max(0.05, 1 / count) * np.clip(value - level, -3 * 0.8, 3 * 0.8)

out = pathlib.Path("Tests/Fixtures/Detection/detection.json")
out.parent.mkdir(parents=True, exist_ok=True)
out.write_text(json.dumps({
    "size": SIZE, "window": WINDOW, "floor": FLOOR, "rate": RATE, "normal": normal.ravel().tolist(), "fresh": fresh.ravel().tolist(),
    "means": model.mean.tolist(), "deviations": model.deviation.tolist(), "variances": model.variances.tolist(), "principal": model.principal,
    "values": {name: [model.value(name, p) for p in points] for name in STATISTICS},
    "contributions": {name: [model.contributions(name, p) for p in points] for name in STATISTICS},
    "filled": filled, "cases": cases, "course": course.tolist(), "levels": levels,
}) + "\n")
