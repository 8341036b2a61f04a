#include <math.h>
#include <string.h>

#include "CSensorCSV.h"
#include "cell.h"
#include "fast.h"

/* The byte after the row's line end, quotes respected, or NULL where the buffer ends first. */
static const uint8_t *row_end(const uint8_t *p, const uint8_t *end, uint8_t separator, uint32_t *fields) {
  *fields = 0;
  for (;;) {
    braid_cell cell;
    int found = braid_find_cell(p, end, separator, &cell);
    if (found == BRAID_CELL_OPEN) return NULL;
    if (found == BRAID_CELL_AFTER_QUOTE) { /* count on as if there were no quotes */
      while (*p != separator && *p != '\n') p++;
      cell.next = p;
    }
    ++*fields;
    p = cell.next;
    if (*p == '\n') return p + 1;
    p++;
  }
}

static const uint8_t *line_end(const uint8_t *p) {
  while (*p != '\n') p++;
  return p + 1;
}

/* What ended a row. */
enum { ROW_READ, ROW_BLANK, ROW_OPEN, ROW_BAD };

typedef struct {
  const uint8_t *end; /* at the line end of a row that was read */
  int reason;
  uint32_t column;
} row_outcome;

static int bad(row_outcome *outcome, int reason, uint32_t column) {
  outcome->reason = reason;
  outcome->column = column;
  return ROW_BAD;
}

typedef int read_cell(const uint8_t **cursor, uint8_t separator, uint8_t decimal, float *value);

static inline __attribute__((always_inline)) int read_row_with(
    read_cell *plain, const braid_csv_plan *plan, const uint8_t *bytes, const uint8_t *p, const uint8_t *end,
    float *values, braid_csv_span *time, braid_csv_span *clock, row_outcome *outcome) {
  const uint8_t separator = plan->separator, decimal = plan->decimal;
  const uint32_t columns = plan->columns;
  const int32_t *slots = plan->slots;
  const uint8_t *row = p;
  for (uint32_t column = 0;; column++) {
    if (column == columns) {
      /* One empty field more is a separator that ends the line. */
      while (*p == ' ') p++;
      if (*p == '\r' && p[1] == '\n') p++;
      if (*p == '\n') break;
      return bad(outcome, BRAID_CSV_TOO_MANY, column);
    }
    int32_t slot = slots[column];
    if (slot >= 0) {
      int found = plain(&p, separator, decimal, &values[slot]);
      if (found > 0) goto next;
      if (found < 0) return bad(outcome, BRAID_CSV_NOT_FINITE, column);
    }
    {
      braid_cell cell;
      int found = braid_find_cell(p, end, separator, &cell);
      if (found == BRAID_CELL_OPEN) { outcome->column = column; return ROW_OPEN; }
      if (found == BRAID_CELL_AFTER_QUOTE) return bad(outcome, BRAID_CSV_QUOTE, column);
      if (column == 0 && *cell.next == '\n' && cell.begin == cell.end && *row != '"') {
        outcome->end = cell.next;
        return ROW_BLANK;
      }
      if (slot >= 0) {
        switch (braid_read_cell(cell.begin, cell.end, decimal, &values[slot])) {
          case BRAID_CSV_CELL_NUMBER: break;
          case BRAID_CSV_CELL_MISSING: values[slot] = NAN; break;
          case BRAID_CSV_CELL_INFINITE: return bad(outcome, BRAID_CSV_NOT_FINITE, column);
          default: return bad(outcome, BRAID_CSV_NOT_A_NUMBER, column);
        }
      } else if (slot != BRAID_CSV_SKIP) {
        braid_csv_span *span = slot == BRAID_CSV_TIME ? time : clock;
        *span = (braid_csv_span){(uint32_t)(cell.begin - bytes), (uint32_t)(cell.end - cell.begin)};
      }
      p = cell.next;
    }
  next:
    if (*p == '\n') {
      if (column + 1 < columns) return bad(outcome, BRAID_CSV_TOO_FEW, column + 1);
      break;
    }
    p++;
  }
  outcome->end = p;
  return ROW_READ;
}

#define READ_ROW_PARAMETERS \
  const braid_csv_plan *plan, const uint8_t *bytes, const uint8_t *p, const uint8_t *end, float *values, \
      braid_csv_span *time, braid_csv_span *clock, row_outcome *outcome

static int read_row_plain(READ_ROW_PARAMETERS) {
  return read_row_with(braid_plain_cell, plan, bytes, p, end, values, time, clock, outcome);
}

static int (*read_row)(READ_ROW_PARAMETERS) = read_row_plain;

#ifdef BRAID_HAS_SSE4
static __attribute__((target("sse4.1"))) int read_row_sse4(READ_ROW_PARAMETERS) {
  return read_row_with(braid_sse4_cell, plan, bytes, p, end, values, time, clock, outcome);
}

uint8_t braid_digit_shuffles[16][16][16] __attribute__((aligned(16)));

/* Runs before the program does, so that threads find everything in place. */
static __attribute__((constructor)) void choose_read_row(void) {
  for (unsigned length = 0; length < 16; length++) {
    for (unsigned point = 0; point <= length; point++) {
      uint8_t *shuffle = braid_digit_shuffles[length][point];
      memset(shuffle, 0x80, 16); /* writes a zero */
      unsigned place = 16;
      for (unsigned index = length; index-- > 0;) {
        if (index != point) shuffle[--place] = (uint8_t)index;
      }
    }
  }
  __builtin_cpu_init();
  if (__builtin_cpu_supports("sse4.1")) read_row = read_row_sse4;
}
#endif

braid_csv_result braid_csv_read(
    const braid_csv_plan *plan, const uint8_t *bytes, size_t count, int last, size_t capacity, float *values,
    braid_csv_span *times, braid_csv_span *clocks) {
  const uint8_t *p = bytes, *const end = bytes + count;
  braid_csv_result result = {BRAID_CSV_NEEDS_MORE, 0, 0, 0, 0, 0, 0};
  while (p < end) {
    if (result.rows == capacity) { result.status = BRAID_CSV_FULL; break; }
    row_outcome outcome = {p, 0, 0};
    int kind = read_row(
        plan, bytes, p, end, values + result.rows * plan->channels, times ? times + result.rows : NULL,
        clocks ? clocks + result.rows : NULL, &outcome);
    if (kind == ROW_READ || kind == ROW_BLANK) {
      if (outcome.end >= end && !last) break; /* the row may go on */
      p = outcome.end + 1;
      result.rows += kind == ROW_READ;
      continue;
    }
    if (kind == ROW_OPEN && !last) break;
    const uint8_t *stop = NULL;
    uint32_t fields = 0;
    if (kind == ROW_OPEN) {
      bad(&outcome, BRAID_CSV_QUOTE, outcome.column);
    } else if (outcome.reason != BRAID_CSV_QUOTE) {
      stop = row_end(p, end, plan->separator, &fields);
      if (!stop && !last) break;
    }
    if (!stop) stop = line_end(p);
    if (stop > end && !last) break;
    if (outcome.reason == BRAID_CSV_TOO_MANY && fields > 0) outcome.column = fields;
    result.status = BRAID_CSV_BAD_ROW;
    result.reason = outcome.reason;
    result.column = outcome.column;
    result.row_start = (size_t)(p - bytes);
    result.row_end = (size_t)((stop > end ? end : stop) - bytes);
    result.consumed = result.row_end;
    return result;
  }
  result.consumed = (size_t)((p > end ? end : p) - bytes);
  return result;
}
