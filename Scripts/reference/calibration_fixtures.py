"""Writes Tests/Fixtures/Calibration/calibration.json with SciPy and scikit-learn.

Run from the package's root: python Scripts/reference/calibration_fixtures.py
"""
import json
import pathlib

import numpy as np
from scipy.optimize import minimize, minimize_scalar
from scipy.special import expit, log_softmax
from scipy.stats import entropy
from sklearn.isotonic import IsotonicRegression

rng = np.random.default_rng(3)


def f32(values):
    return np.asarray(values, dtype=np.float32).astype(np.float64)


def temperature():
    """Truth drawn from softmax(logits / 2.5): the logits are too sure by that factor."""
    logits = f32(rng.normal(scale=4, size=(600, 4)))
    p = np.exp(log_softmax(logits / 2.5, axis=1))
    truth = np.array([rng.choice(4, p=row) for row in p])
    rows = np.arange(600)
    best = minimize_scalar(
        lambda t: -log_softmax(logits / t, axis=1)[rows, truth].sum(), bounds=(0.05, 20), method="bounded",
        options={"xatol": 1e-12},
    ).x
    return {"logits": logits.flatten().tolist(), "truth": truth.tolist(), "temperature": best}


def platt():
    x = f32(rng.normal(loc=-1, scale=3, size=400))
    y = rng.random(400) < expit(0.6 * x - 0.9)
    n = y.sum()
    smooth = np.where(y, (n + 1) / (n + 2), 1 / (400 - n + 2))

    def fit(targets, offset=True):
        def loss(w):
            z = w[0] * x + (w[1] if offset else 0)
            return np.sum(np.maximum(z, 0) - z * targets + np.log1p(np.exp(-np.abs(z))))

        return minimize(loss, [1.0, 0.0] if offset else [1.0], method="BFGS", options={"gtol": 1e-9}).x.tolist()

    return {
        "logits": x.tolist(), "positive": y.tolist(), "likelihood": fit(y.astype(float)), "smoothed": fit(smooth),
        "temperature": fit(smooth, offset=False),
    }


def isotonic():
    x = f32(np.round(rng.normal(size=150), 1))
    y = (rng.random(150) < expit(2 * x)).astype(float)
    model = IsotonicRegression(out_of_bounds="clip").fit(x, y)
    at = np.concatenate([np.linspace(-4, 4, 161), x])
    return {"scores": x.tolist(), "targets": y.tolist(), "at": at.tolist(), "values": model.predict(at).tolist()}


def entropies():
    p = f32(rng.dirichlet([0.7] * 5, size=20))
    return {"p": p.tolist(), "entropy": [float(-(r * np.log(r)).sum() / np.log(5)) for r in p],
            "scipy": (entropy(p, axis=1) / np.log(5)).tolist()}


out = pathlib.Path("Tests/Fixtures/Calibration")
out.mkdir(parents=True, exist_ok=True)
(out / "calibration.json").write_text(
    json.dumps({"temperature": temperature(), "platt": platt(), "isotonic": isotonic(), "entropies": entropies()}) + "\n"
)
