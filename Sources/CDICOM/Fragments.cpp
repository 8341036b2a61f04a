// Which compressed bytes belong to which frame (PS3.5 annex A.4).
#include "File.hpp"

#include <algorithm>
#include <cstring>

namespace {

uint32_t little32(const uint8_t *p) { return p[0] | p[1] << 8 | p[2] << 16 | uint32_t(p[3]) << 24; }

/// Offsets of frames from the first byte after the offset table, from either table; empty where none.
std::vector<uint64_t> offsetTable(CDICOMFile &file, const Fragment &basic) {
  std::vector<uint64_t> offsets;
  DcmElement *extended = nullptr;
  Uint64 offset = 0;
  if (file.dataset.findAndGetElement(DCM_ExtendedOffsetTable, extended).good() && extended) {
    unsigned long count = std::min<unsigned long>(extended->getNumberOfValues(), file.picture.frames);
    for (unsigned long i = 0; i < count && extended->getUint64(offset, i).good(); i++) offsets.push_back(offset);
  }
  if (!offsets.empty()) return offsets;
  for (uint64_t at = 0; at + 4 <= basic.length; at += 4) {
    const uint8_t *p = file.source.peek(basic.offset + at, 4);
    if (!p) break;
    offsets.push_back(little32(p));
  }
  return offsets;
}

/// Whether a codestream starts with this fragment.
bool startsFrame(CDICOMFile &file, const Fragment &fragment, Codec codec) {
  const uint8_t *p = fragment.length >= 8 ? file.source.peek(fragment.offset, 8) : nullptr;
  if (!p) return false;
  if (codec == Codec::jpeg2000) return !memcmp(p, "\xFF\x4F\xFF\x51", 4) || !memcmp(p + 4, "jP  ", 4);
  return p[0] == 0xFF && p[1] == 0xD8 && p[2] == 0xFF;
}

} // namespace

void indexFragments(CDICOMFile &file) {
  std::vector<Fragment> &fragments = file.fragments;
  fragments.clear();
  file.frameStarts.clear();
  Fragment basic{0, 0};
  bool isFirst = true;
  uint64_t at = file.layout.pixelOffset, base = at;
  while (const uint8_t *p = file.source.peek(at, 8)) {
    uint32_t tag = uint32_t(p[0] | p[1] << 8) << 16 | p[2] | p[3] << 8, length = little32(p + 4);
    if (tag == tagSequenceEnd) break;
    if (tag != tagItem) {
      // After the last frame anything but the delimiter may be left out; before it the file is damaged.
      if (fragments.size() >= file.picture.frames) break;
      throw Fault{CDICOM_MALFORMED, "Something else stands where a compressed fragment should.", file.source.place(at)};
    }
    at += 8;
    if (length > file.source.size() - at) {
      throw Fault{CDICOM_TRUNCATED, "The file ends inside its compressed pixels.", file.source.place(file.source.size())};
    }
    if (isFirst) {
      basic = {at, length};
      base = at + length;
    } else {
      fragments.push_back({at, length});
    }
    isFirst = false;
    at += length;
  }
  size_t frames = file.picture.frames;
  if (fragments.size() < frames) {
    bool ended = file.source.peek(at, 8) == nullptr;
    throw Fault{
      ended ? CDICOM_TRUNCATED : CDICOM_MALFORMED,
      "The header promises " + std::to_string(frames) + " frames, and there are " + std::to_string(fragments.size()) +
        " compressed fragments.",
      file.source.place(at)};
  }
  std::vector<size_t> &starts = file.frameStarts;
  if (fragments.size() == frames) {
    for (size_t i = 0; i <= frames; i++) starts.push_back(i);
    return;
  }
  if (frames == 1) {
    starts = {0, fragments.size()};
    return;
  }
  size_t next = 0;
  for (uint64_t offset : offsetTable(file, basic)) {
    while (next < fragments.size() && fragments[next].offset - 8 < base + offset) next++;
    if (next == fragments.size() || fragments[next].offset - 8 != base + offset) break;
    starts.push_back(next);
  }
  if (starts.size() != frames || starts[0] != 0) {
    starts.clear();
    Codec codec = codecOf(file.layout.transferSyntax);
    for (size_t i = 0; i < fragments.size() && codec != Codec::rle; i++) {
      if (startsFrame(file, fragments[i], codec)) starts.push_back(i);
    }
  }
  if (starts.size() != frames || starts[0] != 0 || !std::is_sorted(starts.begin(), starts.end())) {
    throw Fault{
      CDICOM_MALFORMED, "Nothing tells which of the " + std::to_string(fragments.size()) +
                          " compressed fragments make up the " + std::to_string(frames) + " frames."};
  }
  starts.push_back(fragments.size());
}

std::vector<uint8_t> frameBytes(CDICOMFile &file, uint32_t frame) {
  size_t from = file.frameStarts[frame], to = file.frameStarts[frame + 1];
  uint64_t total = 0;
  for (size_t i = from; i < to; i++) total += file.fragments[i].length;
  std::vector<uint8_t> bytes(static_cast<size_t>(total));
  size_t at = 0;
  for (size_t i = from; i < to; i++) {
    file.source.read(file.fragments[i].offset, bytes.data() + at, size_t(file.fragments[i].length));
    at += size_t(file.fragments[i].length);
  }
  return bytes;
}
