#include "CPNG.h"

#include <png.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
  jmp_buf escape;
  png_structp png;
  png_infop info;
  char *message;
  uint8_t *bytes;
  size_t count, capacity;
} sink;

static void fail(png_structp png, png_const_charp text) {
  sink *target = png_get_error_ptr(png);
  strncpy(target->message, text, 127);
  longjmp(target->escape, 1);
}

static void ignore(png_structp png, png_const_charp text) { (void)png, (void)text; }

static void put(png_structp png, png_bytep bytes, size_t count) {
  sink *target = png_get_io_ptr(png);
  if (target->capacity - target->count < count) {
    size_t capacity = target->capacity * 2 + count + 4096;
    uint8_t *larger = realloc(target->bytes, capacity);
    if (!larger) png_error(png, "out of memory");
    target->bytes = larger, target->capacity = capacity;
  }
  memcpy(target->bytes + target->count, bytes, count);
  target->count += count;
}

static void discard(sink *target) {
  if (target->png) png_destroy_write_struct(&target->png, &target->info);
  free(target->bytes);
  free(target);
}

static void flush(png_structp png) { (void)png; }

cpng_status cpng_encode(
  const uint8_t *samples, uint32_t width, uint32_t height, int channels, int sample_bytes, uint8_t **bytes,
  size_t *count, char *message) {
  static const int types[] = {PNG_COLOR_TYPE_GRAY, PNG_COLOR_TYPE_GRAY_ALPHA, PNG_COLOR_TYPE_RGB, PNG_COLOR_TYPE_RGB_ALPHA};
  memset(message, 0, 128);
  sink *target = calloc(1, sizeof *target);
  if (!target) return CPNG_MEMORY;
  target->message = message;
  if (setjmp(target->escape)) {
    cpng_status status = strstr(message, "memory") ? CPNG_MEMORY : CPNG_MALFORMED;
    discard(target);
    return status;
  }
  png_structp png = target->png = png_create_write_struct(PNG_LIBPNG_VER_STRING, target, fail, ignore);
  png_infop info = target->info = png ? png_create_info_struct(png) : NULL;
  if (!info) {
    discard(target);
    return CPNG_MEMORY;
  }
  png_set_user_limits(png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
  png_set_write_fn(png, target, put, flush);
  png_set_IHDR(
    png, info, width, height, 8 * sample_bytes, types[channels - 1], PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
    PNG_FILTER_TYPE_DEFAULT);
  png_write_info(png, info);
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
  if (sample_bytes == 2) png_set_swap(png);
#endif
  size_t stride = (size_t)width * (size_t)channels * (size_t)sample_bytes;
  for (uint32_t row = 0; row < height; row++) png_write_row(png, samples + row * stride);
  png_write_end(png, info);
  *bytes = target->bytes, *count = target->count;
  target->bytes = NULL;
  discard(target);
  return CPNG_OK;
}
