#include "Layout.hpp"

#include <cstring>

namespace {

constexpr uint32_t undefinedLength = 0xFFFFFFFF;
// DCMTK reads sequences by recursion without a limit of its own; real objects nest less than ten deep.
constexpr size_t maximumDepth = 64;
// An element costs about a hundred bytes of memory once read; whole-slide headers have some 100 000.
constexpr uint64_t maximumElements = 4'000'000;
constexpr uint64_t longValue = 1 << 20, maximumHeader = 256ull << 20;

uint16_t number16(const uint8_t *p, bool big) { return uint16_t(big ? p[0] << 8 | p[1] : p[1] << 8 | p[0]); }
uint32_t number32(const uint8_t *p, bool big) {
  return big ? uint32_t(number16(p, true)) << 16 | number16(p + 2, true)
             : uint32_t(number16(p + 2, false)) << 16 | number16(p, false);
}
uint32_t tagAt(const uint8_t *p, bool big) { return uint32_t(number16(p, big)) << 16 | number16(p + 2, big); }

bool oneOf(const char *list, const uint8_t *vr) {
  for (; *list; list += 3) {
    if (list[0] == vr[0] && list[1] == vr[1]) return true;
  }
  return false;
}
constexpr const char *shortVRs =
  "AE AS AT CS DA DS DT FL FD IS LO LT PN SH SL SS ST TM UI UL US ";
constexpr const char *longVRs = "OB OD OF OL OV OW SQ SV UC UN UR UT UV ";
bool isKnownVR(const uint8_t *vr) { return oneOf(shortVRs, vr) || oneOf(longVRs, vr); }
bool isUpper(uint8_t c) { return c >= 'A' && c <= 'Z'; }

struct Element {
  uint32_t tag = 0, length = 0;
  char vr[3] = "";
  uint64_t start = 0, value = 0;
  bool undefined() const { return length == undefinedLength; }
};

/// The header of the element or item at `offset`; false where the file ends inside.
bool readElement(Source &source, uint64_t offset, bool big, bool implicit, Element &element) {
  const uint8_t *p = source.peek(offset, 8);
  if (!p) return false;
  element.start = offset;
  element.tag = tagAt(p, big);
  if (implicit || element.tag >> 16 == 0xFFFE) {
    strcpy(element.vr, "");
    element.length = number32(p + 4, big);
    element.value = offset + 8;
    return true;
  }
  element.vr[0] = char(p[4]), element.vr[1] = char(p[5]), element.vr[2] = 0;
  // A VR of two unknown capitals is one of a later edition, and those have long lengths (PS3.5 6.2.2).
  bool isLong = !oneOf(shortVRs, p + 4) && isUpper(p[4]) && isUpper(p[5]);
  if (!isLong) {
    element.length = number16(p + 6, big);
    element.value = offset + 8;
    return true;
  }
  p = source.peek(offset, 12);
  if (!p) return false;
  element.length = number32(p + 8, big);
  element.value = offset + 12;
  return true;
}

std::string textAt(Source &source, const Element &element) {
  if (element.length > 256) return "";
  const uint8_t *p = source.peek(element.value, element.length);
  std::string text = p ? std::string(reinterpret_cast<const char *>(p), element.length) : "";
  while (!text.empty() && (text.back() == 0 || text.back() == ' ')) text.pop_back();
  return text;
}

/// Reads group 0002, which is explicit little endian; returns where the data set starts.
uint64_t readMeta(Source &source, uint64_t offset, Layout &layout) {
  const uint8_t *first = source.peek(offset, 6);
  bool implicit = first && !isKnownVR(first + 4); // seen in the wild, though forbidden
  Element element;
  while (readElement(source, offset, false, implicit, element) && element.tag >> 16 == 2) {
    if (element.undefined() || element.length > source.size() - element.value) {
      throw Fault{CDICOM_TRUNCATED, "The file ends inside its file meta information.", source.place(offset)};
    }
    if (element.tag == 0x00020010) layout.transferSyntax = textAt(source, element);
    if (element.tag == 0x00020002) layout.mediaStorageClass = textAt(source, element);
    offset = element.value + element.length;
  }
  return offset;
}

/// Byte order and VR encoding by what stands there: headers that say otherwise are common.
void findEncoding(Source &source, uint64_t start, Layout &layout) {
  const uint8_t *p = source.peek(start, 8);
  if (!p) {
    throw Fault{CDICOM_TRUNCATED, "The file ends after its file meta information.", source.place(start)};
  }
  // The first group of a data set is a small number: the right order gives the smaller one.
  uint16_t little = number16(p, false), big = number16(p, true);
  if (layout.transferSyntax.empty()) {
    layout.bigEndian = big < little;
  } else {
    layout.bigEndian = layout.transferSyntax == "1.2.840.10008.1.2.2" ? !(little < 0x40 && big % 256 == 0)
                                                                      : big < 0x40 && little % 256 == 0;
  }
  layout.implicitVR = !isKnownVR(p + 4) && !(isUpper(p[4]) && isUpper(p[5]));
}

/// Whether the first element could be the start of a data set without preamble and meta information.
bool looksLikeDataset(Source &source) {
  const uint8_t *p = source.peek(0, 8);
  if (!p) return false;
  bool big = number16(p, true) < number16(p, false);
  uint32_t tag = tagAt(p, big), group = tag >> 16;
  if (group != 2 && group != 8) return false;
  if ((tag & 0xFFFF) > 0x0100) return false;
  if (isKnownVR(p + 4)) return true;
  uint32_t length = number32(p + 4, big);
  return length <= 1024 && length <= source.size() - 8;
}

/// One open sequence or item.
struct Level {
  enum Kind { sequence, item, fragments } kind;
  uint64_t end; // UINT64_MAX: until its delimiter
  bool implicit;
};

class Walk {
public:
  Walk(Source &source, Layout &layout) : source(source), layout(layout), big(layout.bigEndian) {}

