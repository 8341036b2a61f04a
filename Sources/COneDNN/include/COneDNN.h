// What Tensors needs of the machine: memory, oneDNN's matrix products and convolutions, and small
// vectorised kernels for all that oneDNN leaves out. Every array is dense and row-major unless strides
// are given; `type` is 0 for f32 and 1 for bf16. Kernels run on the calling thread only.
#ifndef BRAID_CONEDNN_H
#define BRAID_CONEDNN_H

#include "Elementwise.h"
#include "Integers.h"
#include "Losses.h"
#include "Memory.h"
#include "Moves.h"
#include "Optimiser.h"
#include "Pooling.h"
#include "Products.h"
#include "Rows.h"

#endif
