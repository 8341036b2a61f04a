#include "File.hpp"

#include <dcmtk/dcmdata/dcistrmb.h>
#include <dcmtk/dcmdata/dcuid.h>
#include <dcmtk/dcmjpeg/djdecode.h>
#include <dcmtk/dcmjpls/djdecode.h>
#include <dcmtk/oflog/oflog.h>

#include <cstring>
#include <mutex>
#include <new>

namespace {

/// Once a process: no log of DCMTK's own, and its decoders.
void prepare() {
  static std::once_flag once;
  std::call_once(once, [] {
    OFLog::configure(OFLogger::OFF_LOG_LEVEL);
    DJDecoderRegistration::registerCodecs(EDC_never, EUC_never, EPC_colorByPixel);
    DJLSDecoderRegistration::registerCodecs(EJLSUC_never, EJLSPC_colorByPixel);
  });
}

E_TransferSyntax encoding(const Layout &layout) {
  if (layout.bigEndian) return layout.implicitVR ? EXS_BigEndianImplicit : EXS_BigEndianExplicit;
  return layout.implicitVR ? EXS_LittleEndianImplicit : EXS_LittleEndianExplicit;
}

/// Lets DCMTK build the attributes from the header's bytes.
void readAttributes(CDICOMFile &file) {
  std::vector<uint8_t> header;
  for (auto [from, to] : file.layout.header) {
    size_t before = header.size();
    header.resize(before + size_t(to - from));
    file.source.read(from, header.data() + before, size_t(to - from));
  }
  DcmInputBufferStream stream;
  stream.setBuffer(header.data(), offile_off_t(header.size()));
  stream.setEos();
  file.dataset.transferInit();
  // An error leaves the attributes before it in place; whether they suffice shows when they are asked for.
  file.dataset.read(stream, encoding(file.layout), EGL_noChange);
  file.dataset.transferEnd();
  file.dataset.loadAllDataIntoMemory(); // nothing may point into `header` any more
}

} // namespace

CDICOMStatus report(CDICOMFault *fault) {
  Fault found{CDICOM_MALFORMED, ""};
  try {
    throw;
  } catch (const Fault &f) {
    found = f;
  } catch (const std::bad_alloc &) {
    found = {CDICOM_TOO_LARGE, "There is not enough memory for this object."};
  } catch (const std::exception &e) {
    found = {CDICOM_MALFORMED, std::string("DCMTK gave up: ") + e.what() + "."};
  } catch (...) {
    found = {CDICOM_MALFORMED, "DCMTK gave up."};
  }
  if (fault) {
    fault->status = found.status;
    fault->byte = found.byte;
    snprintf(fault->reason, sizeof fault->reason, "%s", found.reason.c_str());
  }
  return found.status;
}

CDICOMFile *cdicom_open(const char *path, uint64_t maximumBytes, CDICOMFault *fault) {
  try {
    prepare();
    if (!dcmDataDict.isDictionaryLoaded()) {
      throw Fault{CDICOM_UNSUPPORTED, "DCMTK's data dictionary (dicom.dic) is not installed or DCMDICTPATH misleads."};
    }
    auto file = std::make_unique<CDICOMFile>(path);
    file->layout = readLayout(file->source, maximumBytes);
    readAttributes(*file);
    return file.release();
  } catch (...) {
    report(fault);
    return nullptr;
  }
}

void cdicom_close(CDICOMFile *file) { delete file; }

bool cdicom_has_pixels(const CDICOMFile *file) { return file->layout.pixelTag != 0; }

const char *cdicom_transfer_syntax(const CDICOMFile *file) { return file->layout.transferSyntax.c_str(); }

const char *cdicom_sop_class(CDICOMFile *file) {
  const char *own = cdicom_text(file, 0x00080016, 0);
  return own ? own : file->layout.mediaStorageClass.c_str();
}

const char *cdicom_uid_name(const char *uid) { return dcmFindNameOfUID(uid); }

void cdicom_free(void *memory) { free(memory); }
