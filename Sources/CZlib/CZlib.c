#include "CZlib.h"

#include <limits.h>
#include <stdlib.h>
#include <zlib.h>

struct braid_inflater {
  z_stream stream;
  int ended;
};

braid_inflater *braid_inflater_create(void) {
  braid_inflater *inflater = calloc(1, sizeof *inflater);
  if (!inflater) return NULL;
  /* 15 bits of window, 16 asks for the gzip wrapper. */
  if (inflateInit2(&inflater->stream, 15 + 16) != Z_OK) {
    free(inflater);
    return NULL;
  }
  return inflater;
}

void braid_inflater_destroy(braid_inflater *inflater) {
  if (!inflater) return;
  inflateEnd(&inflater->stream);
  free(inflater);
}

int braid_inflate(
    braid_inflater *inflater, const uint8_t *input, size_t input_count, uint8_t *output, size_t output_count,
    size_t *consumed, size_t *produced) {
  z_stream *z = &inflater->stream;
  *consumed = *produced = 0;
  if (inflater->ended) {
    if (inflateReset(z) != Z_OK) return BRAID_INFLATE_CORRUPT;
    inflater->ended = 0;
  }
  uInt in = input_count > UINT_MAX ? UINT_MAX : (uInt)input_count;
  uInt out = output_count > UINT_MAX ? UINT_MAX : (uInt)output_count;
  z->next_in = (Bytef *)input; /* zlib reads only */
  z->avail_in = in;
  z->next_out = output;
  z->avail_out = out;
  int code = inflate(z, Z_NO_FLUSH);
  *consumed = in - z->avail_in;
  *produced = out - z->avail_out;
  switch (code) {
    case Z_OK:
    case Z_BUF_ERROR: return BRAID_INFLATE_MORE;
    case Z_STREAM_END: inflater->ended = 1; return BRAID_INFLATE_END;
    case Z_MEM_ERROR: return BRAID_INFLATE_MEMORY;
    default: return BRAID_INFLATE_CORRUPT;
  }
}
