#include "CDICOMSR.h"

#include "dcmtk/config/osconfig.h"

#include "dcmtk/dcmdata/dcostrmb.h"
#include "dcmtk/dcmdata/dctk.h"
#include "dcmtk/dcmsr/dsrdoc.h"

#include <cstdlib>
#include <cstring>
#include <new>
#include <string>

struct CDICOMSR {
  DSRDocument document{DSRTypes::DT_BasicTextSR};
  std::string reason;

  bool note(const OFCondition &status) {
    if (status.good()) return true;
    reason = status.text();
    return false;
  }
};

namespace {

DSRCodedEntryValue entry(const CDICOMSRCode &code) {
  return DSRCodedEntryValue(code.value, code.scheme, code.meaning);
}

bool fail(CDICOMSR *sr, const char *reason) {
  sr->reason = reason;
  return false;
}

using Relationship = DSRTypes::E_RelationshipType;

// Adds an item with its concept name as the last inside the open container, and makes it current while `fill` sets
// it.
template <class Fill>
bool add(CDICOMSR *sr, Relationship relation, DSRTypes::E_ValueType type, const CDICOMSRCode &name, Fill fill) {
  try {
    DSRDocumentTree &tree = sr->document.getTree();
    if (!tree.addContentItem(relation, type, DSRTypes::AM_belowCurrent)) return fail(sr, "an item does not fit here");
    DSRContentItem &item = tree.getCurrentContentItem();
    bool whole = sr->note(item.setConceptName(entry(name))) && sr->note(fill(item));
    if (whole) tree.goUp();
    else tree.removeCurrentContentItem();
    return whole;
  } catch (const std::bad_alloc &) {
    return fail(sr, "there is no memory for it");
  }
}

// The attributes that dcmsr fills with itself or with the present moment.
OFCondition settle(DcmDataset &dataset, const CDICOMSRHeader &header) {
  const std::pair<DcmTagKey, const char *> texts[] = {
    {DCM_StudyInstanceUID, header.studyUID}, {DCM_SeriesInstanceUID, header.seriesUID},
    {DCM_SOPInstanceUID, header.instanceUID}, {DCM_InstanceCreationDate, header.date},
    {DCM_InstanceCreationTime, header.time}, {DCM_ContentDate, header.date}, {DCM_ContentTime, header.time},
    {DCM_SeriesDate, header.date}, {DCM_SeriesTime, header.time}, {DCM_StudyDate, header.date},
    {DCM_StudyTime, header.time}, {DCM_PatientName, header.patientName}, {DCM_PatientID, header.patientID},
    {DCM_PatientBirthDate, header.birthDate}, {DCM_PatientSex, header.sex}, {DCM_ReferringPhysicianName, ""},
    {DCM_AccessionNumber, header.accession}, {DCM_StudyID, ""}, {DCM_SeriesNumber, "1"}, {DCM_InstanceNumber, "1"},
    {DCM_PatientIdentityRemoved, header.identified ? "NO" : "YES"},
  };
  for (const auto &text : texts) {
    OFCondition status = dataset.putAndInsertString(DcmTag(text.first), text.second);
    if (status.bad()) return status;
  }
  if (!header.identified) {
    OFCondition status =
      dataset.putAndInsertString(DcmTag(DCM_DeidentificationMethod), "Never taken over from the inputs");
    if (status.bad()) return status;
  }
  // Names DCMTK's maker as the creator of the instance.
  delete dataset.remove(DCM_InstanceCreatorUID);
  return EC_Normal;
}

bool serialise(CDICOMSR *sr, DcmFileFormat &file, uint8_t **bytes, size_t *count) {
  const E_TransferSyntax syntax = EXS_LittleEndianExplicit;
  if (!sr->note(file.validateMetaInfo(syntax))) return false;
  // Generous: DCMTK's own sum, with room for what it does not count.
  size_t room = file.calcElementLength(syntax, EET_ExplicitLength) + 65536;
  auto *memory = static_cast<uint8_t *>(std::malloc(room));
  if (!memory) return fail(sr, "there is no memory for it");
  DcmOutputBufferStream stream(memory, static_cast<offile_off_t>(room));
  file.transferInit();
  OFCondition status = file.write(stream, syntax, EET_ExplicitLength, nullptr);
  file.transferEnd();
  void *written = nullptr;
  offile_off_t length = 0;
  stream.flushBuffer(written, length);
  if (status.bad() || !written || length <= 0) {
    std::free(memory);
    return sr->note(status) ? fail(sr, "nothing was written") : false;
  }
  if (written != memory) std::memmove(memory, written, static_cast<size_t>(length));
  *bytes = memory;
  *count = static_cast<size_t>(length);
  return true;
}

} // namespace

