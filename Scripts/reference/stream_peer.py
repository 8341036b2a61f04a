"""Rows a second from a wide sensor CSV to a fault every 16 rows: other classifiers on what `braid predict` reads.

    python Scripts/reference/stream_peer.py make FILE --manifest MANIFEST [--rows 40000]
    python Scripts/reference/stream_peer.py run FILE --manifest MANIFEST --peer pandas-lightgbm --out OUT [--threads 2]

`make` strings the recordings of a manifest together, over and over, under one clock, to a CSV of so many rows. `run` fits
the peer on the manifest's train windows (not timed), then reads FILE from its start in pieces of 4096 rows, cuts every
window of as many rows as the train windows have, one every 16 rows, and writes one JSON line a window with row, fault and
probability. All windows of a piece are classified at once, which flatters the peer's throughput; `--each` classifies every
window by itself as its last row comes, and tells how long that takes. Prints one JSON line.

Peers: `pandas-lightgbm`, `polars-lightgbm` (six statistics a channel: mean, deviation, least, greatest, change, mean step;
100 rounds) and `pandas-minirocket` (MiniRocket of aeon, ridge). Needs numpy, pandas, lightgbm or aeon and scikit-learn,
and polars.
"""
import argparse, csv, json, resource, time
from pathlib import Path

import numpy as np
import pandas as pd

PIECE, EVERY = 4096, 16


def recordings(manifest):
    rows = list(csv.DictReader(open(manifest)))
    frames = {}
    for row in rows:
        path = Path(manifest).parent / row["series"]
        if path not in frames:
            frames[path] = pd.read_csv(path)
    return rows, frames


def sensors(frames):
    first = next(iter(frames.values()))
    return [name for name in first.columns[1:] if name != "fault"]


def make(args):
    rows, frames = recordings(args.manifest)
    names, clock = sensors(frames), next(iter(frames.values())).columns[0]
    step = float(np.diff(next(iter(frames.values()))[clock].to_numpy()[:2])[0])
    written, parts = 0, list(frames.values())
    with open(args.file, "w") as out:
        out.write(",".join([clock] + names) + "\n")
        while written < args.rows:
            for frame in parts:
                piece = frame[names].head(args.rows - written)
                piece.insert(0, clock, np.arange(written + 1, written + 1 + len(piece)) * step)
                piece.to_csv(out, header=False, index=False)
                written += len(piece)


def statistics(x):
    x = x.astype(np.float64)
    return np.concatenate(
        [x.mean(2), x.std(2), x.min(2), x.max(2), x[..., -1] - x[..., 0], np.abs(np.diff(x, axis=2)).mean(2)], 1)


def fit(args):
    """The peer as a function of windows [n, channel, row], and what it was fitted on."""
    rows, frames = recordings(args.manifest)
    names = sensors(frames)
    train = [r for r in rows if r["split"] == "train"]
    cut = [
        frames[Path(args.manifest).parent / r["series"]][names].to_numpy(np.float32)[int(r["start"]) - 1:int(r["end"])].T
        for r in train]
    x, y = np.stack(cut), np.array([r["label"] for r in train])
    mean, deviation = x.mean((0, 2), keepdims=True), x.std((0, 2), keepdims=True) + 1e-9
    classes = np.unique(y)
    if args.peer.endswith("lightgbm"):
        from lightgbm import LGBMClassifier
        leaf = int(np.clip(len(y) / (5 * len(classes)), 1, 20))
        model = LGBMClassifier(
            n_estimators=100, num_leaves=15, min_child_samples=leaf, random_state=0, n_jobs=args.threads, verbose=-1)
        model.fit(statistics((x - mean) / deviation), y)
        return lambda w: model.predict_proba(statistics((w - mean) / deviation)), names, classes, x.shape[2]
    from aeon.transformations.collection.convolution_based import MiniRocket
    from sklearn.linear_model import RidgeClassifierCV
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler
    rocket = MiniRocket(random_state=0, n_jobs=args.threads).fit((x - mean) / deviation)
    model = make_pipeline(StandardScaler(), RidgeClassifierCV(alphas=np.logspace(-3, 3, 10)))
    model.fit(rocket.transform((x - mean) / deviation), y)

    def answer(w):
        scores = model.decision_function(np.asarray(rocket.transform((w - mean) / deviation), np.float32))
        powers = np.exp(scores - scores.max(1, keepdims=True))
        return powers / powers.sum(1, keepdims=True)
    return answer, names, classes, x.shape[2]


def pieces(args, names):
    if args.peer.startswith("polars"):
        import polars as pl
        schema = {n: pl.Float32 for n in open(args.file).readline().strip().split(",")}
        for piece in pl.scan_csv(args.file, schema=schema).select(names).collect_batches(
                chunk_size=PIECE, maintain_order=True):
            yield piece.to_numpy()
        return
    for piece in pd.read_csv(args.file, dtype=np.float32, chunksize=PIECE, engine="c"):
        yield piece[names].to_numpy()


def run(args):
    answer, names, classes, length = fit(args)
    answer(np.zeros((2, len(names), length), np.float32))  # compiled before the clock
    out, rest, done, delays = open(args.out, "w"), np.zeros((0, len(names)), np.float32), 0, []
    windows, start = 0, time.perf_counter()
    for piece in pieces(args, names):
        rest = np.concatenate([rest, piece])
        count = (len(rest) - length) // EVERY + 1 if len(rest) >= length else 0
        if not count:
            continue
        cut = np.ascontiguousarray(np.lib.stride_tricks.sliding_window_view(rest, length, axis=0)[:count * EVERY:EVERY])
        if args.each:
            found = []
            for window in cut:
                before = time.perf_counter()
                found.append(answer(window[None])[0])
                delays.append(1000 * (time.perf_counter() - before))
            found = np.stack(found)
        else:
            found = answer(cut)
        best = found.argmax(1)
        out.write("".join(
            json.dumps({"row": done + i * EVERY + length, "fault": str(classes[b]), "probability": float(f[b])}) + "\n"
            for i, (f, b) in enumerate(zip(found, best))))
        windows += count
        rest, done = rest[count * EVERY:], done + count * EVERY
    out.close()
    seconds, rows = time.perf_counter() - start, done + len(rest)
    result = {
        "peer": args.peer, "rows": rows, "windows": windows, "seconds": seconds, "rowsPerSecond": rows / seconds,
        "threads": args.threads, "each": args.each,
        "peakRssMb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024}
    if delays:
        result["latencyMs"] = {f"p{q}": float(np.percentile(delays, q)) for q in (50, 95, 99)}
    print(json.dumps(result))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    jobs = parser.add_subparsers(required=True)
    for name, job in (("make", make), ("run", run)):
        sub = jobs.add_parser(name)
        sub.set_defaults(job=job)
        sub.add_argument("file")
        sub.add_argument("--manifest", required=True)
        if job is make:
            sub.add_argument("--rows", type=int, default=40_000)
        else:
            sub.add_argument("--peer", choices=["pandas-lightgbm", "polars-lightgbm", "pandas-minirocket"], required=True)
            sub.add_argument("--out", default="/dev/null")
            sub.add_argument("--threads", type=int, default=2)
            sub.add_argument("--each", action="store_true")
    args = parser.parse_args()
    args.job(args)
