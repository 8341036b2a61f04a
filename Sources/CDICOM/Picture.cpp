// Geometry and sample format, checked before any memory is taken for pixels.
#include "File.hpp"

#include <algorithm>
#include <climits>

namespace {

uint32_t required(CDICOMFile &file, const DcmTagKey &key, const char *name) {
  Uint16 value = 0;
  if (file.dataset.findAndGetUint16(key, value).bad()) {
    throw Fault{CDICOM_MALFORMED, std::string("The header has pixels but no usable ") + name + "."};
  }
  return value;
}

uint32_t optional(CDICOMFile &file, const DcmTagKey &key, uint32_t missing) {
  Uint16 value = 0;
  return file.dataset.findAndGetUint16(key, value).good() ? value : missing;
}

uint32_t frameCount(CDICOMFile &file) {
  DcmElement *element = nullptr;
  if (file.dataset.findAndGetElement(DCM_NumberOfFrames, element).bad() || !element || element->getLength() == 0) {
    return 1;
  }
  Sint32 count = 0;
  OFString text;
  element->getOFString(text, 0);
  bool digits = text.find_first_not_of("0123456789+ ") == OFString_npos;
  if (!digits || element->getSint32(count, 0).bad() || count < 0) {
    throw Fault{CDICOM_MALFORMED, "Number of Frames is '" + std::string(text.c_str()) + "', which is no count."};
  }
  return count == 0 ? 1 : uint32_t(count);
}

CDICOMColor colorOf(CDICOMFile &file, uint32_t samples) {
  OFString name;
  file.dataset.findAndGetOFString(DCM_PhotometricInterpretation, name);
  if (name == "MONOCHROME1") return CDICOM_MONOCHROME1;
  if (name == "MONOCHROME2") return CDICOM_MONOCHROME2;
  if (name == "PALETTE COLOR") return CDICOM_PALETTE;
  if (name == "RGB") return CDICOM_RGB;
  if (name == "YBR_FULL" || name == "YBR_FULL_422") return CDICOM_YBR_FULL;
  if (name == "YBR_PARTIAL_422" || name == "YBR_PARTIAL_420") return CDICOM_YBR_PARTIAL;
  if (name == "YBR_ICT" || name == "YBR_RCT") return CDICOM_YBR_FULL;
  if (name.empty()) return samples == 1 ? CDICOM_MONOCHROME2 : CDICOM_RGB;
  return CDICOM_OTHER;
}

/// Native pixels: how they lie, and whether the file has all of them.
void checkNative(CDICOMFile &file, const CDICOMPicture &p) {
  OFString photometric;
  file.dataset.findAndGetOFString(DCM_PhotometricInterpretation, photometric);
  file.planar = p.samples > 1 && optional(file, DCM_PlanarConfiguration, 0) == 1;
  uint64_t pixels = uint64_t(p.rows) * p.columns, present = file.layout.pixelLength;
  uint64_t bytes = p.bitsAllocated == 1 ? (pixels * p.samples * p.frames + 7) / 8
                                        : pixels * p.samples * p.sampleBytes * p.frames;
  bool names422 = photometric == "YBR_FULL_422" || photometric == "YBR_PARTIAL_422";
  // Some files name 4:2:2 and hold full chroma.
  file.halfChroma = names422 && p.samples == 3 && p.bitsAllocated == 8 && present < bytes;
  if (file.halfChroma) {
    bytes = uint64_t(p.rows) * ((p.columns + 1) / 2) * 4 * p.frames;
    file.planar = false;
  }
  uint64_t inFile = std::min(present, file.source.size() - file.layout.pixelOffset);
  if (inFile < bytes) {
    throw Fault{
      CDICOM_TRUNCATED,
      "The pixels take " + std::to_string(bytes) + " bytes, and the file holds " + std::to_string(inFile) + ".",
      file.source.place(file.layout.pixelOffset + inFile)};
  }
}

/// Picks the smallest scale whose shorter side is not below `enough`.
void pickScale(CDICOMFile &file, uint32_t enough, CDICOMPicture &p) {
  Codec codec = codecOf(file.layout.transferSyntax);
  uint32_t side = std::min(p.rows, p.columns);
  if (enough == 0 || side <= enough || (codec != Codec::jpeg && codec != Codec::jpeg2000)) return;
  std::vector<uint8_t> bytes = frameBytes(file, 0);
  if (codec == Codec::jpeg) {
    Codestream header = readJPEGHeader(bytes);
    if (header.precision != 8 || header.process == 0xC3) return;
    while (file.scale.eighths > 1 && (side * (file.scale.eighths - 1) + 7) / 8 >= enough) file.scale.eighths--;
    p.outRows = (p.rows * file.scale.eighths + 7) / 8;
    p.outColumns = (p.columns * file.scale.eighths + 7) / 8;
  } else {
    unsigned levels = 0, most = std::min(readJPEG2000Header(bytes).decompositions, 16u);
    auto reduced = [](uint32_t n, unsigned by) { return (n + (1u << by) - 1) >> by; };
    while (levels < most && reduced(side, levels + 1) >= enough) levels++;
    file.scale.levels = levels;
    p.outRows = reduced(p.rows, levels);
    p.outColumns = reduced(p.columns, levels);
  }
}

} // namespace

