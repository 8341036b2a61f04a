"""Writes Tests/Fixtures/Metrics/metrics.json with scikit-learn, sacrebleu, nltk and NumPy.

Run from the package's root: python Scripts/reference/metrics_fixtures.py
"""
import json
import pathlib
import warnings

import numpy as np
from nltk.translate.bleu_score import corpus_bleu
from sacrebleu.metrics import BLEU
from sklearn import metrics

warnings.simplefilter("ignore")
rng = np.random.default_rng(5)


def f32(values):
    """The same numbers that Swift reads into Float."""
    return np.asarray(values, dtype=np.float32).astype(np.float64)


def classification():
    truth = rng.integers(0, 5, 200)
    predicted = np.where(rng.random(200) < 0.6, truth, rng.integers(0, 6, 200))
    truth[truth == 4] = 3  # class 4 and 5 are predicted but never true
    return {
        "truth": truth.tolist(), "predicted": predicted.tolist(),
        "accuracy": metrics.accuracy_score(truth, predicted),
        "balanced": metrics.balanced_accuracy_score(truth, predicted),
        "macroF1": metrics.f1_score(truth, predicted, average="macro"),
        "confusion": metrics.confusion_matrix(truth, predicted, labels=range(6)).tolist(),
    }


def ranking():
    positive = rng.random(300) < 0.3
    scores = f32(np.round(rng.normal(size=300) + positive, 1))  # rounding makes ties
    truth = rng.integers(0, 4, 150)
    raw = rng.normal(size=(150, 4)) + 1.5 * np.eye(4)[truth]
    raw = np.round(raw, 2)
    probabilities = f32(np.exp(raw) / np.exp(raw).sum(1, keepdims=True))
    exact = probabilities / probabilities.sum(1, keepdims=True)
    return {
        "scores": scores.tolist(), "positive": positive.tolist(),
        "auroc": metrics.roc_auc_score(positive, scores),
        "ap": metrics.average_precision_score(positive, scores),
        "truth": truth.tolist(), "probabilities": probabilities.flatten().tolist(),
        "macroAUROC": float(np.mean([metrics.roc_auc_score(truth == c, probabilities[:, c]) for c in range(4)])),
        "brierMulti": float(np.mean(np.sum((probabilities - np.eye(4)[truth]) ** 2, axis=1))),
        "brierScikit": metrics.brier_score_loss(np.eye(4)[truth].argmax(1), exact, labels=range(4), scale_by_half=False),
        "ece": ece(probabilities.max(1), probabilities.argmax(1) == truth),
    }


def ece(confidence, correct, bins=15):
    """Guo et al. 2017, written as in the paper: sum over bins of share times |accuracy - confidence|."""
    edges = np.linspace(0, 1, bins + 1)
    total = 0.0
    for low, high in zip(edges[:-1], edges[1:]):
        inside = (confidence > low) & (confidence <= high)
        if inside.any():
            total += inside.mean() * abs(correct[inside].mean() - confidence[inside].mean())
    return float(total)


def binary():
    p = f32(rng.random(120))
    y = rng.random(120) < p
    return {"p": p.tolist(), "y": y.tolist(), "brier": metrics.brier_score_loss(y, p)}


def regression():
    truth = f32(rng.integers(0, 125, 80))
    predicted = f32(truth + rng.normal(scale=15, size=80))
    d = predicted - truth
    return {
        "truth": truth.tolist(), "predicted": predicted.tolist(),
        "rmse": metrics.root_mean_squared_error(truth, predicted),
        "mae": metrics.mean_absolute_error(truth, predicted),
        "nasa": float(np.where(d < 0, np.exp(-d / 13) - 1, np.exp(d / 10) - 1).sum()),
    }


