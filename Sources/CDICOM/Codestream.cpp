#include "Codestream.hpp"

#include <cstring>

namespace {

/// Big-endian fields with a bound.
struct Fields {
  const std::vector<uint8_t> &bytes;
  size_t at;

  bool has(size_t count) const { return at <= bytes.size() && count <= bytes.size() - at; }
  uint8_t byte() {
    if (!has(1)) throw Fault{CDICOM_TRUNCATED, "The compressed frame ends inside its header."};
    return bytes[at++];
  }
  unsigned short16() {
    unsigned high = byte();
    return high << 8 | byte();
  }
  uint32_t long32() {
    uint32_t high = short16();
    return high << 16 | short16();
  }
};

/// A JP2 container is a row of boxes; the codestream lies in the one named jp2c.
size_t skipContainer(const std::vector<uint8_t> &bytes) {
  Fields f{bytes, 0};
  while (f.has(8)) {
    size_t box = f.at;
    uint64_t length = f.long32();
    uint32_t type = f.long32();
    if (length == 1) {
      uint64_t high = f.long32();
      length = high << 32 | f.long32();
    }
    if (type == 0x6A703263) return f.at;
    if (length < 8 || length > bytes.size() - box) break;
    f.at = box + size_t(length);
  }
  throw Fault{CDICOM_MALFORMED, "The frame's JP2 container holds no codestream."};
}

} // namespace

Codestream readJPEGHeader(const std::vector<uint8_t> &bytes) {
  Codestream stream;
  Fields f{bytes, 0};
  if (f.short16() != 0xFFD8) throw Fault{CDICOM_MALFORMED, "The compressed frame is no JPEG codestream."};
  while (true) {
    // Fill bytes may stand before a marker.
    if (f.byte() != 0xFF) throw Fault{CDICOM_MALFORMED, "A marker of the JPEG codestream is damaged."};
    uint8_t marker;
    do marker = f.byte();
    while (marker == 0xFF);
    size_t segment = f.at;
    unsigned length = f.short16();
    if (length < 2) throw Fault{CDICOM_MALFORMED, "A segment of the JPEG codestream has no length."};
    bool isFrame = (marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC) ||
                   marker == 0xF7;
    if (marker == 0xE0 && length >= 7 && f.has(5)) stream.jfif = !memcmp(&bytes[f.at], "JFIF", 5);
    if (marker == 0xEE && length >= 14 && f.has(12) && !memcmp(&bytes[f.at], "Adobe", 5)) {
      stream.adobeTransform = bytes[f.at + 11];
    }
    if (marker == 0xDA || marker == 0xD9) throw Fault{CDICOM_MALFORMED, "The JPEG codestream has no frame header."};
    if (isFrame) {
      stream.process = marker;
      stream.precision = f.byte();
      stream.height = f.short16();
      stream.width = f.short16();
      stream.components = f.byte();
      std::string names;
      unsigned firstSampling = 0;
      for (unsigned c = 0; c < stream.components; c++) {
        names += char(f.byte());
        unsigned sampling = f.byte();
        f.byte();
        if (c == 0) firstSampling = sampling;
        if (sampling != firstSampling) stream.subsampled = true;
      }
      stream.namedRGB = names == "RGB";
      return stream;
    }
    f.at = segment + length;
  }
}

Codestream readJPEG2000Header(const std::vector<uint8_t> &bytes) {
  Codestream stream;
  static const uint8_t signature[] = {0, 0, 0, 12, 'j', 'P', ' ', ' '};
  if (bytes.size() > 8 && !memcmp(bytes.data(), signature, 8)) stream.start = skipContainer(bytes);
  Fields f{bytes, stream.start};
  if (f.short16() != 0xFF4F || f.short16() != 0xFF51) {
    throw Fault{CDICOM_MALFORMED, "The compressed frame is no JPEG 2000 codestream."};
  }
  size_t segment = f.at;
  unsigned length = f.short16();
  f.short16();
  uint32_t x1 = f.long32(), y1 = f.long32(), x0 = f.long32(), y0 = f.long32();
  uint32_t tileWidth = f.long32(), tileHeight = f.long32();
  f.at += 8;
  stream.components = f.short16();
  uint8_t depth = f.byte();
  if (x1 <= x0 || y1 <= y0 || tileWidth == 0 || tileHeight == 0) {
    throw Fault{CDICOM_MALFORMED, "The JPEG 2000 codestream states an empty picture."};
  }
  stream.width = x1 - x0, stream.height = y1 - y0;
  stream.isSigned = depth >> 7;
  stream.precision = (depth & 0x7F) + 1;
  // The decoder takes memory for every tile before it reads one.
  uint64_t tiles = ((uint64_t(x1) + tileWidth - 1) / tileWidth) * ((uint64_t(y1) + tileHeight - 1) / tileHeight);
  if (tiles > 16384) {
    throw Fault{CDICOM_MALFORMED, "The JPEG 2000 codestream claims to be cut into " + std::to_string(tiles) + " tiles."};
  }
  f.at = segment + length;
  while (f.has(4)) {
    unsigned marker = f.short16();
    segment = f.at;
    length = f.short16();
    if (marker == 0xFF90 || marker < 0xFF4F || length < 2) break;
    if (marker == 0xFF52) {
      f.at += 4;
      stream.colorTransform = f.byte() != 0;
      stream.decompositions = f.byte();
    }
    f.at = segment + length;
  }
  return stream;
}

bool hasEnd(const std::vector<uint8_t> &bytes) {
  size_t end = bytes.size();
  while (end > 2 && bytes[end - 1] != 0xD9 && bytes.size() - end < 32) end--;
  return end >= 2 && bytes[end - 1] == 0xD9 && bytes[end - 2] == 0xFF;
}

void widen(uint8_t *out, size_t count, unsigned from, unsigned to) {
  if (from == to) return;
  for (size_t i = count; i-- > 0;) {
    for (unsigned b = to; b-- > 0;) out[i * to + b] = b < from ? out[i * from + b] : 0;
  }
}

void extendSign(uint8_t *out, size_t count, unsigned bytes, unsigned precision) {
  if (precision >= bytes * 8) return;
  if (bytes == 1) {
    for (size_t i = 0; i < count; i++) out[i] = uint8_t(int8_t(out[i] << (8 - precision)) >> (8 - precision));
  } else if (bytes == 2) {
    for (size_t i = 0; i < count; i++) {
      uint16_t v;
      memcpy(&v, out + 2 * i, 2);
      v = uint16_t(int16_t(v << (16 - precision)) >> (16 - precision));
      memcpy(out + 2 * i, &v, 2);
    }
  } else if (bytes == 4) {
    for (size_t i = 0; i < count; i++) {
      uint32_t v;
      memcpy(&v, out + 4 * i, 4);
      v = uint32_t(int32_t(v << (32 - precision)) >> (32 - precision));
      memcpy(out + 4 * i, &v, 4);
    }
  }
}
