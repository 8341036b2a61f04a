#include "Codestream.hpp"

#include <algorithm>
#include <cstring>
#include <memory>

#if __has_include(<openjpeg-2.5/openjpeg.h>)
#include <openjpeg-2.5/openjpeg.h>
#else
#include <openjpeg.h>
#endif

namespace {

/// OpenJPEG pulls its input through these.
struct Input {
  const uint8_t *bytes;
  size_t count, at;
};

OPJ_SIZE_T readInput(void *buffer, OPJ_SIZE_T count, void *user) {
  auto *input = static_cast<Input *>(user);
  size_t part = std::min<size_t>(count, input->count - input->at);
  if (part == 0) return OPJ_SIZE_T(-1);
  memcpy(buffer, input->bytes + input->at, part);
  input->at += part;
  return part;
}

OPJ_OFF_T skipInput(OPJ_OFF_T count, void *user) {
  auto *input = static_cast<Input *>(user);
  if (count < 0 || size_t(count) > input->count - input->at) return -1;
  input->at += size_t(count);
  return count;
}

OPJ_BOOL seekInput(OPJ_OFF_T offset, void *user) {
  auto *input = static_cast<Input *>(user);
  if (offset < 0 || size_t(offset) > input->count) return OPJ_FALSE;
  input->at = size_t(offset);
  return OPJ_TRUE;
}

void keepFirst(const char *message, void *user) {
  auto *text = static_cast<std::string *>(user);
  if (text->empty()) *text = message;
}
void silent(const char *, void *) {}

[[noreturn]] void fail(const std::vector<uint8_t> &bytes, std::string text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '.')) text.pop_back();
  if (!hasEnd(bytes)) throw Fault{CDICOM_TRUNCATED, "The JPEG 2000 codestream ends early."};
  throw Fault{CDICOM_MALFORMED, "The JPEG 2000 codestream is damaged" + (text.empty() ? "." : ": " + text + ".")};
}

template <typename T> void store(
  const opj_image_t *image, const SampleLayout &layout, uint8_t *out) {
  T *samples = reinterpret_cast<T *>(out);
  for (unsigned c = 0; c < image->numcomps; c++) {
    const opj_image_comp_t &component = image->comps[c];
    T *next = samples + c;
    for (unsigned y = 0; y < layout.height; y++) {
      const OPJ_INT32 *row = component.data + size_t(uint64_t(y) * component.h / layout.height) * component.w;
      if (component.w == layout.width) {
        for (unsigned x = 0; x < layout.width; x++, next += image->numcomps) *next = T(row[x]);
      } else {
        for (unsigned x = 0; x < layout.width; x++, next += image->numcomps) {
          *next = T(row[uint64_t(x) * component.w / layout.width]);
        }
      }
    }
  }
}

} // namespace

void decodeJPEG2000(
  const std::vector<uint8_t> &bytes, const Codestream &header, unsigned levels, const SampleLayout &layout,
  uint8_t *out) {
  Input input{bytes.data() + header.start, bytes.size() - header.start, 0};
  std::unique_ptr<opj_stream_t, void (*)(opj_stream_t *)> stream(
    opj_stream_create(std::min<size_t>(input.count + 16, 1 << 20), OPJ_TRUE),
    [](opj_stream_t *s) { opj_stream_destroy(s); });
  std::unique_ptr<opj_codec_t, void (*)(opj_codec_t *)> codec(
    opj_create_decompress(OPJ_CODEC_J2K), [](opj_codec_t *c) { opj_destroy_codec(c); });
  if (!stream || !codec) throw Fault{CDICOM_TOO_LARGE, "There is no memory for the JPEG 2000 decoder."};
  opj_stream_set_user_data(stream.get(), &input, nullptr);
  opj_stream_set_user_data_length(stream.get(), input.count);
  opj_stream_set_read_function(stream.get(), readInput);
  opj_stream_set_skip_function(stream.get(), skipInput);
  opj_stream_set_seek_function(stream.get(), seekInput);

  std::string text;
  opj_set_error_handler(codec.get(), keepFirst, &text);
  opj_set_warning_handler(codec.get(), silent, nullptr);
  opj_set_info_handler(codec.get(), silent, nullptr);
  opj_dparameters_t parameters;
  opj_set_default_decoder_parameters(&parameters);
  parameters.cp_reduce = levels;
  if (!opj_setup_decoder(codec.get(), &parameters)) fail(bytes, text);

  opj_image_t *opened = nullptr;
  bool read = opj_read_header(stream.get(), codec.get(), &opened);
  std::unique_ptr<opj_image_t, void (*)(opj_image_t *)> image(opened, [](opj_image_t *i) { opj_image_destroy(i); });
  if (!read || !image || image->numcomps != header.components) fail(bytes, text);
  if (!opj_decode(codec.get(), stream.get(), image.get())) fail(bytes, text);

  for (unsigned c = 0; c < image->numcomps; c++) {
    const opj_image_comp_t &component = image->comps[c];
    if (!component.data || component.w == 0 || component.h == 0) fail(bytes, "a component is missing");
    if (c == 0 && (component.w != layout.width || component.h != layout.height)) fail(bytes, "its size differs from its header's");
  }
  switch (layout.bytes) {
  case 1: store<uint8_t>(image.get(), layout, out); break;
  case 2: store<uint16_t>(image.get(), layout, out); break;
  default: store<uint32_t>(image.get(), layout, out); break;
  }
  // Unsigned codestreams of signed data hold the two's complement bits of their precision.
  if (layout.isSigned && !header.isSigned) {
    extendSign(out, size_t(layout.width) * layout.height * image->numcomps, layout.bytes, header.precision);
  }
}