def retrieval():
    """Several captions an image; recall by sorting, on similarities without ties."""
    rows, columns = 12, 30
    owner = rng.integers(0, rows + 2, columns)  # two owners have no row
    similarity = f32(rng.normal(size=(rows, columns)) + 1.2 * (owner[None, :] == np.arange(rows)[:, None]))

    def recall(matrix, match, k):
        hits = [match[q][np.argsort(-matrix[q])[:k]].any() for q in range(len(matrix)) if match[q].any()]
        return float(np.mean(hits))

    match = owner[None, :] == np.arange(rows)[:, None]
    return {
        "rows": rows, "columns": columns, "owner": owner.tolist(), "similarity": similarity.flatten().tolist(),
        "rowToColumn": [recall(similarity, match, k) for k in (1, 5, 10)],
        "columnToRow": [recall(similarity.T, match.T, k) for k in (1, 5, 10)],
        "rowsAsked": int(match.any(1).sum()), "columnsAsked": int(match.any(0).sum()),
    }


def lcs(a, b):
    table = np.zeros((len(a) + 1, len(b) + 1), dtype=int)
    for i, x in enumerate(a):
        for j, y in enumerate(b):
            table[i + 1, j + 1] = table[i, j] + 1 if x == y else max(table[i, j + 1], table[i + 1, j])
    return table[-1, -1]


def texts():
    vocabulary = "the heart is not enlarged no focal opacity effusion in left lower lobe and".split()
    candidates, references = [], []
    for _ in range(25):
        reference = [vocabulary[i] for i in rng.integers(0, len(vocabulary), rng.integers(4, 25))]
        second = [vocabulary[i] for i in rng.integers(0, len(vocabulary), rng.integers(4, 25))]
        candidate = [w for w in reference if rng.random() < 0.85]
        candidate[2:2] = [vocabulary[i] for i in rng.integers(0, len(vocabulary), rng.integers(0, 3))]
        candidates.append(candidate)
        references.append([reference, second])
    joined = [" ".join(c) for c in candidates]
    streams = [[" ".join(r[i]) for r in references] for i in range(2)]
    bleu = [
        BLEU(smooth_method="none", tokenize="none", max_ngram_order=n, effective_order=False)
        .corpus_score(joined, streams).score / 100
        for n in (1, 2, 3, 4)
    ]
    nltk = [corpus_bleu(references, candidates, weights=[1 / n] * n) for n in (1, 2, 3, 4)]
    assert np.allclose(bleu, nltk), (bleu, nltk)

    def rouge(beta):
        scores = []
        for c, rs in zip(candidates, references):
            best = 0.0
            for r in rs:
                n = lcs(c, r)
                if n:
                    p, q = n / len(c), n / len(r)
                    best = max(best, (1 + beta**2) * p * q / (q + beta**2 * p))
            scores.append(best)
        return float(np.mean(scores))

    return {
        "candidates": candidates, "references": references, "bleu": bleu, "rouge1": rouge(1.0), "rouge12": rouge(1.2),
    }


def bootstrap():
    """The mean of values, resampled by SplitMix64 with the high half of a product as index."""
    values = f32(rng.normal(size=40))
    mask, state, figures = (1 << 64) - 1, 9, []
    for _ in range(500):
        total = 0.0
        for _ in range(40):
            state = (state + 0x9E3779B97F4A7C15) & mask
            z = state
            z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & mask
            z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & mask
            total += values[((z ^ (z >> 31)) * 40) >> 64]
        figures.append(total / 40)
    low, high = np.quantile(figures, [0.05, 0.95])
    return {"values": values.tolist(), "lower": float(low), "upper": float(high)}


out = pathlib.Path("Tests/Fixtures/Metrics")
out.mkdir(parents=True, exist_ok=True)
(out / "metrics.json").write_text(
    json.dumps(
        {
            "classification": classification(), "ranking": ranking(), "binary": binary(), "regression": regression(),
            "retrieval": retrieval(), "texts": texts(), "bootstrap": bootstrap(),
        }
    ) + "\n"
)
