#include "cell.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "CSensorCSV.h"
#include "number.h"

int braid_find_cell(const uint8_t *p, const uint8_t *end, uint8_t separator, braid_cell *cell) {
  while (*p == ' ' || (*p == '\t' && separator != '\t')) p++;
  if (*p == '"') {
    const uint8_t *begin = ++p;
    for (;;) {
      p = memchr(p, '"', (size_t)(end - p));
      if (!p || p >= end) return BRAID_CELL_OPEN;
      if (p[1] != '"' || p + 1 >= end) break;
      p += 2;
    }
    const uint8_t *close = p++;
    while (*p == ' ' || (*p == '\t' && separator != '\t')) p++;
    if (*p == '\r' && p[1] == '\n') p++;
    if (*p != separator && *p != '\n') return BRAID_CELL_AFTER_QUOTE;
    while (begin < close && *begin == ' ') begin++;
    while (close > begin && close[-1] == ' ') close--;
    *cell = (braid_cell){begin, close, p};
    return BRAID_CELL_OK;
  }
  const uint8_t *begin = p;
  while (*p != separator && *p != '\n') p++;
  const uint8_t *stop = p;
  if (*p == '\n' && stop > begin && stop[-1] == '\r') stop--;
  while (stop > begin && (stop[-1] == ' ' || stop[-1] == '\t')) stop--;
  *cell = (braid_cell){begin, stop, p};
  return BRAID_CELL_OK;
}

static int is_one_of(const uint8_t *begin, size_t count, const char *const *words) {
  char lower[8];
  if (count >= sizeof lower) return 0;
  for (size_t i = 0; i < count; i++) {
    uint8_t c = begin[i];
    lower[i] = (char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
  }
  lower[count] = 0;
  for (; *words; words++) {
    if (strcmp(lower, *words) == 0) return 1;
  }
  return 0;
}

int braid_is_missing(const uint8_t *begin, const uint8_t *end) {
  static const char *const words[] = {"", "nan", "-nan", "na", "n/a", "#n/a", "null", "none", "-", "--", NULL};
  return is_one_of(begin, (size_t)(end - begin), words);
}

int braid_is_infinite(const uint8_t *begin, const uint8_t *end) {
  static const char *const words[] = {"inf", "+inf", "-inf", NULL};
  size_t count = (size_t)(end - begin);
  if (count >= 8 && count <= 9) { /* infinity, with a sign or none */
    static const char *const tails[] = {"nfinity", NULL};
    size_t sign = *begin == '-' || *begin == '+';
    return count == 8 + sign && (begin[sign] | 0x20) == 'i' && is_one_of(begin + sign + 1, 7, tails);
  }
  return is_one_of(begin, count, words);
}

int braid_read_cell(const uint8_t *begin, const uint8_t *end, uint8_t decimal, float *value) {
  const uint8_t *p = begin;
  braid_decimal number;
  if (begin < end && braid_scan_decimal(&p, decimal, &number) && p == end) {
    *value = braid_nearest_float(&number, begin, end, decimal);
    return isfinite(*value) ? BRAID_CSV_CELL_NUMBER : BRAID_CSV_CELL_INFINITE;
  }
  if (braid_is_missing(begin, end)) return BRAID_CSV_CELL_MISSING;
  return braid_is_infinite(begin, end) ? BRAID_CSV_CELL_INFINITE : BRAID_CSV_CELL_TEXT;
}

/* Runs `read` on a copy that a zero follows. */
static int bounded(
    const uint8_t *bytes, size_t count, uint8_t decimal, double *wide, float *narrow) {
  uint8_t small[128], *text = count < sizeof small ? small : malloc(count + 1);
  if (!text) return BRAID_CSV_CELL_TEXT;
  memcpy(text, bytes, count);
  text[count] = 0;
  const uint8_t *p = text;
  braid_decimal number;
  int kind = BRAID_CSV_CELL_TEXT;
  if (count > 0 && braid_scan_decimal(&p, decimal, &number) && p == text + count) {
    if (wide) *wide = braid_nearest_double(&number, text, p, decimal);
    if (narrow) *narrow = braid_nearest_float(&number, text, p, decimal);
    kind = (wide ? isfinite(*wide) : isfinite(*narrow)) ? BRAID_CSV_CELL_NUMBER : BRAID_CSV_CELL_INFINITE;
  } else if (braid_is_missing(text, text + count)) {
    kind = BRAID_CSV_CELL_MISSING;
  } else if (braid_is_infinite(text, text + count)) {
    kind = BRAID_CSV_CELL_INFINITE;
  }
  if (text != small) free(text);
  return kind;
}

int braid_csv_number(const uint8_t *bytes, size_t count, uint8_t decimal, double *value) {
  return bounded(bytes, count, decimal, value, NULL);
}

int braid_csv_number_float(const uint8_t *bytes, size_t count, uint8_t decimal, float *value) {
  return bounded(bytes, count, decimal, NULL, value);
}
