"""Writes Tests/Fixtures/Reports/metrics.json with sacrebleu, rouge-score, pycocoevalcap and scikit-learn.

The texts are put together from the phrases of the project's own phantoms.
Run from the package's root: python Scripts/reference/report_fixtures.py
"""
import json
import pathlib
import random
import re
import sys
import warnings

import numpy as np
from pycocoevalcap.bleu.bleu import Bleu
from pycocoevalcap.cider.cider import Cider
from rouge_score import rouge_scorer
from sacrebleu.metrics import BLEU
from sklearn import metrics

sys.path.insert(0, "Scripts")
from samples import phrases_en, phrases_zh  # noqa: E402

warnings.simplefilter("ignore")
rng = random.Random(11)
SLOTS = {"zone": "lower", "extent": "small", "pattern": "patchy", "size": 14, "ratio": "0.58"}


def words(text):
    """Small letters; an ideograph is a word of its own."""
    return re.findall(r"[一-鿿]|[a-z0-9]+", text.lower())


def report(phrases, kinds):
    side, other = (phrases.SIDES[1], phrases.SIDES[-1])
    slots = dict(SLOTS, side=side, other=other, zone=phrases.ZONES["lower"], extent=phrases.EXTENTS["small"],
                 pattern=phrases.PATTERNS["patchy"])
    return phrases.BETWEEN.join(rng.choice(phrases.PHRASES[kind]).format(**slots) for kind in kinds)


def texts(phrases, count):
    """Pairs of a report and one or two others of the same findings, now and then of others."""
    kinds = ["patchy opacity", "nodule", "small effusion", "pneumothorax", "enlarged heart", "no lung finding",
             "no pleural finding", "normal heart"]
    candidates, references = [], []
    for place in range(count):
        shown = rng.sample(kinds, 3)
        written = shown if rng.random() < 0.7 else rng.sample(kinds, 2)
        candidates.append(report(phrases, written))
        references.append([report(phrases, shown) for _ in range(2 if place % 3 == 0 else 1)])
    candidates[1] = references[1][0]
    candidates[2] = ""
    return candidates, references


class Spaces:
    """rouge-score's own tokenizer would drop ideographs."""

    def tokenize(self, text):
        return text.split()


def scores(candidates, references):
    plain = [" ".join(words(text)) for text in candidates]
    known = [[" ".join(words(text)) for text in texts] for texts in references]
    most = max(map(len, known))
    streams = [[texts[min(i, len(texts) - 1)] for texts in known] for i in range(most)]
    bleu = [
        BLEU(smooth_method="none", tokenize="none", max_ngram_order=n, effective_order=False)
        .corpus_score(plain, streams).score / 100
        for n in (1, 2, 3, 4)
    ]
    results, truths = dict(enumerate([text] for text in plain)), dict(enumerate(known))
    coco = Bleu(4).compute_score(truths, results, verbose=0)[0]
    assert np.allclose(bleu, coco, atol=1e-6), (bleu, coco)
    rouge = rouge_scorer.RougeScorer(["rougeL"], tokenizer=Spaces())
    longest = [rouge.score_multi(texts, text)["rougeL"].fmeasure for text, texts in zip(plain, known)]
    return {
        "candidates": candidates, "references": references, "bleu": bleu, "rougeL": float(np.mean(longest)),
        "cider": float(Cider().compute_score(truths, results)[0]),
    }


def findings():
    draws = np.random.default_rng(3)
    truth = draws.random((60, 5)) < 0.25
    stated = np.where(draws.random((60, 5)) < 0.8, truth, draws.random((60, 5)) < 0.4)
    truth[:, 4] = False  # stated now and then, never true
    occurring = truth.any(0)
    each = metrics.f1_score(truth, stated, average=None, zero_division=0)
    return {
        "truth": [np.flatnonzero(row).tolist() for row in truth],
        "stated": [np.flatnonzero(row).tolist() for row in stated],
        "micro": metrics.f1_score(truth, stated, average="micro"), "macro": float(each[occurring].mean()),
    }


out = pathlib.Path("Tests/Fixtures/Reports")
out.mkdir(parents=True, exist_ok=True)
(out / "metrics.json").write_text(
    json.dumps(
        {
            "english": scores(*texts(phrases_en, 40)), "chinese": scores(*texts(phrases_zh, 24)),
            "findings": findings(),
        },
        ensure_ascii=False,
    )
    + "\n"
)
