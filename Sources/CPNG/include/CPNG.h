// A small face of libpng: errors come back as values, so that longjmp never leaves this target.
#ifndef BRAID_CPNG_H
#define BRAID_CPNG_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum {
  CPNG_OK = 0,
  CPNG_TRUNCATED,  // the file or its image data end early
  CPNG_MALFORMED,
  CPNG_MEMORY,
} cpng_status;

// How rows come out of cpng_read_rows.
typedef struct {
  uint32_t width, height;
  int channels;      // samples a pixel
  int sample_bytes;  // 1, or 2 in the byte order of this machine
  int passes;        // 1, or 7 where interlaced: every pass covers all rows
} cpng_layout;

typedef struct cpng_reader cpng_reader;

// Takes over `descriptor`, which stands at the first byte of the file. Null when out of memory.
cpng_reader *cpng_reader_open(int descriptor);
// Reads up to the first image data. `shown`: palettes, transparency and depths below 8 expanded.
cpng_status cpng_reader_start(cpng_reader *reader, int shown, cpng_layout *layout);
// Reads `count` rows into (or, in later passes, over) `rows`, `stride` bytes apart.
cpng_status cpng_reader_rows(cpng_reader *reader, uint8_t *rows, size_t stride, uint32_t count);
// libpng's words for the last failure.
const char *cpng_reader_message(const cpng_reader *reader);
// Bytes that libpng has taken from the file so far.
uint64_t cpng_reader_offset(const cpng_reader *reader);
void cpng_reader_close(cpng_reader *reader);

// Encodes rows without gaps; `channels` 1 to 4, `sample_bytes` 1 or 2 (this machine's byte order).
// On success `*bytes` is malloc'ed and must be freed. On failure `message` (128 bytes) says why.
cpng_status cpng_encode(
  const uint8_t *samples, uint32_t width, uint32_t height, int channels, int sample_bytes, uint8_t **bytes,
  size_t *count, char *message);

// Inflates the head of gzip data, at most `capacity` bytes. Returns the number of bytes written, or -1 where
// `source` is no gzip data.
ptrdiff_t cpng_gunzip_head(const uint8_t *source, size_t count, uint8_t *target, size_t capacity);

#ifdef __cplusplus
}
#endif
#endif
