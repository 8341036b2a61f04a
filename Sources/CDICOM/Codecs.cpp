// Compressed frames, by codec.
#include "File.hpp"

#include <dcmtk/dcmdata/dccodec.h>
#include <dcmtk/dcmdata/dcpixseq.h>
#include <dcmtk/dcmdata/dcpxitem.h>

#include <cstring>

#include "BaselineJPEG.h"
#include "RLE.hpp"

namespace {

void checkHeader(const CDICOMFile &file, const Codestream &header) {
  const CDICOMPicture &p = file.picture;
  if (header.width != p.columns || header.height != p.rows || header.components != p.samples) {
    throw Fault{
      CDICOM_MALFORMED,
      "The compressed frame is " + std::to_string(header.width) + " x " + std::to_string(header.height) + " with " +
        std::to_string(header.components) + " components, the header says " + std::to_string(p.columns) + " x " +
        std::to_string(p.rows) + " with " + std::to_string(p.samples) + "."};
  }
  if (header.precision == 0 || header.precision > p.bitsAllocated) {
    throw Fault{
      CDICOM_MALFORMED, "The compressed samples have " + std::to_string(header.precision) + " bits, the header allocates " +
                          std::to_string(p.bitsAllocated) + "."};
  }
}

/// Decodes by one of DCMTK's codecs, which take their geometry from a data set.
void decodeByDCMTK(
  const CDICOMFile &file, E_TransferSyntax syntax, std::vector<uint8_t> bytes, unsigned bits, unsigned sampleBytes,
  uint8_t *out) {
  const CDICOMPicture &p = file.picture;
  DcmDataset info;
  info.putAndInsertUint16(DCM_Rows, Uint16(p.rows));
  info.putAndInsertUint16(DCM_Columns, Uint16(p.columns));
  info.putAndInsertUint16(DCM_SamplesPerPixel, Uint16(p.samples));
  info.putAndInsertUint16(DCM_BitsAllocated, Uint16(sampleBytes * 8));
  info.putAndInsertUint16(DCM_BitsStored, Uint16(bits));
  info.putAndInsertUint16(DCM_HighBit, Uint16(bits - 1));
  info.putAndInsertUint16(DCM_PixelRepresentation, 0);
  if (p.samples > 1) info.putAndInsertUint16(DCM_PlanarConfiguration, 0);
  info.putAndInsertString(DCM_PhotometricInterpretation, p.samples == 1 ? "MONOCHROME2" : "RGB");

  // Fragments are of even length. On damaged frames the JPEG-LS decoder looks at the byte after the last one;
  // at this length it lies in the same unit of the allocator.
  while (bytes.size() % 16 != 2) bytes.push_back(0);
  DcmPixelSequence sequence(DcmTag(DCM_PixelData, EVR_OB));
  sequence.insert(new DcmPixelItem(DcmTag(DCM_PixelItemTag, EVR_OB)));
  auto *item = new DcmPixelItem(DcmTag(DCM_PixelItemTag, EVR_OB));
  sequence.insert(item);
  OFCondition result = item->putUint8Array(bytes.data(), static_cast<unsigned long>(bytes.size()));
  Uint32 fragment = 1;
  OFString model;
  size_t size = size_t(p.rows) * p.columns * p.samples * sampleBytes;
  if (size > 0xFFFFFFFE) throw Fault{CDICOM_TOO_LARGE, "A frame of this size is not decompressed."};
  if (result.good()) {
    result = DcmCodecList::decodeFrame(
      DcmXfer(syntax), nullptr, &sequence, &info, 0, fragment, out, Uint32(size), model);
  }
  if (result.bad()) {
    if (!hasEnd(bytes)) throw Fault{CDICOM_TRUNCATED, "The compressed frame ends early."};
    throw Fault{CDICOM_MALFORMED, std::string("The compressed frame is damaged: ") + result.text() + "."};
  }
}

/// Brings samples of a codestream to those of the header: wider, and signed where the header says so.
void fit(const CDICOMPicture &p, unsigned precision, unsigned from, uint8_t *out) {
  size_t count = size_t(p.outRows) * p.outColumns * p.samples;
  widen(out, count, from, p.sampleBytes);
  if (p.isSigned) extendSign(out, count, p.sampleBytes, precision);
}

/// What the components of a JPEG frame mean: Adobe's marker knows, then the header, but a subsampled "RGB" in a
/// JFIF stream was never converted by its writer.
CDICOMColor jpegColor(const CDICOMFile &file, const Codestream &header) {
  if (file.picture.samples == 1) return file.color;
  if (header.adobeTransform == 0 || header.namedRGB) return CDICOM_RGB;
  if (header.adobeTransform == 1) return CDICOM_YBR_FULL;
  if (file.color == CDICOM_RGB && header.jfif && header.subsampled) return CDICOM_YBR_FULL;
  return file.color;
}

CDICOMColor decodeJPEG(const CDICOMFile &file, std::vector<uint8_t> bytes, uint8_t *out) {
  Codestream header = readJPEGHeader(bytes);
  checkHeader(file, header);
  const CDICOMPicture &p = file.picture;
  bool isLossless = header.process == 0xC3;
  if (header.precision == 8 && !isLossless) {
    BaselineResult result = decodeBaselineJPEG(
      bytes.data(), bytes.size(), file.scale.eighths, p.outColumns, p.outRows, p.samples, out);
    if (result.code != 0) {
      throw Fault{
        result.code == 1 ? CDICOM_TRUNCATED : CDICOM_MALFORMED,
        std::string(result.code == 1 ? "The JPEG frame ends early: " : "The JPEG frame is damaged: ") + result.message +
          "."};
    }
    fit(p, 8, 1, out);
    return jpegColor(file, header);
  }
  E_TransferSyntax syntax = EXS_Unknown;
  if (isLossless) syntax = EXS_JPEGProcess14SV1;
  if (header.process == 0xC1 && header.precision == 12) syntax = EXS_JPEGProcess2_4;
  if (header.process == 0xC2 && header.precision == 12) syntax = EXS_JPEGProcess10_12;
  if (syntax == EXS_Unknown || file.scale.eighths != 8) {
    throw Fault{
      CDICOM_UNSUPPORTED, "JPEG with " + std::to_string(header.precision) + " bits and start of frame " +
                            std::to_string(header.process - 0xC0) + " is not read."};
  }
  unsigned width = header.precision > 8 ? 2 : 1;
  decodeByDCMTK(file, syntax, std::move(bytes), header.precision, width, out);
  fit(p, header.precision, width, out);
  return jpegColor(file, header);
}

CDICOMColor decodeJPEGLS(const CDICOMFile &file, std::vector<uint8_t> bytes, uint8_t *out) {
  Codestream header = readJPEGHeader(bytes);
  checkHeader(file, header);
  if (header.process != 0xF7) throw Fault{CDICOM_MALFORMED, "The compressed frame is no JPEG-LS codestream."};
  unsigned width = header.precision > 8 ? 2 : 1;
  decodeByDCMTK(file, EXS_JPEGLSLossy, std::move(bytes), header.precision, width, out);
  fit(file.picture, header.precision, width, out);
  return file.color;
}

CDICOMColor decodeJ2K(const CDICOMFile &file, const std::vector<uint8_t> &bytes, uint8_t *out) {
  Codestream header = readJPEG2000Header(bytes);
  checkHeader(file, header);
  const CDICOMPicture &p = file.picture;
  decodeJPEG2000(bytes, header, file.scale.levels, {p.sampleBytes, p.outColumns, p.outRows, p.isSigned}, out);
  // The decoder undoes the codestream's own transform; without one YBR_FULL means what it says.
  return p.samples == 3 && header.colorTransform ? CDICOM_RGB : file.color;
}

} // namespace

