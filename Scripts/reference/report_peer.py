"""Studies a second from a folder of DICOM to findings with evidence: `braid report` beside the same model in PyTorch with pydicom.

    python Scripts/reference/report_peer.py make FOLDER [--count 1000]        writes studies of simulated chests
    python Scripts/reference/report_peer.py run FOLDER --bundle BUNDLE --out OUT [--threads 2]
    python Scripts/reference/report_peer.py pairs FOLDER --bundle BUNDLE --braid BRAID [--pairs 3]

`make` writes one uncompressed radiograph a study, 320 px, 16 bits. `run` does with PyTorch (f32, oneDNN) and pydicom what
`braid report` does for such a study, less the routing, the quality measures and the sentences of the decoder, so that the
ratio flatters nobody but the peer: hash, header, pixels, window, size by Pillow's triangle filter, the vision encoder and
label heads with the bundle's own weights and calibration, and evidence by occlusion (121 covers of each picture with a
finding, in one batch, where Braid looks between 36 covers only at places under which an answer falls), written as one
JSON file a study. `pairs` times both in turn on the same folder, compares the
probabilities, and prints one JSON line: the median of the ratios, studies a second of both, their peak memory, the greatest
gap. `make` needs numpy, Pillow and pydicom; `run` torch and safetensors too.
"""
import argparse, hashlib, json, math, resource, statistics, subprocess, sys, tempfile, time
from pathlib import Path

import numpy as np

SIDE, CELLS, STEPS = 64, 6, 2
TASK = "chest-phantom"


def make(folder, count):
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    from io import BytesIO

    from pydicom import dcmread
    from samples import dicom
    from samples.phantom import Phantom

    for number in range(count):
        path = folder / f"study-{number:04d}" / "IM0001.dcm"
        if path.exists():
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        data = dcmread(BytesIO(dicom.radiograph(f"peer-{number}", 1, Phantom(977_001, number).frontal(320))))
        data.decompress()
        data.PatientID = f"PHANTOM-{number:04d}"  # studies of one patient wait for each other
        data.save_as(path)


def layers(weights):
    """The vision encoder and a task's head as functions, from the bundle's weights by Braid's names."""
    import torch
    import torch.nn.functional as F

    def linear(x, name): return F.linear(x, weights[name + ".weight"], weights.get(name + ".bias"))

    def norm(x, name): return F.layer_norm(x, x.shape[-1:], weights[name + ".weight"], weights[name + ".bias"], 1e-5)

    def convolution(x, name, **how):
        return F.conv2d(x, weights[name + ".weight"].permute(0, 3, 1, 2), weights[name + ".bias"], **how)

    def attention(x, context, name, heads=4):
        def split(y): return y.unflatten(-1, (heads, -1)).transpose(1, 2)
        parts = split(linear(x, name + ".query")), split(linear(context, name + ".key")), split(linear(context, name + ".value"))
        return linear(F.scaled_dot_product_attention(*parts).transpose(1, 2).flatten(2), name + ".out")

    def forward(x, name, first, second): return linear(F.gelu(linear(x, f"{name}.{first}")), f"{name}.{second}")

    frequencies = 128 // 4
    rates = math.pi * 64 ** (torch.arange(frequencies) / (frequencies - 1))

    def encode(x):
        for stage, blocks in enumerate((1, 2, 2)):
            base = f"vision.stem.stages.{stage}"
            x = convolution(x, base + ".down", stride=2, padding=1)
            if stage:
                x = norm(x.permute(0, 2, 3, 1), base + ".norm").permute(0, 3, 1, 2)
            x = F.gelu(x)
            for block in range(blocks):
                name = f"{base}.blocks.{block}"
                y = convolution(x, name + ".spread", padding=2, groups=x.shape[1]).permute(0, 2, 3, 1)
                y = forward(norm(y, name + ".norm"), name + ".mix", "expand", "contract")
                x = x + y.permute(0, 3, 1, 2)
        x = convolution(x, "vision.stem.project").permute(0, 2, 3, 1)
        rows = (torch.arange(x.shape[1]) + 0.5) / x.shape[1]
        places = torch.stack(torch.meshgrid(rows, rows, indexing="ij"), -1).reshape(-1, 2, 1) * rates
        places = torch.stack((places.sin(), places.cos()), -1).reshape(len(places), -1)
        x = x.flatten(1, 2) + F.linear(places, weights["vision.position.weight"])
        for block in range(2):
            name = f"vision.blocks.{block}"
            y = norm(x, name + ".attentionNorm")
            x = x + attention(y, y, name + ".attention")
            x = x + forward(norm(x, name + ".feedForwardNorm"), name + ".feedForward", "expand", "contract")
        tokens = norm(x, "vision.norm")
        asked = norm(tokens, "vision.pool.norm")
        query = weights["vision.pool.query"].expand(len(x), 1, -1)
        return tokens, attention(query, asked, "vision.pool.attention")[:, 0] + asked.mean(1)

    def logits(x, head):
        tokens, summary = encode(x)
        whole = linear(norm(summary, head + ".norm"), head + ".labels")
        asked = norm(tokens, head + ".places.norm")
        shares = linear(asked, head + ".places.attention").softmax(1)
        return whole + (shares * linear(asked, head + ".places.evidence")).sum(1)

    return logits


