// Shared by Matmul.c, Convolution.c and Integers.c: the engine, one stream a thread, and a table of ready primitives.
#ifndef BRAID_PRIMITIVES_H
#define BRAID_PRIMITIVES_H
#include <dnnl.h>
#include <stddef.h>
#include <stdint.h>

enum { max_arguments = 4, key_bytes = 192 };

// A primitive made once for its shapes; executing it sets the data pointers of its memories and runs it.
typedef struct {
  uint64_t hash;
  unsigned char key[key_bytes];
  dnnl_primitive_t primitive;
  dnnl_memory_t memories[max_arguments];
  int arguments[max_arguments];
  int count;
  // Convolutions: a reorder of the weights between the plain layout and the one oneDNN asked for.
  dnnl_primitive_t reorder;
  dnnl_memory_t plain, blocked;
  void *blocked_data;
} braid_primitive;

dnnl_engine_t braid_engine(void);
dnnl_stream_t braid_stream(void);

// The entry for `key` (of `bytes` bytes): found, or an empty one (primitive NULL) for the caller to fill.
braid_primitive *braid_find(const void *key, size_t bytes, int kind);
void braid_forget(braid_primitive *entry);

dnnl_status_t braid_add_memory(braid_primitive *p, int argument, const dnnl_memory_desc_t *desc);
dnnl_status_t braid_run(braid_primitive *p, void *const *data);
dnnl_data_type_t braid_data_type(int32_t type);

// Copies from one layout to another, once.
dnnl_status_t braid_reorder(const dnnl_memory_desc_t *from, const void *source, const dnnl_memory_desc_t *to, void *target);
#endif