Codec codecOf(const std::string &uid) {
  const std::string root = "1.2.840.10008.1.2";
  if (uid == root || uid == root + ".1" || uid == root + ".2" || uid == root + ".1.99") return Codec::none;
  if (uid == root + ".5") return Codec::rle;
  if (uid.compare(0, root.size() + 3, root + ".4.") == 0) {
    int number = atoi(uid.c_str() + root.size() + 3);
    if (number >= 50 && number <= 70) return Codec::jpeg;
    if (number == 80 || number == 81) return Codec::jpegLS;
    if ((number >= 90 && number <= 93) || (number >= 201 && number <= 203)) return Codec::jpeg2000;
  }
  const char *name = cdicom_uid_name(uid.c_str());
  throw Fault{
    CDICOM_UNSUPPORTED, "Pixels in transfer syntax " + uid + (name ? std::string(" (") + name + ")" : "") + " are not read."};
}

CDICOMColor decodeCompressed(CDICOMFile &file, uint32_t frame, uint8_t *out) {
  std::vector<uint8_t> bytes = frameBytes(file, frame);
  switch (codecOf(file.layout.transferSyntax)) {
  case Codec::rle: {
    const CDICOMPicture &p = file.picture;
    decodeRLE(bytes, size_t(p.rows) * p.columns, p.samples, p.sampleBytes, out);
    return file.color;
  }
  case Codec::jpeg: return decodeJPEG(file, std::move(bytes), out);
  case Codec::jpegLS: return decodeJPEGLS(file, std::move(bytes), out);
  case Codec::jpeg2000: return decodeJ2K(file, bytes, out);
  case Codec::none: break;
  }
  throw Fault{CDICOM_MALFORMED, "The transfer syntax is an uncompressed one."};
}
