"""Writes Tests/Fixtures/Safetensors with the Python packages safetensors and torch.

Run from the package's root: python Scripts/reference/safetensors_fixtures.py
"""
import json
import pathlib

import torch
from safetensors.torch import save_file

out = pathlib.Path("Tests/Fixtures/Safetensors")
out.mkdir(parents=True, exist_ok=True)
generator = torch.Generator().manual_seed(7)
normal = torch.randn(3, 5, generator=generator)
tensors = {
    "encoder.weight": normal,
    "encoder.bias": torch.randn(5, generator=generator).to(torch.bfloat16),
    "half": torch.tensor([1.0, -0.5, 65504.0, 6e-8, float("inf")], dtype=torch.float16),
    "double": torch.tensor([[0.1], [1e300]], dtype=torch.float64),
    "long": torch.tensor([2**40 + 1, -3], dtype=torch.int64),
    "int": torch.tensor([[7, -2147483648]], dtype=torch.int32),
    "bytes": torch.tensor([0, 255, 17], dtype=torch.uint8),
    "flags": torch.tensor([True, False]),
    "scalar": torch.tensor(2.5),
    "empty": torch.zeros(0, 4),
    "Gewicht.größe.权重": torch.tensor([1.25]),
}
save_file(tensors, out / "types.safetensors", metadata={"format": "pt", "note": 'quote " and \\ and 中'})

readable = {name: t for name, t in tensors.items() if name != "flags"}
expected = {
    "shapes": {name: list(t.shape) for name, t in tensors.items()},
    # Bit patterns: JSON has no infinities, and equality must be exact.
    "bits": {
        name: [v & 0xFFFFFFFF for v in t.to(torch.float32).contiguous().view(torch.int32).flatten().tolist()]
        for name, t in readable.items()
    },
}

# Rounding to bfloat16 as torch does it, for the writer.
edge = torch.tensor(
    [1.0, 1.00390625, 1.01171875, 3.4e38, -3.3961775e38, 1e-40, float("inf"), -0.0, 3.14159265, 65280.5],
    dtype=torch.float32,
)
values = torch.cat([edge, torch.randn(64, generator=generator)])
expected["bfloat16"] = {
    "from": [v & 0xFFFFFFFF for v in values.view(torch.int32).tolist()],
    "to": [v & 0xFFFF for v in values.to(torch.bfloat16).view(torch.int16).tolist()],
}
(out / "types.json").write_text(json.dumps(expected, ensure_ascii=False, indent=0, sort_keys=True) + "\n")
