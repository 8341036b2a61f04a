// One frame: native pixels put in order, or the way to the right codec.
#include "File.hpp"

#include <algorithm>
#include <cstring>

namespace {

void swapUnits(uint8_t *bytes, size_t count, unsigned unit) {
  for (size_t i = 0; i + unit <= count; i += unit) std::reverse(bytes + i, bytes + i + unit);
}

/// Rows of Y Y Cb Cr, each chroma sample shared by two pixels.
void spreadChroma(const uint8_t *in, const CDICOMPicture &p, uint8_t *out) {
  for (uint32_t y = 0; y < p.rows; y++) {
    for (uint32_t x = 0; x < p.columns; x += 2, in += 4) {
      for (uint32_t k = 0; k < 2 && x + k < p.columns; k++) {
        *out++ = in[k];
        *out++ = in[2];
        *out++ = in[3];
      }
    }
  }
}

/// Planes to pixels; the width of a sample is known to the compiler, which makes a move of each copy.
template <size_t unit> void interleave(const uint8_t *in, const CDICOMPicture &p, uint8_t *out) {
  size_t pixels = size_t(p.rows) * p.columns;
  for (size_t s = 0; s < p.samples; s++) {
    for (size_t i = 0; i < pixels; i++) memcpy(out + (i * p.samples + s) * unit, in + (s * pixels + i) * unit, unit);
  }
}

void decodeBits(CDICOMFile &file, uint32_t frame, uint8_t *out) {
  const CDICOMPicture &p = file.picture;
  uint64_t count = uint64_t(p.rows) * p.columns * p.samples, first = count * frame;
  // Frames follow each other without filling up the last byte.
  bool swap = file.layout.bigEndian && file.layout.pixelVR != "OB";
  uint64_t from = first / 8 & ~uint64_t(1), to = (first + count + 7) / 8;
  if (swap && to % 2) to++;
  to = std::min(to, file.source.size() - file.layout.pixelOffset);
  std::vector<uint8_t> bytes(static_cast<size_t>(to - from));
  file.source.read(file.layout.pixelOffset + from, bytes.data(), bytes.size());
  if (swap) swapUnits(bytes.data(), bytes.size(), 2);
  for (uint64_t i = 0; i < count; i++) {
    uint64_t bit = first + i - from * 8;
    out[i] = bytes[size_t(bit / 8)] >> (bit % 8) & 1;
  }
}

} // namespace

void decodeNative(CDICOMFile &file, uint32_t frame, uint8_t *out) {
  const CDICOMPicture &p = file.picture;
  if (p.bitsAllocated == 1) return decodeBits(file, frame, out);
  uint64_t bytes = file.halfChroma ? uint64_t(p.rows) * ((p.columns + 1) / 2) * 4
                                   : uint64_t(p.rows) * p.columns * p.samples * p.sampleBytes;
  uint64_t at = bytes * frame;
  unsigned unit = p.sampleBytes;
  bool swap = file.layout.bigEndian && unit > 1;
  // Bytes that stand in 16-bit words are swapped as words, which may join two frames.
  bool swapWords = file.layout.bigEndian && unit == 1 && file.layout.pixelVR != "OB";
  bool direct = !file.planar && !file.halfChroma && !swapWords;
  std::vector<uint8_t> held;
  uint8_t *target = out;
  if (!direct) {
    uint64_t from = swapWords ? at & ~uint64_t(1) : at, to = at + bytes;
    if (swapWords && to % 2) to++;
    to = std::min(to, file.source.size() - file.layout.pixelOffset);
    held.resize(size_t(to - from));
    file.source.read(file.layout.pixelOffset + from, held.data(), held.size());
    if (swapWords) swapUnits(held.data(), held.size(), 2);
    target = held.data() + (at - from);
  } else {
    file.source.read(file.layout.pixelOffset + at, out, size_t(bytes));
  }
  if (swap) swapUnits(target, size_t(bytes), unit);
  if (file.halfChroma) {
    spreadChroma(target, p, out);
  } else if (file.planar) {
    switch (unit) {
    case 1: interleave<1>(target, p, out); break;
    case 2: interleave<2>(target, p, out); break;
    case 4: interleave<4>(target, p, out); break;
    default: interleave<8>(target, p, out); break;
    }
  } else if (target != out) {
    memcpy(out, target, size_t(bytes));
  }
}

CDICOMStatus cdicom_frame(
  CDICOMFile *file, uint32_t index, void *out, size_t size, CDICOMColor *color, CDICOMFault *fault) {
  try {
    const CDICOMPicture &p = file->picture;
    size_t expected = size_t(p.outRows) * p.outColumns * p.samples * p.sampleBytes;
    if (index >= p.frames || size != expected) throw Fault{CDICOM_MALFORMED, "There is no such frame."};
    auto *bytes = static_cast<uint8_t *>(out);
    if (file->fragments.empty()) {
      decodeNative(*file, index, bytes);
      *color = file->color;
    } else {
      *color = decodeCompressed(*file, index, bytes);
    }
    return CDICOM_OK;
  } catch (...) {
    return report(fault);
  }
}
