#pragma once
#include <stddef.h>
#include <stdint.h>

/* Streaming gzip inflation over zlib; members that follow one another are joined. */

typedef struct braid_inflater braid_inflater;

enum {
  BRAID_INFLATE_MORE = 0,    /* go on: give more input or more room */
  BRAID_INFLATE_END = 1,     /* a member has ended; what follows may be another one */
  BRAID_INFLATE_CORRUPT = 2, /* the data are not what a gzip writer makes */
  BRAID_INFLATE_MEMORY = 3,
};

/* NULL where memory is short. */
braid_inflater *braid_inflater_create(void);
void braid_inflater_destroy(braid_inflater *inflater);

/* Inflates as much as fits. After BRAID_INFLATE_END the next call starts a new member. */
int braid_inflate(
    braid_inflater *inflater, const uint8_t *input, size_t input_count, uint8_t *output, size_t output_count,
    size_t *consumed, size_t *produced);
