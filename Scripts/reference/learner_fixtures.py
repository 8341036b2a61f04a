"""Writes Tests/Fixtures/Learners/learners.json with scikit-learn and SciPy.

Run from the package's root: python Scripts/reference/learner_fixtures.py
"""
import json
import pathlib
import warnings

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax, softmax
from sklearn.datasets import make_classification, make_friedman1, make_moons
from sklearn.ensemble import ExtraTreesClassifier, ExtraTreesRegressor
from sklearn.linear_model import LogisticRegression, Ridge

warnings.simplefilter("ignore")
rng = np.random.default_rng(11)


def rounded(values):
    """Few digits in the file; the same numbers that Swift reads into Float."""
    return np.asarray(np.round(values, 3), dtype=np.float32).astype(np.float64)


def short(x):
    """The same, as they are written: three digits read as the same Float."""
    return np.round(x, 3).tolist()


def scale(x):
    """Mean squared length of a centred row."""
    return ((x - x.mean(0)) ** 2).sum() / len(x)


def rows(n, d, classes):
    labels = np.arange(n) % classes
    x = rng.normal(size=(n, d)) + 0.7 * rng.normal(size=(classes, d))[labels]
    x = (x - x.mean(0)) / x.std(0) + 0.1 * rng.normal(size=d)  # not quite centred
    return rounded(np.clip(x, -5, 5)), labels, rng.integers(0, 4, n)


def held_out(make, x, y, folds):
    result = np.zeros((len(x),) + y.shape[1:])
    for fold in np.unique(folds):
        result[folds == fold] = make(x[folds != fold], y[folds != fold]).predict(x[folds == fold])
    return result


def ridge_classes(n, d, classes):
    x, labels, folds = rows(n, d, classes)
    y = np.where(labels[:, None] == np.arange(classes), 1.0, -1.0)
    best = None
    for share in 10 ** np.linspace(-3, 3, 10):
        alpha = share * scale(x)
        scores = held_out(lambda a, b: Ridge(alpha=alpha).fit(a, b), x, y, folds)

        def loss(log_t):
            return -log_softmax(scores / np.exp(log_t), axis=1)[np.arange(n), labels].sum()

        size = np.log(scores.std())
        found = minimize_scalar(loss, bounds=(size + np.log(0.05), size + np.log(20)), method="bounded",
                                options={"xatol": 1e-10})
        if best is None or found.fun < best[0]:
            best = (found.fun, alpha, float(np.exp(found.x)))
    model = Ridge(alpha=best[1]).fit(x, y)
    scores = model.predict(x)
    return {"x": short(x), "labels": labels.tolist(), "folds": folds.tolist(), "classes": classes,
            "strength": best[1], "temperature": best[2], "coefficients": model.coef_.tolist(),
            "scores": scores.tolist(), "probabilities": softmax(scores / best[2], axis=1).tolist()}


def logistic(n, d, classes):
    x, labels, folds = rows(n, d, classes)
    # With two classes scikit-learn fits one set of weights, the difference of the two: half as much is penalised.
    c = 2 if classes == 2 else 1
    losses = []
    strengths = 10.0 ** np.arange(-4, 2) * scale(x)
    for strength in strengths:
        total = 0.0
        for fold in np.unique(folds):
            model = LogisticRegression(C=c / strength, tol=1e-10, max_iter=10000).fit(x[folds != fold], labels[folds != fold])
            p = model.predict_proba(x[folds == fold])
            total -= np.log(p[np.arange(len(p)), labels[folds == fold]]).sum()
        losses.append(total)
    strength = strengths[int(np.argmin(losses))]
    model = LogisticRegression(C=c / strength, tol=1e-10, max_iter=10000).fit(x, labels)
    return {"x": short(x), "labels": labels.tolist(), "folds": folds.tolist(), "classes": classes,
            "strength": strength, "probabilities": model.predict_proba(x).tolist()}


def ridge_number(n, d):
    x, _, folds = rows(n, d, 2)
    y = rounded(x[:, :3].sum(1) + rng.normal(size=n) + 4)
    errors = []
    strengths = 10 ** np.linspace(-3, 3, 10) * scale(x)
    for alpha in strengths:
        guess = held_out(lambda a, b: Ridge(alpha=alpha).fit(a, b), x, y, folds)
        errors.append(((guess - y) ** 2).sum())
    alpha = strengths[int(np.argmin(errors))]
    model = Ridge(alpha=alpha).fit(x, y)
    return {"x": short(x), "targets": short(y), "folds": folds.tolist(), "strength": alpha,
            "coefficients": model.coef_.tolist(), "values": model.predict(x).tolist()}


def forest(x, y, train, make, score):
    """The mean over ten seeds of what scikit-learn reaches on the rows not learnt from."""
    reached = [score(make(seed).fit(x[:train], y[:train]), x[train:], y[train:]) for seed in range(10)]
    return {"x": short(x), "y": short(y), "train": train, "reached": float(np.mean(reached))}


def score(model, x, y):
    return model.score(x, y)


def trees():
    moons_x, moons_y = make_moons(700, noise=0.3, random_state=3)
    wide_x, wide_y = make_classification(
        500, 40, n_informative=6, n_redundant=4, n_classes=3, n_clusters_per_class=1, class_sep=0.8, random_state=5)
    fried_x, fried_y = make_friedman1(800, noise=1.0, random_state=7)
    standard = lambda x: rounded((x - x.mean(0)) / x.std(0))
    return {
        "moons": forest(standard(moons_x), moons_y, 300, lambda s: ExtraTreesClassifier(
            200, criterion="entropy", max_features=2, random_state=s), score),
        "wide": forest(standard(wide_x), wide_y, 200, lambda s: ExtraTreesClassifier(
            200, criterion="entropy", max_features=12, min_samples_leaf=2, random_state=s), score),
        "friedman": forest(standard(fried_x), rounded(fried_y), 300, lambda s: ExtraTreesRegressor(
            200, max_features=10, min_samples_leaf=2, random_state=s), score),
    }


def main():
    out = pathlib.Path("Tests/Fixtures/Learners/learners.json")
    out.parent.mkdir(parents=True, exist_ok=True)
    result = {
        "ridgeDual": ridge_classes(36, 50, 3), "ridgePrimal": ridge_classes(60, 7, 4),
        "logisticDual": logistic(36, 50, 3), "logisticPrimal": logistic(60, 7, 2),
        "numberDual": ridge_number(30, 45), "numberPrimal": ridge_number(60, 9), "trees": trees(),
    }
    out.write_text(json.dumps(result, separators=(",", ":")))
    for name in result["trees"]:
        print(name, result["trees"][name]["reached"])


main()