CDICOMStatus cdicom_picture(
  CDICOMFile *file, uint64_t maximumPixels, uint32_t enoughSide, CDICOMPicture *picture, CDICOMFault *fault) {
  try {
    CDICOMPicture p{};
    p.rows = p.outRows = required(*file, DCM_Rows, "Rows");
    p.columns = p.outColumns = required(*file, DCM_Columns, "Columns");
    p.frames = frameCount(*file);
    p.samples = optional(*file, DCM_SamplesPerPixel, 1);
    p.isFloat = file->layout.pixelTag != tagPixels;
    p.bitsAllocated = p.isFloat ? (file->layout.pixelTag == tagFloatPixels ? 32 : 64)
                                : required(*file, DCM_BitsAllocated, "Bits Allocated");
    p.bitsStored = p.isFloat ? p.bitsAllocated : optional(*file, DCM_BitsStored, p.bitsAllocated);
    p.highBit = optional(*file, DCM_HighBit, p.bitsStored - 1);
    p.isSigned = !p.isFloat && optional(*file, DCM_PixelRepresentation, 0) == 1;
    p.sampleBytes = p.bitsAllocated == 1 ? 1 : p.bitsAllocated / 8;
    if (p.rows == 0 || p.columns == 0) throw Fault{CDICOM_MALFORMED, "Rows or Columns is zero."};
    if (uint64_t(p.rows) * p.columns > maximumPixels) {
      throw Fault{
        CDICOM_TOO_LARGE, "A picture of " + std::to_string(p.columns) + " x " + std::to_string(p.rows) +
                            " pixels is larger than the limit of " + std::to_string(maximumPixels) + "."};
    }
    uint32_t bits = p.bitsAllocated;
    if (!p.isFloat && bits != 1 && bits != 8 && bits != 16 && bits != 32) {
      throw Fault{CDICOM_UNSUPPORTED, "Samples of " + std::to_string(bits) + " allocated bits are not read."};
    }
    if (p.samples != 1 && p.samples != 3) {
      throw Fault{CDICOM_UNSUPPORTED, "Pictures of " + std::to_string(p.samples) + " samples a pixel are not read."};
    }
    if (p.bitsStored == 0 || p.bitsStored > bits || p.highBit >= bits || p.highBit + 1 < p.bitsStored) {
      throw Fault{CDICOM_MALFORMED, "Bits Stored or High Bit does not fit into Bits Allocated."};
    }
    file->color = colorOf(*file, p.samples);
    file->scale = Scale{};
    bool wrongCount = p.samples == 1 ? file->color >= CDICOM_RGB && file->color != CDICOM_OTHER
                                     : file->color <= CDICOM_PALETTE;
    if (wrongCount) {
      throw Fault{CDICOM_MALFORMED, "Samples per Pixel contradicts the Photometric Interpretation."};
    }
    if (!file->layout.encapsulated) {
      Codec codec = codecOf(file->layout.transferSyntax);
      uint64_t native = uint64_t(p.rows) * p.columns * p.samples * p.sampleBytes * p.frames;
      // A compressed frame that was written without its fragments.
      if (codec != Codec::none && p.bitsAllocated != 1 && file->layout.pixelLength < native) {
        if (file->layout.pixelLength > file->source.size() - file->layout.pixelOffset) {
          throw Fault{CDICOM_TRUNCATED, "The file ends inside its compressed pixels.", file->source.place(file->source.size())};
        }
        if (p.frames > 1) throw Fault{CDICOM_MALFORMED, "Compressed frames stand without the fragments that part them."};
        file->fragments = {{file->layout.pixelOffset, file->layout.pixelLength}};
        file->frameStarts = {0, 1};
      } else {
        file->fragments.clear();
        checkNative(*file, p);
      }
    } else {
      if (p.isFloat || codecOf(file->layout.transferSyntax) == Codec::none) {
        throw Fault{CDICOM_MALFORMED, "The pixels stand in fragments, but the transfer syntax is an uncompressed one."};
      }
      if (p.bitsAllocated == 1) throw Fault{CDICOM_UNSUPPORTED, "Compressed pictures of one bit a sample are not read."};
      file->picture = p;
      indexFragments(*file);
    }
    if (!file->fragments.empty()) pickScale(*file, enoughSide, p);
    file->picture = *picture = p;
    return CDICOM_OK;
  } catch (...) {
    return report(fault);
  }
}
