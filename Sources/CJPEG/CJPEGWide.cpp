#include "CJPEG.h"

#include <dcmtk/config/osconfig.h>

#include <dcmtk/dcmjpeg/djcparam.h>
#include <dcmtk/dcmjpeg/djdijg12.h>
#include <dcmtk/dcmjpeg/djdijg16.h>
#include <dcmtk/dcmjpeg/djdijg8.h>
#include <dcmtk/dcmjpeg/djutils.h>
#include <dcmtk/oflog/oflog.h>

#include <algorithm>
#include <cstring>
#include <exception>
#include <memory>

namespace {

// Fed a part at a time, so that a long file can be given up in between.
constexpr size_t part = 1 << 18;

// A marker cannot stand inside entropy-coded data, so that this counts the scans (and those of a thumbnail).
int scans(const uint8_t *bytes, size_t count) {
  int found = 0;
  const uint8_t *end = bytes + count;
  while (bytes + 1 < end) {
    bytes = static_cast<const uint8_t *>(std::memchr(bytes, 0xFF, size_t(end - bytes - 1)));
    if (!bytes) break;
    found += bytes[1] == 0xDA;
    bytes++;
  }
  return found;
}

cjpeg_status decode(
  const cjpeg_request &request, int bits, bool convert, uint8_t *target, cjpeg_report &report) {
  // A warning for every corrupt code would flood standard error.
  static const bool quiet = (DCM_dcmjpegLogger.setLogLevel(OFLogger::OFF_LOG_LEVEL), true);
  (void)quiet;
  const DJCodecParameter parameters(ECC_lossyYCbCr, convert ? EDC_guess : EDC_never, EUC_never, EPC_default);
  std::unique_ptr<DJDecoder> codec;
  if (bits <= 8) codec = std::make_unique<DJDecompressIJG8Bit>(parameters, OFFalse);
  else if (bits <= 12) codec = std::make_unique<DJDecompressIJG12Bit>(parameters, OFFalse);
  else codec = std::make_unique<DJDecompressIJG16Bit>(parameters, OFFalse);

  const size_t size = size_t(request.width) * request.height * request.channels * (bits > 8 ? 2 : 1);
  OFCondition result = codec->init();
  size_t at = 0;
  while (result.good() || result == EJ_Suspension) {
    if (at == request.count) {
      std::strcpy(report.message, "the image data end early");
      report.offset = at;
      return CJPEG_TRUNCATED;
    }
    if (request.stop && request.stop()) return CJPEG_STOPPED;
    const size_t count = std::min(part, request.count - at);
    // The codec reads through a pointer to non-const and leaves the bytes as they are.
    result = codec->decode(const_cast<Uint8 *>(request.bytes + at), Uint32(count), target, Uint32(size), OFFalse);
    report.offset = at;
    at += count;
    if (result.good()) return CJPEG_OK;
  }
  std::strncpy(report.message, result.text(), sizeof report.message - 1);
  return CJPEG_MALFORMED;
}

}  // namespace

cjpeg_status cjpeg_decode_wide(
  const cjpeg_request *request, int bits, int convert, uint8_t *target, cjpeg_report *report) {
  std::memset(report, 0, sizeof *report);
  const double size = double(request->width) * request->height * request->channels * (bits > 8 ? 2 : 1);
  if (size > 4294967295.0) {
    std::strcpy(report->message, "pictures of 4 GiB and more cannot be decoded at this depth");
    return CJPEG_UNSUPPORTED;
  }
  // The codecs do not say how far they are, so that the count comes first.
  if (scans(request->bytes, request->count) > request->maximum_scans) return CJPEG_SCANS;
  try {
    return decode(*request, bits, convert != 0, target, *report);
  } catch (const std::bad_alloc &) {
    return CJPEG_MEMORY;
  } catch (const std::exception &error) {
    std::strncpy(report->message, error.what(), sizeof report->message - 1);
    return CJPEG_MALFORMED;
  }
}
