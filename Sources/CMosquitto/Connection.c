#define _POSIX_C_SOURCE 200809L

#include "CMosquitto.h"
#include "Library.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct CMosquitto {
  struct mosquitto *client;
  char reason[256];
  bool answered, known, granted, denied;
  int code;    // the broker's word on the connection
  int pending; // published and not acknowledged
  void (*receive)(void *, const CMosquittoMessage *);
  void *context;
};

static void on_connect(struct mosquitto *client, void *own, int code, int flags) {
  (void)client;
  CMosquitto *connection = own;
  connection->answered = true;
  connection->code = code;
  connection->known = flags & 1;
}

static void on_subscribe(struct mosquitto *client, void *own, int id, int count, const int *granted) {
  (void)client, (void)id;
  CMosquitto *connection = own;
  connection->granted = true;
  connection->denied = count > 0 && granted[0] > 2;
}

static void on_publish(struct mosquitto *client, void *own, int id) {
  (void)client, (void)id;
  CMosquitto *connection = own;
  if (connection->pending > 0) connection->pending--;
}

static void on_message(struct mosquitto *client, void *own, const struct mosquitto_message *message) {
  (void)client;
  CMosquitto *connection = own;
  if (!connection->receive) return;
  CMosquittoMessage handed = {
    .topic = message->topic, .payload = message->payload, .count = (size_t)message->payloadlen,
    .id = message->mid, .retained = message->retain};
  connection->receive(connection->context, &handed);
}

static int64_t milliseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int fail(CMosquitto *connection, int outcome, const char *reason) {
  snprintf(connection->reason, sizeof connection->reason, "%s", reason);
  return outcome;
}

// Outcomes of the library in the terms of this layer.
static int outcome(CMosquitto *connection, int code) {
  switch (code) {
    case MOSQ_ERR_SUCCESS: return CMOSQUITTO_OK;
    case MOSQ_ERR_ERRNO: return fail(connection, CMOSQUITTO_LOST, strerror(errno));
    case MOSQ_ERR_TLS: return fail(connection, CMOSQUITTO_REFUSED, "the encrypted connection failed: the broker's certificate is not signed by the given authority, names another host, or the port speaks no TLS");
    case MOSQ_ERR_AUTH: case MOSQ_ERR_ACL_DENIED:
      return fail(connection, CMOSQUITTO_REFUSED, mosquitto.mosquitto_strerror(code));
    case MOSQ_ERR_INVAL: case MOSQ_ERR_NOT_SUPPORTED: case MOSQ_ERR_MALFORMED_UTF8: case MOSQ_ERR_PAYLOAD_SIZE:
    case MOSQ_ERR_OVERSIZE_PACKET: case MOSQ_ERR_NOMEM:
      return fail(connection, CMOSQUITTO_UNUSABLE, mosquitto.mosquitto_strerror(code));
    default: return fail(connection, CMOSQUITTO_LOST, mosquitto.mosquitto_strerror(code));
  }
}

CMosquitto *cmosquitto_make(const char *client, bool clean) {
  CMosquitto *connection = calloc(1, sizeof *connection);
  if (!connection) return NULL;
  connection->client = mosquitto.mosquitto_new(client, clean, connection);
  if (!connection->client) {
    free(connection);
    return NULL;
  }
  // As if other threads did the sending: packets are queued, and written by mosquitto_loop_write alone.
  mosquitto.mosquitto_threaded_set(connection->client, true);
  mosquitto.mosquitto_int_option(connection->client, MOSQ_OPT_PROTOCOL_VERSION, MQTT_PROTOCOL_V311);
  mosquitto.mosquitto_int_option(connection->client, MOSQ_OPT_TCP_NODELAY, 1);
  mosquitto.mosquitto_connect_with_flags_callback_set(connection->client, on_connect);
  mosquitto.mosquitto_subscribe_callback_set(connection->client, on_subscribe);
  mosquitto.mosquitto_publish_callback_set(connection->client, on_publish);
  mosquitto.mosquitto_message_callback_set(connection->client, on_message);
  return connection;
}

void cmosquitto_free(CMosquitto *connection) {
  if (!connection) return;
  mosquitto.mosquitto_destroy(connection->client);
  free(connection);
}

const char *cmosquitto_reason(const CMosquitto *connection) { return connection->reason; }

int cmosquitto_login(CMosquitto *connection, const char *user, const char *password) {
  return outcome(connection, mosquitto.mosquitto_username_pw_set(connection->client, user, password));
}

int cmosquitto_secure(CMosquitto *connection, const char *authorities) {
  int code = authorities
               ? mosquitto.mosquitto_tls_set(connection->client, authorities, NULL, NULL, NULL, NULL)
               : mosquitto.mosquitto_int_option(connection->client, MOSQ_OPT_TLS_USE_OS_CERTS, 1);
  return outcome(connection, code) ? CMOSQUITTO_UNUSABLE : CMOSQUITTO_OK;
}

