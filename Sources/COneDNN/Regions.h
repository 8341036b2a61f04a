// Large blocks, for Memory.c.
#ifndef BRAID_REGIONS_H
#define BRAID_REGIONS_H
#include <stddef.h>
#include <stdint.h>

enum { alignment = 64 };

// What stands before every block, within the `alignment` bytes before its memory.
typedef struct block {
  struct block *next;
  union {
    struct pool *owner;      // of a small block: the pool of the thread that took it
    struct block *previous;  // of a large free one: in its list
  };
  size_t size;     // small: of the memory; large: of header and memory
  int32_t class;   // `cut` for a large block
  int32_t vacant;  // large: 1 while it is free
  size_t before;   // large: size of the neighbour before it, 0 for the first of its region
} block;

enum { cut = -1 };

// A large block of at least `bytes` bytes of memory; NULL when the machine has none left.
block *braid_cut(size_t bytes);
void braid_join(block *block);
// Gives regions that are wholly free back to the system.
void braid_trim_regions(void);
size_t braid_regions_held(void);
#endif
