// Attribute values as text, numbers and lookup tables.
#include "CharacterSets.hpp"
#include "File.hpp"

#include <algorithm>
#include <cstring>

namespace {

DcmTagKey key(uint32_t tag) { return DcmTagKey(Uint16(tag >> 16), Uint16(tag & 0xFFFF)); }

/// The first item of a sequence in the functional groups of `frame` (PS3.3 C.7.6.16), per-frame before shared.
DcmItem *macro(DcmItem &dataset, uint32_t sequence, uint32_t frame) {
  DcmItem *group = nullptr, *found = nullptr;
  if (dataset.findAndGetSequenceItem(DCM_PerFrameFunctionalGroupsSequence, group, long(frame)).good() && group &&
      group->findAndGetSequenceItem(key(sequence), found, 0).good() && found) {
    return found;
  }
  if (dataset.findAndGetSequenceItem(DCM_SharedFunctionalGroupsSequence, group, 0).good() && group &&
      group->findAndGetSequenceItem(key(sequence), found, 0).good()) {
    return found;
  }
  return nullptr;
}

uint32_t numbers(DcmItem &item, uint32_t tag, double *values, uint32_t maximum) {
  DcmElement *element = nullptr;
  if (item.findAndGetElement(key(tag), element).bad() || !element) return 0;
  uint32_t count = 0, present = uint32_t(std::min<unsigned long>(element->getVM(), maximum));
  if (element->ident() == EVR_DS && present > 8) {
    // One by one, DCMTK would search the whole text for every value.
    OFVector<Float64> all;
    if (static_cast<DcmDecimalString *>(element)->getFloat64Vector(all).bad()) return 0;
    for (; count < maximum && count < all.size(); count++) values[count] = all[count];
    return count;
  }
  for (uint32_t i = 0; i < present; i++) {
    Float64 number = 0;
    Float32 single = 0;
    Uint16 u16 = 0;
    Sint16 s16 = 0;
    Uint32 u32 = 0;
    Sint32 s32 = 0;
    if (element->getFloat64(number, i).bad()) {
      if (element->getFloat32(single, i).good()) number = single;
      else if (element->getUint16(u16, i).good()) number = u16;
      else if (element->getSint16(s16, i).good()) number = s16;
      else if (element->getUint32(u32, i).good()) number = u32;
      else if (element->getSint32(s32, i).good()) number = s32;
      else break;
    }
    values[count++] = number;
  }
  return count;
}

/// 16-bit values of a table, which stand as US, SS or OW.
std::vector<uint16_t> words(DcmItem &item, uint32_t tag) {
  DcmElement *element = nullptr;
  if (tag == 0 || item.findAndGetElement(key(tag), element).bad() || !element) return {};
  Uint16 *data = nullptr;
  Sint16 *signedData = nullptr;
  size_t count = element->getLength() / 2;
  if (element->getUint16Array(data).good() && data) return std::vector<uint16_t>(data, data + count);
  if (element->getSint16Array(signedData).good() && signedData) {
    return std::vector<uint16_t>(signedData, signedData + count);
  }
  return {};
}

/// Segmented palette (PS3.3 C.7.9.2): discrete, linear and indirect segments of 16-bit numbers.
std::vector<uint16_t> expand(const std::vector<uint16_t> &data, size_t count) {
  std::vector<uint16_t> out;
  auto segment = [&](size_t at, bool nested, auto &&self) -> size_t {
    if (at + 1 >= data.size()) return data.size();
    uint16_t kind = data[at], length = data[at + 1];
    size_t next = at + 2;
    if (kind == 0) {
      for (size_t i = 0; i < length && next < data.size() && out.size() < count; i++) out.push_back(data[next++]);
    } else if (kind == 1 && !out.empty() && next < data.size()) {
      int from = out.back(), to = data[next++];
      for (int i = 1; i <= length && out.size() < count; i++) {
        out.push_back(uint16_t(from + ((to - from) * i + (to > from ? length : -int(length)) / 2) / length));
      }
    } else if (kind == 2 && !nested && next + 1 < data.size()) {
      size_t target = (data[next] | size_t(data[next + 1]) << 16) / 2; // a byte offset
      next += 2;
      for (size_t i = 0; i < length && target < data.size(); i++) target = self(target, true, self);
    } else {
      return data.size();
    }
    return next;
  };
  for (size_t at = 0; at < data.size() && out.size() < count;) at = segment(at, false, segment);
  return out;
}

} // namespace