// Waits until there is something to read, or to write where `writing`; then reads and writes once.
static int turn(CMosquitto *connection, int timeout_ms, bool writing) {
  struct mosquitto *client = connection->client;
  int code = mosquitto.mosquitto_loop_misc(client);
  if (code) return outcome(connection, code);
  struct pollfd wait = {.fd = mosquitto.mosquitto_socket(client), .events = POLLIN};
  if (wait.fd < 0) return fail(connection, CMOSQUITTO_LOST, "the connection was closed");
  bool writes = writing && mosquitto.mosquitto_want_write(client);
  if (writes) wait.events |= POLLOUT;
  int count = poll(&wait, 1, timeout_ms);
  if (count < 0 && errno != EINTR) return fail(connection, CMOSQUITTO_LOST, strerror(errno));
  if (count <= 0) return CMOSQUITTO_OK;
  if (wait.revents & (POLLIN | POLLHUP | POLLERR)) {
    code = mosquitto.mosquitto_loop_read(client, 1);
    if (code) return outcome(connection, code);
  }
  if (writes && (wait.revents & POLLOUT)) code = mosquitto.mosquitto_loop_write(client, 1);
  return outcome(connection, code);
}

int cmosquitto_connect(
  CMosquitto *connection, const char *host, int port, int keepalive, int timeout_ms, bool *known) {
  connection->answered = false;
  int code = outcome(connection, mosquitto.mosquitto_connect(connection->client, host, port, keepalive));
  int64_t end = milliseconds() + timeout_ms;
  while (!code && !connection->answered) {
    if (milliseconds() >= end) return fail(connection, CMOSQUITTO_LOST, "the broker does not answer");
    code = turn(connection, 50, true);
  }
  if (connection->answered && connection->code) {
    // 3: not available at the moment; everything else will be said again.
    return fail(
      connection, connection->code == 3 ? CMOSQUITTO_LOST : CMOSQUITTO_REFUSED,
      mosquitto.mosquitto_connack_string(connection->code));
  }
  *known = connection->known;
  return code;
}

int cmosquitto_subscribe(CMosquitto *connection, const char *filter, int timeout_ms) {
  connection->granted = connection->denied = false;
  int code = outcome(connection, mosquitto.mosquitto_subscribe(connection->client, NULL, filter, 1));
  int64_t end = milliseconds() + timeout_ms;
  // Reading goes on only once this is granted: a message that came before would be acknowledged with the request.
  while (!code && mosquitto.mosquitto_want_write(connection->client)) {
    code = outcome(connection, mosquitto.mosquitto_loop_write(connection->client, 1));
  }
  while (!code && !connection->granted) {
    if (milliseconds() >= end) return fail(connection, CMOSQUITTO_LOST, "the broker does not answer");
    code = turn(connection, 50, false);
  }
  if (!code && connection->denied) {
    return fail(connection, CMOSQUITTO_REFUSED, "the broker does not allow this subscription");
  }
  return code;
}

void cmosquitto_receiver(
  CMosquitto *connection, void (*receive)(void *, const CMosquittoMessage *), void *context) {
  connection->receive = receive;
  connection->context = context;
}

int cmosquitto_receive(CMosquitto *connection, int timeout_ms) { return turn(connection, timeout_ms, false); }

int cmosquitto_send(CMosquitto *connection) {
  int code = 0;
  int64_t end = milliseconds() + 5000;
  while (!code && mosquitto.mosquitto_want_write(connection->client)) {
    if (milliseconds() >= end) return fail(connection, CMOSQUITTO_LOST, "the broker takes nothing more");
    struct pollfd wait = {.fd = mosquitto.mosquitto_socket(connection->client), .events = POLLOUT};
    if (wait.fd < 0) return fail(connection, CMOSQUITTO_LOST, "the connection was closed");
    if (poll(&wait, 1, 100) > 0) code = outcome(connection, mosquitto.mosquitto_loop_write(connection->client, 1));
  }
  return code;
}

int cmosquitto_publish(CMosquitto *connection, const char *topic, const uint8_t *payload, size_t count) {
  if (count > 268435455) return fail(connection, CMOSQUITTO_UNUSABLE, "the message is too long");
  if (mosquitto.mosquitto_socket(connection->client) < 0) {
    return fail(connection, CMOSQUITTO_LOST, "the connection was closed");
  }
  int code = mosquitto.mosquitto_publish(connection->client, NULL, topic, (int)count, payload, 1, false);
  if (!code) connection->pending++;
  return outcome(connection, code);
}

int cmosquitto_pending(const CMosquitto *connection) { return connection->pending; }

void cmosquitto_disconnect(CMosquitto *connection) {
  if (mosquitto.mosquitto_disconnect(connection->client)) return;
  cmosquitto_send(connection);
}

bool cmosquitto_is_filter(const char *filter) { return !mosquitto.mosquitto_sub_topic_check(filter); }
bool cmosquitto_is_topic(const char *topic) { return !mosquitto.mosquitto_pub_topic_check(topic); }
