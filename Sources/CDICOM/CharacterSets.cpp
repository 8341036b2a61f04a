// DCMTK on the C library's iconv knows no multi-byte sets with code extensions, so that the escape sequences of
// ISO 2022 are followed here (PS3.3 C.12.1.1.2, PS3.5 section 6.1.2.5) and iconv converts the runs between them.
#include "CharacterSets.hpp"

#include <iconv.h>

#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <cstring>

namespace {

bool isUTF8(const std::string &text) {
  for (size_t i = 0; i < text.size();) {
    auto c = static_cast<uint8_t>(text[i]);
    size_t more = c < 0x80 ? 0 : c >= 0xC2 && c < 0xE0 ? 1 : c >= 0xE0 && c < 0xF0 ? 2 : c >= 0xF0 && c < 0xF5 ? 3 : 9;
    if (more > 3 || i + more >= text.size()) return false;
    for (size_t k = 1; k <= more; k++) {
      if ((static_cast<uint8_t>(text[i + k]) & 0xC0) != 0x80) return false;
    }
    i += more + 1;
  }
  return true;
}

std::string fromLatin1(const std::string &text) {
  std::string out;
  for (char letter : text) {
    auto c = static_cast<uint8_t>(letter);
    if (c < 0x80) {
      out += letter;
    } else {
      out += char(0xC0 | c >> 6);
      out += char(0x80 | (c & 0x3F));
    }
  }
  return out;
}

bool convert(const std::string &text, const char *encoding, std::string &out) {
  iconv_t converter = iconv_open("UTF-8", encoding);
  if (converter == iconv_t(-1)) return false;
  std::string room(text.size() * 4 + 16, '\0');
  char *in = const_cast<char *>(text.data()), *next = room.data();
  size_t left = text.size(), free = room.size();
  bool done = iconv(converter, &in, &left, &next, &free) != size_t(-1);
  iconv_close(converter);
  if (done) out.append(room.data(), room.size() - free);
  return done;
}

constexpr const char *ascii = "US-ASCII", *katakana = "katakana", *jis0208 = "0208", *jis0212 = "0212";

/// A set by the number in its defined term, such as ISO_IR 100 or ISO 2022 IR 100; null for unknown ones.
const char *setNamed(const std::string &term) {
  static const struct {
    int number;
    const char *encoding;
  } sets[] = {{6, ascii},          {100, "ISO-8859-1"}, {101, "ISO-8859-2"}, {109, "ISO-8859-3"}, {110, "ISO-8859-4"},
              {144, "ISO-8859-5"}, {127, "ISO-8859-6"}, {126, "ISO-8859-7"}, {138, "ISO-8859-8"}, {148, "ISO-8859-9"},
              {203, "ISO-8859-15"}, {166, "TIS-620"},   {13, katakana},      {192, "UTF-8"},      {87, ascii},
              {159, ascii},        {149, "EUC-KR"},     {58, "GB2312"}};
  if (term.empty()) return ascii;
  if (term == "GB18030" || term == "GBK") return "GB18030";
  size_t digits = term.find_last_not_of("0123456789");
  int number = digits == std::string::npos ? 0 : atoi(term.c_str() + digits + 1);
  for (auto &set : sets) {
    if (set.number == number) return set.encoding;
  }
  return nullptr;
}

/// Sets that an escape sequence switches to: `upper` for the bytes from 0x80 on.
struct Escape {
  const char *sequence, *set;
  bool upper;
};
constexpr Escape escapes[] = {
  {"(B", ascii, false},        {"(J", ascii, false},        {"$B", jis0208, false},      {"$@", jis0208, false},
  {"$(D", jis0212, false},     {")I", katakana, true},      {"$)C", "EUC-KR", true},     {"$)A", "GB2312", true},
  {"-A", "ISO-8859-1", true},  {"-B", "ISO-8859-2", true},  {"-C", "ISO-8859-3", true},  {"-D", "ISO-8859-4", true},
  {"-L", "ISO-8859-5", true},  {"-G", "ISO-8859-6", true},  {"-F", "ISO-8859-7", true},  {"-H", "ISO-8859-8", true},
  {"-M", "ISO-8859-9", true},  {"-b", "ISO-8859-15", true}, {"-T", "TIS-620", true},
};

bool convertRun(const std::string &run, const char *lower, const char *upper, std::string &out) {
  if (run.empty()) return true;
  std::string bytes;
  if (lower == jis0208 || lower == jis0212) {
    for (size_t i = 0; i < run.size(); i++) {
      if (lower == jis0212 && i % 2 == 0) bytes += '\x8F';
      bytes += char(run[i] | 0x80);
    }
    return convert(bytes, "EUC-JP", out);
  }
  if (upper == katakana) {
    for (char c : run) {
      if (c & 0x80) bytes += '\x8E';
      bytes += c;
    }
    return convert(bytes, "EUC-JP", out);
  }
  return convert(run, upper == ascii ? "US-ASCII" : upper, out);
}

bool followEscapes(const std::string &text, const char *first, std::string &out) {
  const char *lower = ascii, *upper = first;
  std::string run;
  for (size_t i = 0; i < text.size();) {
    if (text[i] == 0x1B) {
      if (!convertRun(run, lower, upper, out)) return false;
      run.clear();
      const Escape *found = nullptr;
      for (auto &escape : escapes) {
        if (text.compare(i + 1, strlen(escape.sequence), escape.sequence) == 0) found = &escape;
      }
      if (!found) return false;
      (found->upper ? upper : lower) = found->set;
      i += 1 + strlen(found->sequence);
      continue;
    }
    // The parts of a name start with the first set again.
    bool parts = lower == ascii && strchr("^=\\\r\n\t\f", text[i]);
    run += text[i++];
    if (parts) {
      if (!convertRun(run, lower, upper, out)) return false;
      run.clear();
      upper = first;
    }
  }
  return convertRun(run, lower, upper, out);
}

} // namespace

std::string toUTF8(const std::string &text, const std::string &declared) {
  bool plain = true;
  for (char c : text) plain = plain && c > 0x1B && c < 0x7F;
  if (plain) return text;
  std::string term = declared.substr(0, declared.find('\\')), out;
  while (!term.empty() && term.back() == ' ') term.pop_back();
  const char *first = setNamed(term);
  bool extends = text.find('\x1B') != std::string::npos;
  if (first && (extends || first != ascii)) {
    bool done = extends || first == katakana ? followEscapes(text, first, out) : convert(text, first, out);
    if (done) return out;
  }
  return isUTF8(text) ? text : fromLatin1(text);
}
