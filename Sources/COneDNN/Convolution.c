#include "Memory.h"
#include "Primitives.h"
#include "Products.h"

typedef enum { forward = 'f', data = 'd', weights = 'w' } direction;

// Channels-last activations; weights [outputs, kernel_h, kernel_w, channels / groups] seen as oneDNN's
// [(groups,) outputs, channels, height, width].
static void shapes(const braid_convolution_t *d, int32_t type_weights, dnnl_memory_desc_t *x,
                   dnnl_memory_desc_t *w, dnnl_memory_desc_t *wanted, dnnl_memory_desc_t *y) {
  dnnl_dims_t nx = {d->batch, d->channels, d->height, d->width};
  dnnl_dims_t ny = {d->batch, d->outputs, d->out_height, d->out_width};
  dnnl_data_type_t t = braid_data_type(d->type), tw = braid_data_type(type_weights);
  dnnl_memory_desc_init_by_tag(x, 4, nx, t, dnnl_nhwc);
  dnnl_memory_desc_init_by_tag(y, 4, ny, t, dnnl_nhwc);
  int64_t in = d->channels / d->groups, out = d->outputs / d->groups;
  if (d->groups == 1) {
    dnnl_dims_t n = {out, in, d->kernel_h, d->kernel_w};
    dnnl_memory_desc_init_by_tag(w, 4, n, tw, dnnl_acdb);
    dnnl_memory_desc_init_by_tag(wanted, 4, n, tw, dnnl_format_tag_any);
  } else {
    dnnl_dims_t n = {d->groups, out, in, d->kernel_h, d->kernel_w};
    int64_t row = in, column = d->kernel_w * in, filter = d->kernel_h * column;
    dnnl_dims_t s = {out * filter, filter, 1, column, row};
    dnnl_memory_desc_init_by_strides(w, 5, n, tw, s);
    dnnl_memory_desc_init_by_tag(wanted, 5, n, tw, dnnl_format_tag_any);
  }
}

static dnnl_status_t make(braid_primitive *p, const braid_convolution_t *d, direction way, int has_bias) {
  dnnl_memory_desc_t x, w, wanted, y, bias;
  dnnl_memory_desc_t hint_w, hint_wanted;
  shapes(d, d->type, &x, &hint_w, &hint_wanted, &y);
  shapes(d, way == weights ? d->type_weights : d->type, &x, &w, &wanted, &y);
  dnnl_dims_t n = {d->outputs};
  dnnl_memory_desc_init_by_tag(&bias, 1, n, dnnl_f32, dnnl_a);
  dnnl_dims_t strides = {d->stride_h, d->stride_w}, pad = {d->padding_h, d->padding_w};
  dnnl_convolution_desc_t op, hint;
  dnnl_primitive_desc_t pd = NULL, hint_pd = NULL;
  dnnl_status_t s = dnnl_convolution_forward_desc_init(&hint, dnnl_forward_training, dnnl_convolution_direct, &x,
                                                       &hint_wanted, has_bias ? &bias : NULL, &y, strides, pad, pad);
  if (s) return s;
  if (way == forward) {
    if ((s = dnnl_primitive_desc_create(&pd, &hint, NULL, braid_engine(), NULL))) return s;
  } else {
    if ((s = dnnl_primitive_desc_create(&hint_pd, &hint, NULL, braid_engine(), NULL))) return s;
    if (way == data) {
      s = dnnl_convolution_backward_data_desc_init(&op, dnnl_convolution_direct, &x, &wanted, &y, strides, pad, pad);
    } else {
      s = dnnl_convolution_backward_weights_desc_init(&op, dnnl_convolution_direct, &x, &wanted, NULL, &y, strides,
                                                      pad, pad);
    }
    if (!s) s = dnnl_primitive_desc_create(&pd, &op, NULL, braid_engine(), hint_pd);
    dnnl_primitive_desc_destroy(hint_pd);
    if (s) return s;
  }
  const dnnl_memory_desc_t *chosen =
      dnnl_primitive_desc_query_md(pd, way == weights ? dnnl_query_diff_weights_md : dnnl_query_weights_md, 0);
  if ((s = dnnl_primitive_create(&p->primitive, pd))) goto done;
  if ((s = braid_add_memory(p, way == data ? DNNL_ARG_DIFF_SRC : DNNL_ARG_SRC, &x))) goto done;
  if ((s = braid_add_memory(p, way == weights ? DNNL_ARG_DIFF_WEIGHTS : DNNL_ARG_WEIGHTS, chosen))) goto done;
  if ((s = braid_add_memory(p, way == forward ? DNNL_ARG_DST : DNNL_ARG_DIFF_DST, &y))) goto done;
  if (has_bias && (s = braid_add_memory(p, DNNL_ARG_BIAS, &bias))) goto done;
  if (!dnnl_memory_desc_equal(chosen, &w)) {
    dnnl_primitive_desc_t move = NULL;
    const dnnl_memory_desc_t *from = way == weights ? chosen : &w, *to = way == weights ? &w : chosen;
    if ((s = dnnl_reorder_primitive_desc_create(&move, from, braid_engine(), to, braid_engine(), NULL))) goto done;
    s = dnnl_primitive_create(&p->reorder, move);
    dnnl_primitive_desc_destroy(move);
    if (s) goto done;
    if ((s = dnnl_memory_create(&p->plain, &w, braid_engine(), DNNL_MEMORY_NONE))) goto done;
    if ((s = dnnl_memory_create(&p->blocked, chosen, braid_engine(), DNNL_MEMORY_NONE))) goto done;
    p->blocked_data = braid_allocate(dnnl_memory_desc_get_size(chosen));
    if (!p->blocked_data) s = dnnl_out_of_memory;
    if (!s) s = dnnl_memory_set_data_handle(p->blocked, p->blocked_data);
  }
done:
  dnnl_primitive_desc_destroy(pd);
  return s;
}

static dnnl_status_t reorder(braid_primitive *p, void *plain, int to_plain) {
  dnnl_status_t s = dnnl_memory_set_data_handle(p->plain, plain);
  if (s) return s;
  dnnl_exec_arg_t args[2] = {{DNNL_ARG_FROM, to_plain ? p->blocked : p->plain},
                             {DNNL_ARG_TO, to_plain ? p->plain : p->blocked}};
  s = dnnl_primitive_execute(p->reorder, braid_stream(), 2, args);
  return s ? s : dnnl_stream_wait(braid_stream());
}

static int run(const braid_convolution_t *d, direction way, const void *x, const void *w, const void *bias,
               const void *y) {
  braid_primitive *p = braid_find(d, sizeof *d, bias ? 'b' : (int)way);
  if (!p) return dnnl_out_of_memory;
  dnnl_status_t s;
  if (!p->primitive && (s = make(p, d, way, bias != NULL))) {
    braid_forget(p);
    return s;
  }
  if (p->reorder && way != weights && (s = reorder(p, (void *)w, 0))) return s;
  void *all[4] = {(void *)x, p->reorder ? p->blocked_data : (void *)w, (void *)y, (void *)bias};
  if ((s = braid_run(p, all))) return s;
  return p->reorder && way == weights ? reorder(p, (void *)w, 1) : s;
}

int braid_convolution(const braid_convolution_t *d, const void *x, const void *w, const void *bias, void *y) {
  return run(d, forward, x, w, bias, y);
}
int braid_convolution_data(const braid_convolution_t *d, const void *g, const void *w, void *dx) {
  return run(d, data, dx, w, NULL, g);
}
int braid_convolution_weights(const braid_convolution_t *d, const void *g, const void *x, void *dw) {
  return run(d, weights, x, dw, NULL, g);
}
