"""Writes pictures and clips: PNG, JPEG, and AVI with motion JPEG."""

import io
import struct
import zlib
from pathlib import Path

from PIL import Image


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(levels, level=9):
    """Bytes of a grey PNG of 8 or 16 bits; each row is stored as its difference from the row above."""
    height, width = levels.shape
    depth = 8 * levels.dtype.itemsize
    rows = levels.astype(">u2") if depth == 16 else levels
    data = rows.view("u1").reshape(height, -1)
    lines = data.copy()
    lines[1:] -= data[:-1]
    raw = b"".join(b"\x02" + line.tobytes() for line in lines)
    header = struct.pack(">IIBBBBB", width, height, depth, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(raw, level)) + chunk(b"IEND", b"")


def jpeg(levels, quality=90):
    """Bytes of a grey baseline JPEG."""
    stream = io.BytesIO()
    Image.fromarray(levels, "L").save(stream, "JPEG", quality=quality)
    return stream.getvalue()


def riff(kind, data):
    return kind + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2)


def group(kind, name, parts):
    return riff(kind, name + b"".join(parts))


def avi(frames, rate, quality=85):
    """Bytes of an AVI file (RIFF, one motion-JPEG stream, old-style index) of grey frames of 8 bits."""
    height, width = frames[0].shape
    pictures = [jpeg(frame, quality) for frame in frames]
    largest = max(map(len, pictures))
    main = struct.pack("<14I", 1_000_000 // rate, largest * rate, 0, 0x10, len(frames), 0, 1, largest, width, height,
                       0, 0, 0, 0)
    stream = b"vidsMJPG" + struct.pack("<IHHIIIIIIIIhhhh", 0, 0, 0, 0, 1, rate, 0, len(frames), largest, 10000, 0,
                                       0, 0, width, height)
    form = struct.pack("<IiiHH4sIiiII", 40, width, height, 1, 24, b"MJPG", width * height * 3, 0, 0, 0, 0)
    headers = group(b"LIST", b"hdrl", [riff(b"avih", main), group(b"LIST", b"strl", [riff(b"strh", stream),
                                                                                       riff(b"strf", form)])])
    index, offset = [], 4
    for picture in pictures:
        index.append(struct.pack("<4sIII", b"00dc", 0x10, offset, len(picture)))
        offset += 8 + len(picture) + len(picture) % 2
    movie = group(b"LIST", b"movi", [riff(b"00dc", picture) for picture in pictures])
    return group(b"RIFF", b"AVI ", [headers, movie, riff(b"idx1", b"".join(index))])


def write(path, data):
    """Writes text or bytes; makes the folder."""
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data.encode("utf-8") if isinstance(data, str) else data)
