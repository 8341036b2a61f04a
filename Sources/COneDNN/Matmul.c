#include "Primitives.h"
#include "Products.h"

#include <string.h>

static dnnl_status_t describe(dnnl_memory_desc_t *desc, int rank, const int64_t *sizes, const int64_t *strides,
                              int32_t type) {
  return dnnl_memory_desc_init_by_strides(desc, rank, sizes + (4 - rank), braid_data_type(type),
                                          strides + (4 - rank));
}

// What oneDNN makes of weights left to its choice. The choice must not vary with the rows of the product, so it
// is asked for one size only; braid_matmul then states it, and gives up where another kernel would take it.
static int layout(dnnl_memory_desc_t *packed, int32_t type, int64_t k, int64_t n) {
  dnnl_dims_t na = {64, k}, nb = {k, n}, nc = {64, n};
  dnnl_data_type_t t = braid_data_type(type);
  dnnl_memory_desc_t a, b, c;
  dnnl_matmul_desc_t op;
  dnnl_primitive_desc_t pd = NULL;
  if (dnnl_memory_desc_init_by_tag(&a, 2, na, t, dnnl_ab) ||
      dnnl_memory_desc_init_by_tag(&b, 2, nb, t, dnnl_format_tag_any) ||
      dnnl_memory_desc_init_by_tag(&c, 2, nc, t, dnnl_ab) || dnnl_matmul_desc_init(&op, &a, &b, NULL, &c) ||
      dnnl_primitive_desc_create(&pd, &op, NULL, braid_engine(), NULL))
    return 0;
  *packed = *dnnl_primitive_desc_query_md(pd, dnnl_query_weights_md, 0);
  dnnl_primitive_desc_destroy(pd);
  return packed->format_kind == dnnl_blocked && packed->format_desc.blocking.inner_nblks > 0;
}

static int is_blocked_kernel(const_dnnl_primitive_desc_t pd) {
  const char *name = NULL;
  return dnnl_primitive_desc_query(pd, dnnl_query_impl_info_str, 0, &name) == dnnl_success && name &&
         strncmp(name, "brg", 3) == 0;
}

static dnnl_status_t make(braid_primitive *p, const braid_matmul_t *d) {
  int rank = d->batch1 > 1 ? (d->batch0 > 1 ? 4 : 3) : (d->batch0 > 1 ? 3 : 2);
  // With one batch axis it stands in front of the matrix axes.
  int64_t outer = d->batch0, inner = d->batch1;
  int64_t a1 = d->a1, b1 = d->b1, c1 = d->c1;
  if (rank == 3 && d->batch1 == 1) inner = d->batch0, outer = 1, a1 = d->a0, b1 = d->b0, c1 = d->c0;
  int64_t sa[4] = {d->a0, a1, d->am, d->ak}, na[4] = {outer, inner, d->m, d->k};
  int64_t sb[4] = {d->b0, b1, d->bk, d->bn}, nb[4] = {outer, inner, d->k, d->n};
  int64_t sc[4] = {d->c0, c1, d->cm, 1}, nc[4] = {outer, inner, d->m, d->n};
  int64_t sv[4] = {d->n, d->n, d->n, 1}, nv[4] = {1, 1, 1, d->n};
  dnnl_memory_desc_t a, b, c, v;
  dnnl_status_t s;
  if ((s = describe(&a, rank, na, sa, d->type_a))) return s;
  if (d->packed) {
    if (rank != 2 || !layout(&b, d->type_b, d->k, d->n)) return dnnl_unimplemented;
  } else if ((s = describe(&b, rank, nb, sb, d->type_b))) {
    return s;
  }
  if ((s = describe(&c, rank, nc, sc, d->type_c))) return s;
  if ((s = describe(&v, rank, nv, sv, d->type_bias))) return s;
  dnnl_matmul_desc_t op;
  if ((s = dnnl_matmul_desc_init(&op, &a, &b, d->has_bias ? &v : NULL, &c))) return s;

  dnnl_primitive_attr_t attr = NULL;
  dnnl_post_ops_t post = NULL;
  dnnl_primitive_desc_t pd = NULL;
  if ((s = dnnl_primitive_attr_create(&attr))) goto done;
  if ((s = dnnl_post_ops_create(&post))) goto done;
  if (d->scale != 1 && (s = dnnl_primitive_attr_set_output_scales(attr, 1, 0, &d->scale))) goto done;
  if (d->accumulate && (s = dnnl_post_ops_append_sum(post, 1))) goto done;
  if (d->activation) {
    dnnl_alg_kind_t kind = d->activation == 1   ? dnnl_eltwise_gelu_erf
                           : d->activation == 2 ? dnnl_eltwise_relu
                                                : dnnl_eltwise_swish;
    if ((s = dnnl_post_ops_append_eltwise(post, 1, kind, d->activation == 3 ? 1 : 0, 0))) goto done;
  }
  if ((s = dnnl_primitive_attr_set_post_ops(attr, post))) goto done;
  if ((s = dnnl_primitive_desc_create(&pd, &op, attr, braid_engine(), NULL))) goto done;
  if (d->packed && !is_blocked_kernel(pd)) {
    s = dnnl_unimplemented;
    goto done;
  }
  if ((s = dnnl_primitive_create(&p->primitive, pd))) goto done;
  if ((s = braid_add_memory(p, DNNL_ARG_SRC, &a))) goto done;
  if ((s = braid_add_memory(p, DNNL_ARG_WEIGHTS, &b))) goto done;
  if ((s = braid_add_memory(p, DNNL_ARG_DST, &c))) goto done;
  if (d->has_bias) s = braid_add_memory(p, DNNL_ARG_BIAS, &v);
done:
  if (pd) dnnl_primitive_desc_destroy(pd);
  if (post) dnnl_post_ops_destroy(post);
  if (attr) dnnl_primitive_attr_destroy(attr);
  return s;
}

int braid_matmul(const braid_matmul_t *d, const void *a, const void *b, const void *bias, void *c) {
  braid_primitive *p = braid_find(d, sizeof *d, 'm');
  if (!p) return dnnl_out_of_memory;
  if (!p->primitive) {
    dnnl_status_t s = make(p, d);
    if (s) {
      braid_forget(p);
      return d->packed ? -1 : (int)s;
    }
  }
  void *data[4] = {(void *)a, (void *)b, c, (void *)bias};
  return braid_run(p, data);
}

int64_t braid_packed_size(int32_t type, int64_t k, int64_t n) {
  dnnl_memory_desc_t packed;
  return layout(&packed, type, k, n) ? (int64_t)dnnl_memory_desc_get_size(&packed) : 0;
}

int braid_pack(int32_t type_from, int32_t type, int64_t k, int64_t n, const void *w, void *out) {
  dnnl_memory_desc_t plain, packed;
  dnnl_dims_t sizes = {k, n};
  if (!layout(&packed, type, k, n)) return dnnl_unimplemented;
  dnnl_status_t s = dnnl_memory_desc_init_by_tag(&plain, 2, sizes, braid_data_type(type_from), dnnl_ba);
  return s ? s : braid_reorder(&plain, w, &packed, out);
}
