#include "Memory.h"

#include "Regions.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>

// A training step asks for the same sizes again and again, so freed blocks wait in lists by size class:
// four classes an octave from 64 bytes on. A block that another thread frees goes to a shared list, so
// that a thread which only makes tensors and one which only drops them do not starve or flood each other.
// Large blocks are cut from regions instead (Regions.c).
enum { classes = 4 * 42 };
static const size_t large = (size_t)64 << 10;

typedef struct pool {
  block *free[classes];
} pool;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pool shared;
static atomic_size_t held;
static pthread_key_t key;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static _Thread_local pool *mine;
static _Thread_local int leaving;

static void share(pool *from) {
  pthread_mutex_lock(&lock);
  for (int c = 0; c < classes; c++) {
    block *b = from->free[c];
    from->free[c] = NULL;
    while (b) {
      block *next = b->next;
      b->owner = NULL;
      b->next = shared.free[c];
      shared.free[c] = b;
      b = next;
    }
  }
  pthread_mutex_unlock(&lock);
}

static void leave(void *p) {
  share(p);
  mine = NULL;
  leaving = 1;  // other thread-end hooks may still free blocks: those go to the shared list
  free(p);
}

static void make_key(void) { pthread_key_create(&key, leave); }

static pool *own(void) {
  if (!mine && !leaving) {
    pthread_once(&once, make_key);
    mine = calloc(1, sizeof(pool));
    pthread_setspecific(key, mine);
  }
  return mine;
}

static int class_of(size_t bytes, size_t *size) {
  size_t units = (bytes + alignment - 1) / alignment;
  if (units < 4) units = 4;
  int octave = 63 - __builtin_clzll(units);
  size_t step = (size_t)1 << (octave - 2);
  size_t quarters = (units + step - 1) / step;  // 4...8
  if (quarters == 8) octave++, quarters = 4, step *= 2;
  *size = quarters * step * alignment;
  return (octave - 2) * 4 + (int)(quarters - 4);
}

// A free block of the class, or of one up to three steps above it: where sizes vary from step to step (texts of
// every length), they share blocks instead of each keeping its own.
static block *take(pool *p, int class) {
  for (int c = class; c < class + 4 && c < classes; c++) {
    block *b = p->free[c];
    if (!b) continue;
    p->free[c] = b->next;
    return b;
  }
  return NULL;
}

void *braid_allocate(size_t bytes) {
  size_t size;
  if (bytes > (size_t)1 << 46) return NULL;
  if (bytes >= large) {
    block *b = braid_cut(bytes);
    if (!b) {
      braid_trim_memory();
      b = braid_cut(bytes);
    }
    return b ? (char *)b + alignment : NULL;
  }
  int class = class_of(bytes, &size);
  pool *p = own();
  block *b = p ? take(p, class) : NULL;
  if (!b) {
    pthread_mutex_lock(&lock);
    b = take(&shared, class);
    pthread_mutex_unlock(&lock);
  }
  if (!b) {
    void *raw = aligned_alloc(alignment, size + alignment);
    if (!raw) {
      braid_trim_memory();
      raw = aligned_alloc(alignment, size + alignment);
      if (!raw) return NULL;
    }
    b = raw;
    b->size = size;
    b->class = class;
    atomic_fetch_add_explicit(&held, size, memory_order_relaxed);
  }
  b->owner = p;
  return (char *)b + alignment;
}

void braid_release(void *memory) {
  if (!memory) return;
  block *b = (block *)((char *)memory - alignment);
  if (b->class == cut) return braid_join(b);
  if (mine && b->owner == mine) {
    b->next = mine->free[b->class];
    mine->free[b->class] = b;
    return;
  }
  b->owner = NULL;
  pthread_mutex_lock(&lock);
  b->next = shared.free[b->class];
  shared.free[b->class] = b;
  pthread_mutex_unlock(&lock);
}

static void empty(pool *p) {
  for (int c = 0; c < classes; c++) {
    while (p->free[c]) {
      block *b = p->free[c];
      p->free[c] = b->next;
      atomic_fetch_sub_explicit(&held, b->size, memory_order_relaxed);
      free(b);
    }
  }
}

void braid_trim_memory(void) {
  if (mine) empty(mine);
  pthread_mutex_lock(&lock);
  empty(&shared);
  pthread_mutex_unlock(&lock);
  braid_trim_regions();
}

size_t braid_memory_held(void) {
  return atomic_load_explicit(&held, memory_order_relaxed) + braid_regions_held();
}
