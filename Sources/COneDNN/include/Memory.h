#ifndef BRAID_MEMORY_H
#define BRAID_MEMORY_H
#include <stddef.h>

/// A block of at least `bytes` bytes, aligned to 64, contents undefined; NULL when the machine has none left.
/// Small blocks come from free lists by size: the thread's own first, then one shared by all threads; large ones are cut from regions.
void *braid_allocate(size_t bytes);

/// Gives a block back, from any thread.
void braid_release(void *block);

/// Hands the calling thread's and the shared free blocks back to the system.
void braid_trim_memory(void);

/// Bytes that the process has taken from the system for blocks, in use or free.
size_t braid_memory_held(void);
#endif
