// Where things lie in a DICOM file, found without building any object: file meta information (PS3.10), the
// encoding of the data set (PS3.5 section 7) and the place of the pixels.
#pragma once
#include <utility>

#include "Source.hpp"

struct Layout {
  std::string transferSyntax;    // from the file meta information, else guessed
  std::string mediaStorageClass; // (0002,0002), may be empty
  bool bigEndian = false, implicitVR = false;
  /// Byte ranges of the data set before the pixels. Long values that are no sequences are left out.
  std::vector<std::pair<uint64_t, uint64_t>> header;

  uint32_t pixelTag = 0; // 0: no pixels
  std::string pixelVR;
  uint64_t pixelOffset = 0, pixelLength = 0; // of the value
  bool encapsulated = false;                 // of undefined length: a sequence of fragments
};

/// Reads the outline of `source`. A deflated data set is inflated into memory, at most `maximumBytes`.
Layout readLayout(Source &source, uint64_t maximumBytes);

constexpr uint32_t tagItem = 0xFFFEE000, tagItemEnd = 0xFFFEE00D, tagSequenceEnd = 0xFFFEE0DD;
constexpr uint32_t tagFloatPixels = 0x7FE00008, tagDoublePixels = 0x7FE00009, tagPixels = 0x7FE00010;
