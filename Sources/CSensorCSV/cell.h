#pragma once
#include <stddef.h>
#include <stdint.h>

/* A cell's text without quotes and outer blanks. */
typedef struct {
  const uint8_t *begin, *end;
  const uint8_t *next; /* the separator or line end ('\r' of "\r\n" is skipped) that ends the cell */
} braid_cell;

enum { BRAID_CELL_OK = 0, BRAID_CELL_OPEN = 1, BRAID_CELL_AFTER_QUOTE = 2 };

/* Finds the cell at `p`. `end` is the buffer's end, where a '\n' stands. OPEN: the buffer ends inside quotes. */
int braid_find_cell(const uint8_t *p, const uint8_t *end, uint8_t separator, braid_cell *cell);

/* BRAID_CSV_CELL_... of a cell's text; at least one byte that belongs to no number must follow it. */
int braid_read_cell(const uint8_t *begin, const uint8_t *end, uint8_t decimal, float *value);

int braid_is_missing(const uint8_t *begin, const uint8_t *end);
int braid_is_infinite(const uint8_t *begin, const uint8_t *end);
