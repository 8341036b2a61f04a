"""Writes Tests/Fixtures/Transport/transport.json with NumPy and SciPy: plans of optimal transport with entropy, found by
maximising the dual problem instead of by scaling rows and columns, and the pseudo-captions that follow from them.

Run from the package's root: python Scripts/reference/transport_fixtures.py
"""
import json
import pathlib

import numpy as np
from scipy.optimize import minimize
from scipy.special import log_softmax, logsumexp

rng = np.random.default_rng(7)


def f32(values):
    """The same numbers that Swift reads into Float."""
    return np.asarray(values, dtype=np.float32).astype(np.float64)


def plan(costs, regularisation):
    sources, sinks = costs.shape
    a, b = np.full(sources, 1 / sources), np.full(sinks, 1 / sinks)

    def negative_dual(f):
        # The semi-dual: the sinks' potential that fits f best is known.
        g = -regularisation * logsumexp((f[:, None] - costs) / regularisation, axis=0) + regularisation * np.log(b)
        p = np.exp((f[:, None] + g[None] - costs) / regularisation)
        return -(f @ a + g @ b), p.sum(1) - a

    found = minimize(negative_dual, np.zeros(sources), jac=True, method="BFGS", options={"gtol": 1e-10, "maxiter": 5000})
    f = found.x
    g = -regularisation * logsumexp((f[:, None] - costs) / regularisation, axis=0) + regularisation * np.log(b)
    p = np.exp((f[:, None] + g[None] - costs) / regularisation)
    assert abs(p.sum(1) - a).max() < 1e-7, abs(p.sum(1) - a).max()
    return p


def unit(shape):
    x = rng.normal(size=shape)
    return f32(x / np.linalg.norm(x, axis=1, keepdims=True))


def captions():
    inputs, texts = unit((9, 6)), unit((4, 6))
    bare, captioned, scale, regularisation = [1, 2, 5, 8], [0, 3, 4, 6, 7], 2.0, 0.2
    positives = np.zeros((5, 4), bool)
    positives[[0, 1, 2, 3, 4], [0, 1, 2, 1, 3]] = True
    positives[2, 0] = True
    moved = plan(1 - inputs[bare] @ inputs[captioned].T, regularisation)
    moved /= moved.sum(1, keepdims=True)
    shares = moved @ (positives / positives.sum(1, keepdims=True))
    loss = -(shares * log_softmax(np.exp(scale) * inputs[bare] @ texts.T, axis=1)).sum(1).mean()
    return {
        "inputs": inputs.tolist(), "texts": texts.tolist(), "bare": bare, "captioned": captioned, "logScale": scale,
        "regularisation": regularisation, "positives": positives.tolist(), "shares": shares.tolist(), "loss": float(loss),
    }


plans = []
for sources, sinks, regularisation in [(3, 5, 0.1), (6, 4, 0.05), (1, 3, 0.5), (5, 5, 1.0)]:
    costs = f32(rng.uniform(0, 1, (sources, sinks)))
    plans.append(
        {"costs": costs.tolist(), "regularisation": regularisation, "plan": plan(costs, regularisation).tolist()})
out = pathlib.Path("Tests/Fixtures/Transport")
out.mkdir(parents=True, exist_ok=True)
(out / "transport.json").write_text(json.dumps({"plans": plans, "captions": captions()}) + "\n")
