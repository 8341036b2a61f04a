#pragma once
#include <stddef.h>
#include <stdint.h>

/* Reads rows of separated numbers. Every buffer handed in must have BRAID_CSV_SLACK readable bytes after its
   end; the first of them, or the last byte before the end, is '\n': loops stop there instead of comparing with the
   end at every byte. */

#define BRAID_CSV_SLACK 64

/* What becomes of a column; values from 0 on are the slot of the channel in the output row. */
enum { BRAID_CSV_SKIP = -1, BRAID_CSV_TIME = -2, BRAID_CSV_CLOCK = -3 };

typedef struct {
  uint8_t separator;
  uint8_t decimal; /* '.' or ',' */
  uint32_t columns;
  uint32_t channels;
  const int32_t *slots; /* [columns] */
} braid_csv_plan;

/* Where a cell stands, in bytes from the start of the buffer. */
typedef struct { uint32_t start, count; } braid_csv_span;

enum {
  BRAID_CSV_NEEDS_MORE = 0, /* the rest of the buffer is no whole row */
  BRAID_CSV_FULL = 1,       /* `capacity` rows were read */
  BRAID_CSV_BAD_ROW = 2,    /* the row at `row_start` cannot be read */
};

enum {
  BRAID_CSV_TOO_FEW = 1,      /* `column` fields were found */
  BRAID_CSV_TOO_MANY = 2,
  BRAID_CSV_NOT_A_NUMBER = 3, /* in `column`, 0-based */
  BRAID_CSV_NOT_FINITE = 4,   /* in `column`: infinite, or beyond a 32-bit float */
  BRAID_CSV_QUOTE = 5,        /* in `column`: a quote that is never closed, or text after the closing one */
};

typedef struct {
  int status;
  int reason;
  uint32_t column;
  size_t rows;      /* rows read by this call */
  size_t row_start; /* of the row that ended the call */
  size_t row_end;   /* the byte after that row's line end */
  size_t consumed;  /* bytes done with, the bad row included */
} braid_csv_result;

/* Reads up to `capacity` rows of `count` bytes into `values` [row, channel]; missing values become NaN, blank
   lines are passed over. `times` and `clocks` [row] take the cells of those columns and may be NULL where the
   plan has none. `last`: no bytes follow, so that the end of the buffer ends a row. */
braid_csv_result braid_csv_read(
    const braid_csv_plan *plan, const uint8_t *bytes, size_t count, int last, size_t capacity, float *values,
    braid_csv_span *times, braid_csv_span *clocks);

/* What a cell is. */
enum { BRAID_CSV_CELL_TEXT = 0, BRAID_CSV_CELL_NUMBER = 1, BRAID_CSV_CELL_MISSING = 2, BRAID_CSV_CELL_INFINITE = 3 };

/* Reads one cell without its quotes, to the nearest double; no slack is needed. `*value` is set for numbers. */
int braid_csv_number(const uint8_t *bytes, size_t count, uint8_t decimal, double *value);

/* The same to the nearest float. */
int braid_csv_number_float(const uint8_t *bytes, size_t count, uint8_t decimal, float *value);
