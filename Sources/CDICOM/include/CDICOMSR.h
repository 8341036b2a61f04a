#ifndef BRAID_CDICOMSR_H
#define BRAID_CDICOMSR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// Writes a DICOM Basic Text SR document (PS3.3 A.35.1): a tree of containers, texts and codes. The attributes of the
// patient are empty unless `identified`.

typedef struct CDICOMSR CDICOMSR;

// A coded concept: value, coding scheme and meaning.
typedef struct {
  const char *value, *scheme, *meaning;
} CDICOMSRCode;

// What the document says of itself. Texts are UTF-8; dates are YYYYMMDD, times HHMMSS.
typedef struct {
  const char *studyUID, *seriesUID, *instanceUID;
  const char *date, *time;
  const char *description; // of the study, at most 64 characters
  const char *manufacturer, *model, *version;
  bool final; // else preliminary
  const char *patientName, *patientID, *birthDate, *sex, *accession;
  bool identified; // whether they are written; else the document says that identity was removed
} CDICOMSRHeader;

// A document whose root container is titled `title`; null without memory.
CDICOMSR *cdicomsr_create(CDICOMSRCode title);
void cdicomsr_free(CDICOMSR *document);

// Adds an item inside the open container. All return false where DCMTK refuses it; then `cdicomsr_reason` says why
// and nothing was added.
bool cdicomsr_language(CDICOMSR *document, CDICOMSRCode language);
bool cdicomsr_device(CDICOMSR *document, const char *uid, const char *name);
bool cdicomsr_text(CDICOMSR *document, CDICOMSRCode name, const char *text);
bool cdicomsr_code(CDICOMSR *document, CDICOMSRCode name, CDICOMSRCode value);
// Opens a container inside the open one; what is added until `cdicomsr_leave` stands in it.
bool cdicomsr_enter(CDICOMSR *document, CDICOMSRCode name);
bool cdicomsr_leave(CDICOMSR *document);

// The whole DICOM file (explicit little endian, CompletionFlag PARTIAL or COMPLETE, VerificationFlag UNVERIFIED), to be
// freed with `cdicomsr_free_bytes`.
bool cdicomsr_write(CDICOMSR *document, const CDICOMSRHeader *header, uint8_t **bytes, size_t *count);
void cdicomsr_free_bytes(uint8_t *bytes);

const char *cdicomsr_reason(const CDICOMSR *document);

#ifdef __cplusplus
}
#endif

#endif
