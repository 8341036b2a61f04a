"""Writes Tests/Fixtures/Intervals/intervals.json with NumPy and scikit-learn: bootstrap intervals of figures where whole
groups are drawn, computed on the rows that were drawn, and principal components.

Run from the package's root: python Scripts/reference/interval_fixtures.py
"""
import json
import pathlib
import warnings

import numpy as np
from sklearn import metrics

warnings.simplefilter("ignore")
rng = np.random.default_rng(11)
RESAMPLES = 1000


def f32(values):
    """The same numbers that Swift reads into Float."""
    return np.asarray(values, dtype=np.float32).astype(np.float64)


def draws(units):
    """Rows of each draw: units by SplitMix64 with the high half of a product as index."""
    count, mask, state = max(units) + 1, (1 << 64) - 1, 0
    members = [np.flatnonzero(np.asarray(units) == unit) for unit in range(count)]
    for _ in range(RESAMPLES):
        rows = []
        for _ in range(count):
            state = (state + 0x9E3779B97F4A7C15) & mask
            z = state
            z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & mask
            z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & mask
            rows.append(members[((z ^ (z >> 31)) * count) >> 64])
        yield np.concatenate(rows)


def numbered(names):
    """Numbers in the order in which names appear."""
    known = {}
    return [known.setdefault(name, len(known)) for name in names]


def intervals(units, figures):
    found = {}
    for rows in draws(units):
        for name, value in figures(rows).items():
            if value is not None:
                found.setdefault(name, []).append(value)
    return {name: [float(q) for q in np.quantile(values, [0.025, 0.975])] for name, values in found.items()}


def ece(confidence, correct, bins=15):
    place = np.clip(np.ceil(confidence * bins).astype(int) - 1, 0, bins - 1)
    total = 0.0
    for b in range(bins):
        inside = place == b
        if inside.any():
            total += inside.mean() * abs(correct[inside].mean() - confidence[inside].mean())
    return float(total)


def macro_auroc(positive, scores):
    values = [
        metrics.roc_auc_score(positive[:, c], scores[:, c])
        for c in range(scores.shape[1]) if 0 < positive[:, c].sum() < len(positive)
    ]
    return float(np.mean(values)) if values else None


def exclusive():
    groups = [f"g{i}" for i in rng.integers(0, 14, 110)]
    truth = rng.integers(0, 4, 110)
    raw = np.round(rng.normal(size=(110, 4)) + 1.3 * np.eye(4)[truth], 1)
    p = f32(np.exp(raw) / np.exp(raw).sum(1, keepdims=True))

    def figures(rows):
        t, q = truth[rows], p[rows]
        answer = q.argmax(1)
        return {
            "accuracy": metrics.accuracy_score(t, answer), "balancedAccuracy": metrics.balanced_accuracy_score(t, answer),
            "macroF1": metrics.f1_score(t, answer, average="macro"), "auroc": macro_auroc(np.eye(4)[t], q),
            "ece": ece(q.max(1), answer == t),
        }

    return {"groups": groups, "truth": np.eye(4)[truth].tolist(), "p": p.tolist(), "intervals": intervals(numbered(groups), figures)}


def several():
    truth = (rng.random((60, 3)) < [0.5, 0.3, 0.1]).astype(int)
    p = f32(1 / (1 + np.exp(-np.round(rng.normal(size=(60, 3)) + 2 * truth - 1, 1))))

    def figures(rows):
        t, q = truth[rows], p[rows]
        said = q >= 0.5
        f1 = [
            2 * (said[:, c] & (t[:, c] == 1)).sum() / (said[:, c].sum() + t[:, c].sum())
            for c in range(3) if said[:, c].sum() + t[:, c].sum() > 0
        ]
        return {
            "accuracy": float((said == t).mean()), "macroF1": float(np.mean(f1)), "auroc": macro_auroc(t, q),
            "ece": ece(f32(np.maximum(q, 1 - q)).ravel(), (said == t).ravel()),
        }

    return {"truth": truth.tolist(), "p": p.tolist(), "intervals": intervals(list(range(60)), figures)}


def numbers():
    groups = [f"engine {i // 5}" for i in range(45)]
    truth = f32(rng.integers(0, 125, 45))
    predicted = f32(truth + rng.normal(scale=12, size=45))

    def figures(rows):
        return {"rmse": float(np.sqrt(np.mean((predicted[rows] - truth[rows]) ** 2)))}

    return {
        "groups": groups, "truth": truth.tolist(), "predicted": predicted.tolist(),
        "intervals": intervals(numbered(groups), figures),
    }


def components():
    points = f32(rng.normal(size=(40, 6)) * [3, 1.5, 0.6, 0.4, 0.2, 0.1] @ np.linalg.qr(rng.normal(size=(6, 6)))[0] + 2)
    text = f32(rng.normal(size=6))
    mean = points.mean(0)
    _, sizes, axes = np.linalg.svd(points - mean, full_matrices=False)
    axes = axes[:2] * np.sign(axes[:2][np.arange(2), np.abs(axes[:2]).argmax(1)])[:, None]
    return {
        "points": points.tolist(), "text": text.tolist(), "places": ((points - mean) @ axes.T).tolist(),
        "textPlace": ((text - mean) @ axes.T).tolist(), "spread": (sizes**2 / (sizes**2).sum())[:2].tolist(),
    }


out = pathlib.Path("Tests/Fixtures/Intervals")
out.mkdir(parents=True, exist_ok=True)
(out / "intervals.json").write_text(
    json.dumps(
        {
            "resamples": RESAMPLES, "exclusive": exclusive(), "several": several(), "numbers": numbers(),
            "components": components(),
        }
    ) + "\n"
)
