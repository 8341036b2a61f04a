"""Writes tensors as safetensors: the length of a header, the header as JSON, and the numbers, little-endian."""
import json
import struct


def encode(tensors):
    """tensors: {name: (element type, shape, bytes)}."""
    header, offset = {"__metadata__": {"format": "pt"}}, 0
    for name, (kind, shape, data) in tensors.items():
        header[name] = {"dtype": kind, "shape": list(shape), "data_offsets": [offset, offset + len(data)]}
        offset += len(data)
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    return struct.pack("<Q", len(text)) + text + b"".join(data for _, _, data in tensors.values())
