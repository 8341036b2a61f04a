// Compressed frames: what their headers say, and the codecs that are not DCMTK's.
#pragma once
#include "Source.hpp"

/// Reduced decoding: JPEG at `eighths`/8, JPEG 2000 without its `levels` finest resolutions.
struct Scale {
  unsigned eighths = 8, levels = 0;
};

/// What the frame header of a JPEG or JPEG-LS codestream, or the SIZ and COD segments of a JPEG 2000 one, say.
struct Codestream {
  /// Low byte of the start-of-frame marker: C0 baseline, C3 lossless, F7 JPEG-LS; 0 for JPEG 2000.
  uint8_t process = 0;
  unsigned width = 0, height = 0, components = 0, precision = 0;
  bool isSigned = false;
  /// Adobe's colour transform (0 none, 1 YCbCr); -1 without the marker.
  int adobeTransform = -1;
  bool jfif = false, subsampled = false, namedRGB = false;
  /// JPEG 2000: number of wavelet decompositions, whether a colour transform is undone by the decoder, where
  /// the codestream starts (some files wrap it in a JP2 container).
  unsigned decompositions = 0;
  bool colorTransform = false;
  size_t start = 0;
};

/// Reads the header up to the frame's geometry; throws Fault.
Codestream readJPEGHeader(const std::vector<uint8_t> &bytes);
Codestream readJPEG2000Header(const std::vector<uint8_t> &bytes);

/// Whether the codestream has its end marker (FF D9), which JPEG, JPEG-LS and JPEG 2000 share; padding may follow.
bool hasEnd(const std::vector<uint8_t> &bytes);

/// Samples of one decoded frame, with the sign and depth that its codestream has.
struct SampleLayout {
  unsigned bytes;        // a sample as handed out
  unsigned width, height; // as handed out
  bool isSigned;
};
void decodeJPEG2000(
  const std::vector<uint8_t> &bytes, const Codestream &header, unsigned levels, const SampleLayout &layout,
  uint8_t *out);

/// Widens or keeps `count` samples in place at `out`: `from` bytes each to `to` bytes each.
void widen(uint8_t *out, size_t count, unsigned from, unsigned to);
/// Extends the sign of `precision`-bit samples to all `bytes`.
void extendSign(uint8_t *out, size_t count, unsigned bytes, unsigned precision);
