// RLE Lossless (PS3.5 annex G). DCMTK's own decoder trusts the offsets of the segments and passes over missing
// samples, so that damaged frames would crash or be made up.
#include "RLE.hpp"

#include <string>

namespace {

uint32_t little32(const uint8_t *p) { return p[0] | p[1] << 8 | p[2] << 16 | uint32_t(p[3]) << 24; }

/// Unpacks one segment: `count` bytes, `stride` apart.
void unpack(const uint8_t *in, const uint8_t *end, uint8_t *out, size_t count, size_t stride) {
  size_t done = 0;
  while (done < count) {
    if (in == end) throw Fault{CDICOM_TRUNCATED, "An RLE segment ends early."};
    int control = int8_t(*in++);
    if (control == -128) continue;
    size_t length = size_t(control >= 0 ? control + 1 : 1 - control);
    if (size_t(end - in) < (control >= 0 ? length : 1)) throw Fault{CDICOM_TRUNCATED, "An RLE segment ends early."};
    // Some writers let the last run go past the plane; what is over is of no use.
    size_t kept = std::min(length, count - done);
    for (size_t i = 0; i < kept; i++, out += stride) *out = control >= 0 ? in[i] : in[0];
    done += kept;
    in += control >= 0 ? length : 1;
  }
}

} // namespace

void decodeRLE(const std::vector<uint8_t> &bytes, size_t pixels, unsigned samples, unsigned sampleBytes, uint8_t *out) {
  constexpr size_t header = 64;
  if (bytes.size() < header) throw Fault{CDICOM_TRUNCATED, "The RLE frame ends inside its header."};
  uint32_t segments = little32(bytes.data());
  if (segments != samples * sampleBytes || segments > 15) {
    throw Fault{
      CDICOM_MALFORMED, "The RLE frame has " + std::to_string(segments) + " segments where the header needs " +
                          std::to_string(samples * sampleBytes) + "."};
  }
  for (uint32_t s = 0; s < segments; s++) {
    size_t from = little32(&bytes[4 + 4 * s]);
    size_t to = s + 1 < segments ? little32(&bytes[8 + 4 * s]) : bytes.size();
    if (from < header || to < from || to > bytes.size()) {
      throw Fault{
        to > bytes.size() || from > bytes.size() ? CDICOM_TRUNCATED : CDICOM_MALFORMED,
        "The offsets of the RLE segments do not fit into the frame."};
    }
    // A segment holds one byte of each sample of one kind, the most significant first.
    size_t sample = s / sampleBytes, byte = sampleBytes - 1 - s % sampleBytes;
    unpack(&bytes[0] + from, &bytes[0] + to, out + sample * sampleBytes + byte, pixels, samples * sampleBytes);
  }
}
