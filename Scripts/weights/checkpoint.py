"""Reads what torch.save wrote, without PyTorch and without running anything that stands in the file.

Both forms are read: the zip of today (data.pkl beside one file a storage) and the older row of pickles with the storages
behind them. Only state dictionaries are taken: names with tensors.
"""
import collections
import io
import math
import pickle
import struct
import zipfile
from dataclasses import dataclass

from .refusal import Refusal

# PyTorch's storages: what safetensors calls their elements, and bytes of one.
STORAGES = {
    "DoubleStorage": ("F64", 8), "FloatStorage": ("F32", 4), "HalfStorage": ("F16", 2), "BFloat16Storage": ("BF16", 2),
    "LongStorage": ("I64", 8), "IntStorage": ("I32", 4), "ShortStorage": ("I16", 2), "CharStorage": ("I8", 1),
    "ByteStorage": ("U8", 1), "BoolStorage": ("BOOL", 1),
}
MAGIC = 0x1950A86A20F9469CFC6C
REMEDY = "Download the file again, or save its state_dict alone."


@dataclass
class Storage:
    key: str
    kind: str
    count: int


@dataclass
class Tensor:
    storage: Storage
    offset: int
    shape: tuple
    strides: tuple


def _tensor(storage, offset, shape, strides, *_):
    return Tensor(storage, offset, tuple(shape), tuple(strides))


class _Kind:
    def __init__(self, name):
        self.name = name


class Restricted(pickle.Unpickler):
    """Makes dictionaries, numbers, texts and tensors; everything else is refused before it is made."""

    def __init__(self, file, path):
        super().__init__(file, encoding="utf-8")
        self.path = path
        self.seen = {}

    def find_class(self, module, name):
        if (module, name) == ("collections", "OrderedDict"):
            return collections.OrderedDict
        if (module, name) in (("torch._utils", "_rebuild_tensor_v2"), ("torch._utils", "_rebuild_tensor")):
            return _tensor
        if (module, name) == ("torch._utils", "_rebuild_parameter"):
            return lambda tensor, *_: tensor
        if module == "torch" and name in STORAGES:
            return _Kind(name)
        raise Refusal(self.path, f"It wants to make a {module}.{name}; only tensors and dictionaries are read.", REMEDY)

    def persistent_load(self, pid):
        if not isinstance(pid, tuple) or len(pid) < 5 or pid[0] != "storage" or not isinstance(pid[1], _Kind):
            raise Refusal(self.path, "A tensor's storage is described in no known way.", REMEDY)
        if len(pid) > 5 and pid[5] is not None:
            raise Refusal(self.path, "A tensor's storage is a part of another one.", REMEDY)
        self.seen[str(pid[2])] = Storage(str(pid[2]), pid[1].name, int(pid[4]))
        return self.seen[str(pid[2])]


def read(path):
    """{name: (element type, shape, bytes)} of a state dictionary, in the file's order."""
    try:
        with open(path, "rb") as file:
            data = file.read()
    except OSError as error:
        raise Refusal(path, f"It cannot be read: {error.strerror}.", "Check the path.") from None
    try:
        found, storages = _zipped(data, path) if data[:2] == b"PK" else _legacy(data, path)
    except (pickle.UnpicklingError, EOFError, zipfile.BadZipFile, KeyError, struct.error, AttributeError, IndexError,
            ValueError, TypeError) as error:
        raise Refusal(path, f"This is no checkpoint of PyTorch, or it is cut off ({error}).", REMEDY) from None
    for key in ("state_dict", "model"):
        if isinstance(found, dict) and isinstance(found.get(key), dict):
            found = found[key]
    if not isinstance(found, dict) or not found or not all(isinstance(value, Tensor) for value in found.values()):
        raise Refusal(path, "It holds something else than names with tensors.", REMEDY)
    return {name: _dense(name, tensor, storages, path) for name, tensor in found.items()}


def _zipped(data, path):
    archive = zipfile.ZipFile(io.BytesIO(data))
    names = archive.namelist()
    main = next((name for name in names if name.endswith("/data.pkl")), None)
    if main is None:
        raise Refusal(path, "The zip has no data.pkl.", REMEDY)
    folder = main[: -len("data.pkl")]
    if folder + "byteorder" in names and archive.read(folder + "byteorder") != b"little":
        raise Refusal(path, "Its numbers are big-endian.", "Save it on an ordinary machine.")
    found = Restricted(io.BytesIO(archive.read(main)), path).load()
    return found, lambda key: archive.read(f"{folder}data/{key}")


def _legacy(data, path):
    file = io.BytesIO(data)
    if Restricted(file, path).load() != MAGIC:
        raise Refusal(path, "This is no checkpoint of PyTorch.", REMEDY)
    Restricted(file, path).load()  # version of the protocol
    if Restricted(file, path).load().get("little_endian") is False:
        raise Refusal(path, "Its numbers are big-endian.", "Save it on an ordinary machine.")
    unpickler = Restricted(file, path)
    found = unpickler.load()
    kinds, storages = unpickler.seen, {}
    for key in Restricted(file, path).load():
        (count,) = struct.unpack("<q", file.read(8))
        if str(key) not in kinds or count != kinds[str(key)].count:
            raise Refusal(path, f"The storage {key} has another size than its tensors say.", REMEDY)
        size = count * STORAGES[kinds[str(key)].kind][1]
        storages[str(key)] = file.read(size)
        if len(storages[str(key)]) != size:
            raise Refusal(path, f"The storage {key} is cut off.", REMEDY)
    return found, lambda key: storages[key]


def _dense(name, tensor, storages, path):
    kind, size = STORAGES[tensor.storage.kind]
    shape, strides = tensor.shape, tensor.strides
    count = math.prod(shape)
    last = tensor.offset + sum((n - 1) * step for n, step in zip(shape, strides)) if count else tensor.offset - 1
    if len(shape) != len(strides) or min((tensor.offset, *shape, *strides)) < 0 or last >= tensor.storage.count:
        raise Refusal(path, f"The tensor {name} lies outside of its storage.", REMEDY)
    data = storages(tensor.storage.key)
    if len(data) < tensor.storage.count * size:
        raise Refusal(path, f"The storage of {name} is cut off.", REMEDY)
    packed, step = [], 1
    for n in reversed(shape):
        packed.insert(0, step)
        step *= n
    if all(n == 1 or a == b for n, a, b in zip(shape, strides, packed)):
        return kind, shape, data[tensor.offset * size : (tensor.offset + count) * size]
    view = memoryview(data)[: tensor.storage.count * size].cast({8: "Q", 4: "I", 2: "H", 1: "B"}[size])
    out = bytearray()

    def walk(axis, at):
        if axis == len(shape) - 1:
            step = strides[axis]
            row = view[at : at + (shape[axis] - 1) * step + 1 : step] if step else [view[at]] * shape[axis]
            out.extend(row.tobytes() if step else b"".join(n.to_bytes(size, "little") for n in row))
            return
        for index in range(shape[axis]):
            walk(axis + 1, at + index * strides[axis])

    if count:
        walk(0, tensor.offset)
    return kind, shape, bytes(out)
