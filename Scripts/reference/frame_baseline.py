"""A frame-wise CNN on a manifest of clips and stills, to set beside `braid align` on the same rows: balanced accuracy by row.

    python Scripts/reference/frame_baseline.py MANIFEST... --braid .build/release/braid [--seeds 0,1,2]

Every row is decoded by `braid inspect --npy` (8 even frames of a clip, or the still), made grey, brought to a square of
112 pixels. The net is a small ResNet (stem of stride 2, four stages of two basic blocks, widths 16 32 64 128) in PyTorch
from scratch; it learns frame by frame, classes weighted by their frames: AdamW on one cycle to 2e-3, weight decay 0.01, 40
epochs of batches of 32, random shift of up to 8 pixels, brightness and contrast. A row's answer is the mean of its frames'
probabilities. The epoch is chosen by the balanced accuracy of the validation part; the test part is scored once. Prints one
JSON line a run, and the mean and deviation over all. Needs torch and numpy.
"""
import argparse, csv, json, subprocess, sys, tempfile, time
from pathlib import Path

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

SIDE, FRAMES = 112, 8


class Basic(nn.Module):
    def __init__(self, a, b, stride):
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(a, b, 3, stride, 1, bias=False), nn.BatchNorm2d(b), nn.ReLU(), nn.Conv2d(b, b, 3, 1, 1, bias=False), nn.BatchNorm2d(b))
        self.skip = nn.Identity() if a == b and stride == 1 else nn.Sequential(nn.Conv2d(a, b, 1, stride, bias=False), nn.BatchNorm2d(b))

    def forward(self, x): return F.relu(self.body(x) + self.skip(x))


def network(classes):
    layers, width = [nn.Conv2d(1, 16, 5, 2, 2, bias=False), nn.BatchNorm2d(16), nn.ReLU()], 16
    for after in (16, 32, 64, 128):
        layers += [Basic(width, after, 2), Basic(after, after, 1)]
        width = after
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Dropout(0.2), nn.Linear(128, classes))


def frames(path, braid):
    """[frame, side, side] in -1...1."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([braid, "inspect", path, "--npy", folder, "--frames", str(FRAMES), "--quiet"], check=True, stdout=subprocess.DEVNULL)
        arrays = [torch.from_numpy(np.load(file).astype(np.float32)) / 255 for file in sorted(Path(folder).glob("*.npy"))]
    # A folder of frames gives a picture each, a clip one array of frames.
    stills = [frame for x in arrays for frame in (x if x.dim() == 4 else [x])]
    stills = [stills[int((i + 0.5) / FRAMES * len(stills))] for i in range(FRAMES)] if len(stills) > FRAMES else stills
    grey = [(x[..., :3].mean(-1) if x.dim() == 3 else x)[None, None] for x in stills]
    return torch.cat([F.interpolate(x, size=(SIDE, SIDE), mode="bilinear", antialias=True)[0] for x in grey]) * 2 - 1


def balanced(truth, answers): return float(np.mean([(answers[truth == c] == c).mean() for c in np.unique(truth)]))


def answers(net, rows):
    net.eval()
    with torch.no_grad(): return np.array([net(x[:, None]).softmax(1).mean(0).argmax().item() for x in rows])


def run(rows, labels, seed):
    torch.manual_seed(seed)
    part = {s: [(r["x"], labels.index(r["label"])) for r in rows if r["split"] == s] for s in ("train", "val", "test")}
    x = torch.cat([x for x, _ in part["train"]])[:, None]
    y = torch.cat([torch.full((len(x),), label) for x, label in part["train"]])
    counts = torch.bincount(y, minlength=len(labels)).float()
    weights = torch.where(counts > 0, len(y) / counts.clamp(min=1) / (counts > 0).sum(), torch.zeros(()))
    net, epochs, batch = network(len(labels)).to(memory_format=torch.channels_last), 40, 32
    steps = len(x) // batch
    optimiser = torch.optim.AdamW(net.parameters(), lr=1e-3, weight_decay=0.01)
    plan = torch.optim.lr_scheduler.OneCycleLR(optimiser, 2e-3, epochs * steps)
    truth = {s: np.array([label for _, label in part[s]]) for s in part}
    best, state = -1.0, None
    for _ in range(epochs):
        net.train()
        order = torch.randperm(len(x))
        for step in range(steps):
            chosen = order[step * batch:(step + 1) * batch]
            a, b = torch.randint(0, 17, (2,)).tolist()
            shown = F.pad(x[chosen], (8, 8, 8, 8), mode="replicate")[:, :, a:a + SIDE, b:b + SIDE]
            shown = shown * (0.8 + 0.4 * torch.rand(len(chosen), 1, 1, 1)) + 0.2 * (torch.rand(len(chosen), 1, 1, 1) - 0.5)
            loss = F.cross_entropy(net(shown), y[chosen], weight=weights)
            optimiser.zero_grad(), loss.backward(), optimiser.step(), plan.step()
        score = balanced(truth["val"], answers(net, [x for x, _ in part["val"]]))
        if score > best: best, state = score, {k: v.clone() for k, v in net.state_dict().items()}
    net.load_state_dict(state)
    said = answers(net, [x for x, _ in part["test"]])
    return dict(val=best, balancedAccuracy=balanced(truth["test"], said), accuracy=float((said == truth["test"]).mean()))


p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
p.add_argument("manifests", nargs="+", type=Path)
p.add_argument("--braid", required=True)
p.add_argument("--seeds", default="0,1,2")
p.add_argument("--threads", type=int, default=2)
a = p.parse_args()
torch.set_num_threads(a.threads)
found = []
for manifest in a.manifests:
    rows = list(csv.DictReader(manifest.open(newline="")))
    for row in rows: row["x"] = frames(str((manifest.parent / (row.get("clip") or row["image"])).resolve()), a.braid)
    labels = sorted({row["label"] for row in rows})
    for seed in map(int, a.seeds.split(",")):
        start = time.perf_counter()
        result = run(rows, labels, seed)
        found.append(result)
        print(json.dumps(dict(manifest=manifest.parent.name, seed=seed, **result, seconds=round(time.perf_counter() - start, 1))), flush=True)
for name in ("balancedAccuracy", "accuracy"):
    values = [r[name] for r in found]
    print(json.dumps({"figure": name, "runs": len(values), "mean": round(float(np.mean(values)), 4), "deviation": round(float(np.std(values)), 4)}))
