#include "CPNG.h"

#include <zlib.h>

ptrdiff_t cpng_gunzip_head(const uint8_t *source, size_t count, uint8_t *target, size_t capacity) {
  z_stream stream = {.next_in = (Bytef *)source, .avail_in = (uInt)count, .next_out = target, .avail_out = (uInt)capacity};
  if (inflateInit2(&stream, 16 + MAX_WBITS) != Z_OK) return -1;
  int result = inflate(&stream, Z_SYNC_FLUSH);
  size_t written = capacity - stream.avail_out;
  inflateEnd(&stream);
  return written == 0 && result != Z_OK && result != Z_STREAM_END && result != Z_BUF_ERROR ? -1 : (ptrdiff_t)written;
}
