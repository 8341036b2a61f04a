#include "CPNG.h"

#include <errno.h>
#include <png.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { BUFFER = 1 << 16, MESSAGE = 128 };

struct cpng_reader {
  png_structp png;
  png_infop info;
  jmp_buf escape;
  int descriptor, ended;
  uint64_t offset;
  size_t start, end;  // unread part of the buffer
  char message[MESSAGE];
  uint8_t buffer[BUFFER];
};

static void fail(png_structp png, png_const_charp text) {
  cpng_reader *reader = png_get_error_ptr(png);
  strncpy(reader->message, text, MESSAGE - 1);
  longjmp(reader->escape, 1);
}

// libpng goes on after a warning; what it leaves out then (a broken ancillary chunk) does not touch the pixels.
static void ignore(png_structp png, png_const_charp text) { (void)png, (void)text; }

static void take(png_structp png, png_bytep target, size_t count) {
  cpng_reader *reader = png_get_io_ptr(png);
  while (count > 0) {
    if (reader->start == reader->end) {
      ssize_t got;
      do got = read(reader->descriptor, reader->buffer, BUFFER);
      while (got < 0 && errno == EINTR);
      if (got <= 0) {
        reader->ended = got == 0;
        png_error(png, got == 0 ? "the file ends early" : strerror(errno));
      }
      reader->start = 0, reader->end = (size_t)got;
    }
    size_t part = reader->end - reader->start;
    if (part > count) part = count;
    memcpy(target, reader->buffer + reader->start, part);
    reader->start += part, reader->offset += part, target += part, count -= part;
  }
}

cpng_reader *cpng_reader_open(int descriptor) {
  cpng_reader *reader = malloc(sizeof *reader);
  if (!reader) {
    close(descriptor);
    return NULL;
  }
  memset(reader, 0, offsetof(cpng_reader, buffer));
  reader->descriptor = descriptor;
  if (setjmp(reader->escape)) {
    cpng_reader_close(reader);
    return NULL;
  }
  reader->png = png_create_read_struct(PNG_LIBPNG_VER_STRING, reader, fail, ignore);
  reader->info = reader->png ? png_create_info_struct(reader->png) : NULL;
  if (!reader->info) {
    cpng_reader_close(reader);
    return NULL;
  }
  png_set_read_fn(reader->png, reader, take);
  // The caller has checked the size against its own limit of pixels.
  png_set_user_limits(reader->png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
  // Everything but IHDR, PLTE, tRNS and IDAT leaves the pixels as they are, and text and profiles can be bombs.
  png_set_keep_unknown_chunks(reader->png, PNG_HANDLE_CHUNK_NEVER, NULL, -1);
  return reader;
}

static cpng_status verdict(const cpng_reader *reader) {
  if (reader->ended || strstr(reader->message, "Not enough image data")) return CPNG_TRUNCATED;
  if (strstr(reader->message, "ut of memory") || strstr(reader->message, "nsufficient memory")) return CPNG_MEMORY;
  return CPNG_MALFORMED;
}

cpng_status cpng_reader_start(cpng_reader *reader, int shown, cpng_layout *layout) {
  if (setjmp(reader->escape)) return verdict(reader);
  png_structp png = reader->png;
  png_infop info = reader->info;
  png_read_info(png, info);
  int type = png_get_color_type(png, info), depth = png_get_bit_depth(png, info);
  if (shown) {
    if (type == PNG_COLOR_TYPE_PALETTE) png_set_palette_to_rgb(png);
    if (type == PNG_COLOR_TYPE_GRAY && depth < 8) png_set_expand_gray_1_2_4_to_8(png);
    if (png_get_valid(png, info, PNG_INFO_tRNS)) png_set_tRNS_to_alpha(png);
  } else if (depth < 8) {
    png_set_packing(png);
  }
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
  if (depth == 16) png_set_swap(png);
#endif
  layout->passes = png_set_interlace_handling(png);
  png_read_update_info(png, info);
  layout->width = png_get_image_width(png, info);
  layout->height = png_get_image_height(png, info);
  layout->channels = png_get_channels(png, info);
  layout->sample_bytes = png_get_bit_depth(png, info) == 16 ? 2 : 1;
  return CPNG_OK;
}

cpng_status cpng_reader_rows(cpng_reader *reader, uint8_t *rows, size_t stride, uint32_t count) {
  if (setjmp(reader->escape)) return verdict(reader);
  for (uint32_t row = 0; row < count; row++) png_read_row(reader->png, rows + row * stride, NULL);
  return CPNG_OK;
}

const char *cpng_reader_message(const cpng_reader *reader) { return reader->message; }

uint64_t cpng_reader_offset(const cpng_reader *reader) { return reader->offset; }

void cpng_reader_close(cpng_reader *reader) {
  if (!reader) return;
  if (reader->png) png_destroy_read_struct(&reader->png, &reader->info, NULL);
  close(reader->descriptor);
  free(reader);
}
