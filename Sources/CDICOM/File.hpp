// What stands behind the opaque CDICOMFile.
#pragma once
#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>

#include <memory>

#include "Codestream.hpp"
#include "Layout.hpp"

/// One compressed fragment: bytes of the file.
struct Fragment {
  uint64_t offset, length;
};

struct CDICOMFile {
  explicit CDICOMFile(const char *path) : source(path) {}

  Source source;
  Layout layout;
  DcmDataset dataset;
  std::string text; // what cdicom_text last returned

  CDICOMPicture picture{};
  CDICOMColor color = CDICOM_OTHER;
  bool planar = false, halfChroma = false; // of native pixels
  std::vector<Fragment> fragments;
  /// Index of the first fragment of each frame, and one past the last fragment at the end.
  std::vector<size_t> frameStarts;
  Scale scale;
};

/// Fills the fault from what was thrown. For use inside a catch block.
CDICOMStatus report(CDICOMFault *fault);

/// Finds the fragments of every frame; throws Fault.
void indexFragments(CDICOMFile &file);
/// The compressed bytes of a frame, its fragments joined.
std::vector<uint8_t> frameBytes(CDICOMFile &file, uint32_t frame);

/// Decodes native pixels, or decodes compressed ones; returns what the samples mean.
void decodeNative(CDICOMFile &file, uint32_t frame, uint8_t *out);
CDICOMColor decodeCompressed(CDICOMFile &file, uint32_t frame, uint8_t *out);

enum class Codec { none, rle, jpeg, jpegLS, jpeg2000 };
/// The codec of an encapsulated transfer syntax; throws an unsupported Fault for others.
Codec codecOf(const std::string &transferSyntax);
