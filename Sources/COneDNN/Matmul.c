#include "Primitives.h"
#include "Products.h"

static dnnl_status_t describe(dnnl_memory_desc_t *desc, int rank, const int64_t *sizes, const int64_t *strides,
                              int32_t type) {
  return dnnl_memory_desc_init_by_strides(desc, rank, sizes + (4 - rank), braid_data_type(type),
                                          strides + (4 - rank));
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
  if ((s = describe(&b, rank, nb, sb, d->type_b))) return s;
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
      return s;
    }
  }
  void *data[4] = {(void *)a, (void *)b, c, (void *)bias};
  return braid_run(p, data);
}