extern "C" {

CDICOMSR *cdicomsr_create(CDICOMSRCode title) {
  try {
    auto *sr = new CDICOMSR;
    DSRDocumentTree &tree = sr->document.getTree();
    sr->document.setSpecificCharacterSetType(DSRTypes::CS_UTF8);
    if (!tree.addContentItem(DSRTypes::RT_isRoot, DSRTypes::VT_Container) ||
        tree.getCurrentContentItem().setConceptName(entry(title)).bad()) {
      delete sr;
      return nullptr;
    }
    return sr;
  } catch (const std::bad_alloc &) {
    return nullptr;
  }
}

void cdicomsr_free(CDICOMSR *sr) { delete sr; }

bool cdicomsr_language(CDICOMSR *sr, CDICOMSRCode language) {
  const CDICOMSRCode name = {"121049", "DCM", "Language of Content Item and Descendants"};
  return add(sr, DSRTypes::RT_hasConceptMod, DSRTypes::VT_Code, name,
             [&](DSRContentItem &item) { return item.setCodeValue(entry(language)); });
}

bool cdicomsr_device(CDICOMSR *sr, const char *uid, const char *name) {
  return add(sr, DSRTypes::RT_hasObsContext, DSRTypes::VT_Code, {"121005", "DCM", "Observer Type"},
             [](DSRContentItem &item) { return item.setCodeValue(DSRCodedEntryValue("121007", "DCM", "Device")); }) &&
         add(sr, DSRTypes::RT_hasObsContext, DSRTypes::VT_UIDRef, {"121012", "DCM", "Device Observer UID"},
             [&](DSRContentItem &item) { return item.setStringValue(uid); }) &&
         add(sr, DSRTypes::RT_hasObsContext, DSRTypes::VT_Text, {"121013", "DCM", "Device Observer Name"},
             [&](DSRContentItem &item) { return item.setStringValue(name); });
}

bool cdicomsr_text(CDICOMSR *sr, CDICOMSRCode name, const char *text) {
  return add(sr, DSRTypes::RT_contains, DSRTypes::VT_Text, name,
             [&](DSRContentItem &item) { return item.setStringValue(text); });
}

bool cdicomsr_code(CDICOMSR *sr, CDICOMSRCode name, CDICOMSRCode value) {
  return add(sr, DSRTypes::RT_contains, DSRTypes::VT_Code, name,
             [&](DSRContentItem &item) { return item.setCodeValue(entry(value)); });
}

bool cdicomsr_enter(CDICOMSR *sr, CDICOMSRCode name) {
  try {
    DSRDocumentTree &tree = sr->document.getTree();
    if (!tree.addContentItem(DSRTypes::RT_contains, DSRTypes::VT_Container, DSRTypes::AM_belowCurrent))
      return fail(sr, "a container does not fit here");
    if (sr->note(tree.getCurrentContentItem().setConceptName(entry(name)))) return true;
    tree.removeCurrentContentItem();
    return false;
  } catch (const std::bad_alloc &) {
    return fail(sr, "there is no memory for it");
  }
}

bool cdicomsr_leave(CDICOMSR *sr) {
  return sr->document.getTree().goUp() ? true : fail(sr, "no container is open");
}

bool cdicomsr_write(CDICOMSR *sr, const CDICOMSRHeader *header, uint8_t **bytes, size_t *count) {
  try {
    DSRDocument &document = sr->document;
    if (!sr->note(document.setStudyDescription(header->description)) ||
        !sr->note(document.setSeriesDescription("Report drafted by software")) ||
        !sr->note(document.setManufacturer(header->manufacturer)) ||
        !sr->note(document.setManufacturerModelName(header->model)) ||
        !sr->note(document.setSoftwareVersions(header->version)))
      return false;
    if (header->final && !sr->note(document.completeDocument())) return false;
    if (!sr->note(document.setPreliminaryFlag(header->final ? DSRTypes::PF_Final : DSRTypes::PF_Preliminary)))
      return false;
    DcmFileFormat file;
    if (!sr->note(document.write(*file.getDataset())) || !sr->note(settle(*file.getDataset(), *header))) return false;
    return serialise(sr, file, bytes, count);
  } catch (const std::bad_alloc &) {
    return fail(sr, "there is no memory for it");
  }
}

void cdicomsr_free_bytes(uint8_t *bytes) { std::free(bytes); }

const char *cdicomsr_reason(const CDICOMSR *sr) { return sr->reason.c_str(); }

} // extern "C"
