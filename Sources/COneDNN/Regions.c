#define _GNU_SOURCE
#include "Regions.h"

#include <pthread.h>
#include <sys/mman.h>

// Most memory of a training step is large: first activations, then gradients of other sizes. Kept in lists by size,
// what one leaves would be of no use to the other. So large blocks are cut from regions, and free neighbours join
// (boundary tags, Knuth 1973, volume 1, section 2.5). The best list is searched first and blocks are taken where the
// last one was left, which the caches may still hold. Regions are for all threads: a lock is nothing beside the work
// on 64 KiB.
enum { grain = 256, least = 4096, bins = 4 * 42, tries = 16 };
static const size_t region = (size_t)32 << 20;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static block *free_blocks[bins];
static size_t held;

static block *after(block *b) { return (block *)((char *)b + b->size); }
static block *ahead(block *b) { return (block *)((char *)b - b->before); }

// Four bins an octave; a bin holds sizes from its own to the next's.
static int bin_of(size_t size) {
  size_t units = size / grain;
  if (units < 4) return 0;
  int octave = 63 - __builtin_clzll(units);
  int bin = (octave - 2) * 4 + (int)((units >> (octave - 2)) - 4);
  return bin < bins ? bin : bins - 1;
}

static void put(block *b) {
  int bin = bin_of(b->size);
  b->vacant = 1;
  b->previous = NULL;
  b->next = free_blocks[bin];
  if (b->next) b->next->previous = b;
  free_blocks[bin] = b;
}

static void take_out(block *b) {
  if (b->next) b->next->previous = b->previous;
  if (b->previous) b->previous->next = b->next;
  else free_blocks[bin_of(b->size)] = b->next;
  b->vacant = 0;
}

static block *find(size_t size) {
  int bin = bin_of(size);
  block *b = free_blocks[bin];
  for (int i = 0; b && i < tries; i++, b = b->next)
    if (b->size >= size) return b;
  while (++bin < bins)
    for (b = free_blocks[bin]; b; b = b->next)
      if (b->size >= size) return b;
  return NULL;
}

static block *open_region(size_t size) {
  size_t bytes = size + alignment > region ? (size + alignment + 4095) & ~(size_t)4095 : region;
  block *b = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (b == MAP_FAILED) return NULL;
  held += bytes;
  b->size = bytes - alignment;
  b->class = cut;
  b->before = 0;
  block *end = after(b);
  end->size = 0;
  end->vacant = 0;
  end->before = b->size;
  return b;
}

block *braid_cut(size_t bytes) {
  size_t size = (bytes + alignment + grain - 1) & ~(size_t)(grain - 1);
  pthread_mutex_lock(&lock);
  block *b = find(size);
  if (b) take_out(b);
  else b = open_region(size);
  if (b) {
    b->vacant = 0;
    if (b->size - size >= least) {
      block *rest = (block *)((char *)b + size);
      rest->size = b->size - size;
      rest->class = cut;
      rest->before = size;
      b->size = size;
      after(rest)->before = rest->size;
      put(rest);
    }
  }
  pthread_mutex_unlock(&lock);
  return b;
}

void braid_join(block *b) {
  pthread_mutex_lock(&lock);
  block *next = after(b);
  if (next->size && next->vacant) {
    take_out(next);
    b->size += next->size;
  }
  if (b->before && ahead(b)->vacant) {
    block *first = ahead(b);
    take_out(first);
    first->size += b->size;
    b = first;
  }
  after(b)->before = b->size;
  put(b);
  pthread_mutex_unlock(&lock);
}

void braid_trim_regions(void) {
  pthread_mutex_lock(&lock);
  for (int bin = 0; bin < bins; bin++) {
    for (block *b = free_blocks[bin]; b;) {
      block *next = b->next;
      if (!b->before && !after(b)->size) {
        take_out(b);
        held -= b->size + alignment;
        munmap(b, b->size + alignment);
      }
      b = next;
    }
  }
  pthread_mutex_unlock(&lock);
}

size_t braid_regions_held(void) {
  pthread_mutex_lock(&lock);
  size_t bytes = held;
  pthread_mutex_unlock(&lock);
  return bytes;
}