  /// Visits the data set from `offset` to the pixels or the end.
  void run(uint64_t offset) {
    uint64_t pieceStart = offset;
    while (true) {
      while (!levels.empty() && offset >= levels.back().end) levels.pop_back();
      if (levels.empty() && offset == source.size()) break;
      if (++elements > maximumElements) {
        throw Fault{CDICOM_TOO_LARGE, "The header has more than 4 million elements."};
      }
      bool implicit = levels.empty() ? layout.implicitVR : levels.back().implicit;
      Element element;
      if (!readElement(source, offset, big, implicit, element)) {
        throw Fault{CDICOM_TRUNCATED, "The file ends inside its header.", source.place(source.size())};
      }
      if (levels.empty()) {
        if (element.tag == 0) break; // zeros that pad the end of the file
        if (element.tag == tagPixels || element.tag == tagFloatPixels || element.tag == tagDoublePixels) {
          keep(pieceStart, element.start);
          return foundPixels(element);
        }
      }
      uint64_t next = step(element, implicit);
      bool skip = levels.empty() && !element.undefined() && element.length > longValue && next == element.value + element.length;
      if (skip) {
        keep(pieceStart, element.start);
        pieceStart = next;
      }
      offset = next;
    }
    keep(pieceStart, offset);
  }

private:
  Source &source;
  Layout &layout;
  bool big;
  std::vector<Level> levels;
  uint64_t elements = 0, kept = 0;

  void keep(uint64_t from, uint64_t to) {
    kept += to - from;
    if (kept > maximumHeader) throw Fault{CDICOM_TOO_LARGE, "The header is larger than 256 MiB."};
    if (to > from) layout.header.emplace_back(from, to);
  }

  void push(Level::Kind kind, const Element &element, bool implicit) {
    if (levels.size() >= maximumDepth) {
      throw Fault{CDICOM_MALFORMED, "Sequences are nested more than 64 deep.", source.place(element.start)};
    }
    levels.push_back({kind, element.undefined() ? UINT64_MAX : element.value + element.length, implicit});
  }

  /// Where the walk goes on after the header of `element`.
  uint64_t step(const Element &element, bool implicit) {
    if (element.tag == tagItemEnd || element.tag == tagSequenceEnd) {
      if (!levels.empty()) levels.pop_back();
      return element.value;
    }
    if (!element.undefined() && element.length > source.size() - element.value) {
      throw Fault{
        CDICOM_TRUNCATED, "The file ends before the " + std::to_string(element.length) + " bytes of an element.",
        source.place(element.start)};
    }
    if (element.tag == tagItem) {
      bool inFragments = !levels.empty() && levels.back().kind == Level::fragments;
      if (inFragments) return element.value + (element.undefined() ? 0 : element.length);
      push(Level::item, element, implicit);
      return element.value;
    }
    if (element.undefined()) {
      bool bytes = !implicit && element.vr[0] == 'O';
      bool nestedPixels = element.tag == tagPixels && !levels.empty();
      // An unknown element of undefined length is an implicit little endian sequence (PS3.5 6.2.2).
      push(bytes || nestedPixels ? Level::fragments : Level::sequence, element, implicit || !strcmp(element.vr, "UN"));
      return element.value;
    }
    const uint8_t *inside = implicit && element.length >= 8 ? source.peek(element.value, 4) : nullptr;
    if (!strcmp(element.vr, "SQ") || (inside && tagAt(inside, big) == tagItem)) {
      push(Level::sequence, element, implicit);
      return element.value;
    }
    return element.value + element.length;
  }

  void foundPixels(const Element &element) {
    layout.pixelTag = element.tag;
    layout.pixelVR = element.vr;
    layout.pixelOffset = element.value;
    layout.encapsulated = element.undefined();
    layout.pixelLength = element.undefined() ? source.size() - element.value : element.length;
  }
};

} // namespace

Layout readLayout(Source &source, uint64_t maximumBytes) {
  Layout layout;
  if (source.size() == 0) throw Fault{CDICOM_TRUNCATED, "The file is empty."};
  uint64_t start = 0;
  const uint8_t *p;
  if ((p = source.peek(128, 4)) && !memcmp(p, "DICM", 4)) {
    start = 132;
  } else if ((p = source.peek(0, 4)) && !memcmp(p, "DICM", 4)) {
    start = 4;
  } else if (!looksLikeDataset(source)) {
    throw Fault{CDICOM_UNKNOWN_FORMAT, "The file has neither a DICOM prefix nor a first element of a DICOM object."};
  }
  start = readMeta(source, start, layout);
  if (layout.transferSyntax == "1.2.840.10008.1.2.1.99") {
    source.inflate(start, maximumBytes);
    start = 0;
  }
  findEncoding(source, start, layout);
  if (layout.transferSyntax.empty()) {
    layout.transferSyntax = layout.implicitVR ? "1.2.840.10008.1.2"
      : layout.bigEndian                      ? "1.2.840.10008.1.2.2"
                                              : "1.2.840.10008.1.2.1";
  }
  Walk(source, layout).run(start);
  return layout;
}