const char *cdicom_text(CDICOMFile *file, uint32_t tag, uint32_t index) {
  try {
    DcmElement *element = nullptr;
    OFString value;
    if (file->dataset.findAndGetElement(key(tag), element).bad() || !element) return nullptr;
    if (element->getOFString(value, index).bad() || value.empty()) return nullptr;
    OFString declared;
    file->dataset.findAndGetOFStringArray(DCM_SpecificCharacterSet, declared);
    file->text = toUTF8(value.c_str(), declared.c_str());
    while (!file->text.empty() && file->text.back() == ' ') file->text.pop_back();
    file->text.erase(0, file->text.find_first_not_of(' '));
    return file->text.empty() ? nullptr : file->text.c_str();
  } catch (...) {
    return nullptr;
  }
}

uint32_t cdicom_numbers(
  CDICOMFile *file, uint32_t tag, uint32_t sequence, uint32_t frame, double *values, uint32_t maximum) {
  try {
    uint32_t count = numbers(file->dataset, tag, values, maximum);
    if (count > 0 || sequence == 0) return count;
    DcmItem *item = macro(file->dataset, sequence, frame);
    return item ? numbers(*item, tag, values, maximum) : 0;
  } catch (...) {
    return 0;
  }
}

uint32_t cdicom_private_elements(CDICOMFile *file) {
  try {
    uint32_t count = 0;
    DcmStack stack;
    while (file->dataset.nextObject(stack, OFTrue).good()) {
      const DcmTag &tag = stack.top()->getTag();
      bool isReserving = tag.getElement() >= 0x10 && tag.getElement() <= 0xFF;
      if (tag.getGroup() % 2 == 1 && !isReserving) count++;
    }
    return count;
  } catch (...) {
    return 0;
  }
}

uint32_t cdicom_overlays(CDICOMFile *file) {
  uint32_t count = 0;
  for (Uint16 group = 0x6000; group < 0x6020; group += 2) {
    if (file->dataset.tagExists(DcmTagKey(group, 0x3000))) count++;
  }
  return count;
}

bool cdicom_table(
  CDICOMFile *file, uint32_t sequence, uint32_t descriptor, uint32_t data, uint32_t segmented, bool isSigned,
  CDICOMTable *table) {
  try {
    DcmItem *item = &file->dataset;
    if (sequence != 0 && (file->dataset.findAndGetSequenceItem(key(sequence), item, 0).bad() || !item)) return false;
    std::vector<uint16_t> about = words(*item, descriptor);
    if (about.size() < 3) return false;
    size_t count = about[0] == 0 ? 65536 : about[0];
    std::vector<uint16_t> entries = words(*item, data);
    bool isSegmented = entries.empty();
    if (isSegmented) entries = expand(words(*item, segmented), count);
    // Eight-bit tables may be packed two entries a word.
    if (!isSegmented && about[2] <= 8 && entries.size() < count && entries.size() * 2 >= count) {
      std::vector<uint16_t> unpacked;
      for (uint16_t word : entries) {
        unpacked.push_back(word & 0xFF);
        unpacked.push_back(word >> 8);
      }
      entries = std::move(unpacked);
    }
    if (entries.size() < count || about[2] == 0 || about[2] > 16) return false;
    table->count = uint32_t(count);
    table->bits = about[2];
    table->first = isSigned ? int16_t(about[1]) : about[1];
    table->entries = static_cast<uint16_t *>(malloc(count * 2));
    if (!table->entries) return false;
    memcpy(table->entries, entries.data(), count * 2);
    return true;
  } catch (...) {
    return false;
  }
}