def run(folder, bundle, out, threads):
    import torch
    from PIL import Image
    from pydicom import dcmread
    from safetensors.torch import load_file

    torch.set_num_threads(threads)
    described = json.loads((bundle / "bundle.json").read_text())
    place = [task["name"] for task in described["tasks"]].index(TASK)
    labels, calibration = described["tasks"][place]["labels"], described["calibrations"][place]
    slopes, offsets = torch.tensor(calibration["slopes"]), torch.tensor(calibration["offsets"])
    model, head = layers({name: value.float() for name, value in load_file(bundle / "weights.safetensors").items()}), f"heads.findings.{place}"
    grid = (CELLS - 1) * STEPS + 1
    edges = [step * SIDE // (CELLS * STEPS) for step in range(CELLS * STEPS + 1)]
    began, studies = time.monotonic(), sorted(path for path in folder.iterdir() if path.is_dir())
    with torch.inference_mode():
        for study in studies:
            inputs, findings = [], []
            for path in sorted(study.iterdir()):
                inputs.append({"path": path.name, "sha256": hashlib.sha256(path.read_bytes()).hexdigest()})
                data = dcmread(path)
                low, width = float(data.WindowCenter) - float(data.WindowWidth) / 2, float(data.WindowWidth)
                shown = np.clip((data.pixel_array.astype(np.float32) - low) * (255 / width), 0, 255).astype(np.uint8)
                small = np.asarray(Image.fromarray(shown).resize((SIDE, SIDE), Image.BILINEAR))
                picture = torch.from_numpy(small.astype(np.float32) / 255 - 0.5)[None, None] * 4
                first = model(picture, head)
                likely = (first * slopes + offsets).sigmoid()[0]
                wanted = [i for i in range(len(labels)) if labels[i] not in ("normal", "unusable") and likely[i] >= calibration["presentFrom"][i]]
                boxes = {}
                if wanted:
                    covered, grey = picture.repeat(grid * grid, 1, 1, 1), picture.mean()
                    for cell in range(grid * grid):
                        row, column = divmod(cell, grid)
                        covered[cell, 0, edges[row]:edges[row + STEPS], edges[column]:edges[column + STEPS]] = grey
                    falls = (first - model(covered, head)).T.reshape(len(labels), grid, grid)
                    for i in wanted:
                        rows, columns = torch.where(falls[i] > falls[i].max() / 2)
                        ends = [edges[int(rows.min())], edges[int(columns.min())], edges[int(rows.max()) + STEPS], edges[int(columns.max()) + STEPS]]
                        boxes[i] = [end / SIDE for end in ends]
                findings = [{"name": label, "probability": float(likely[i]), "evidence": boxes.get(i)} for i, label in enumerate(labels)]
            (out / study.name).mkdir(parents=True)
            (out / study.name / "report.json").write_text(json.dumps({"study": study.name, "inputs": inputs, "findings": findings}))
    seconds = time.monotonic() - began
    print(json.dumps({"studies": len(studies), "seconds": seconds, "peakMB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024}))


def timed(command):
    """Seconds of the whole process, its start included, and what it printed."""
    began = time.monotonic()
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode not in (0, 2):
        sys.exit(f"{command[0]} failed: {done.stderr[-800:]}")
    return time.monotonic() - began, done.stdout


def pairs(args):
    rows, gap, studies = [], 0.0, len([path for path in args.folder.iterdir() if path.is_dir()])
    for number in range(args.pairs):
        with tempfile.TemporaryDirectory() as scratch:
            ours, theirs = Path(scratch) / "braid", Path(scratch) / "peer"
            mine = timed([args.braid, "report", args.folder, "--out", ours, "--bundle", args.bundle, "--format", "json", "--threads", str(args.threads), "--quiet"])
            peer = timed([sys.executable, __file__, "run", args.folder, "--bundle", args.bundle, "--out", theirs, "--threads", str(args.threads)])
            rows.append((mine[0], peer[0], json.loads(peer[1])["peakMB"]))
            if number == 0:
                gaps = []
                for study in theirs.iterdir():
                    said = [json.loads((side / study.name / "report.json").read_text())["findings"] for side in (ours, theirs)]
                    known = {one["name"]: one["probability"] for one in said[0]}
                    gaps += [abs(known[one["name"]] - one["probability"]) for one in said[1] if one["name"] in known]
                gap = statistics.median(gaps), float(np.quantile(gaps, 0.99))
    ratios = [peer / mine for mine, peer, _ in rows]
    print(json.dumps({
        "studies": studies, "threads": args.threads, "ratio": statistics.median(ratios), "ratios": ratios,
        "braidPerSecond": studies / statistics.median(row[0] for row in rows), "peerPerSecond": studies / statistics.median(row[1] for row in rows),
        "peerPeakMB": max(row[2] for row in rows), "gapMedian": gap[0], "gap99": gap[1]}))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("job", choices=("make", "run", "pairs"))
    parser.add_argument("folder", type=Path)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--bundle", type=Path, default=Path("Encoders/base"))
    parser.add_argument("--braid", default=".build/release/braid")
    parser.add_argument("--out", type=Path)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--pairs", type=int, default=3)
    args = parser.parse_args()
    if args.job == "make":
        make(args.folder, args.count)
    elif args.job == "run":
        run(args.folder, args.bundle, args.out, args.threads)
    else:
        pairs(args)


main()
