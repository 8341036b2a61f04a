#ifndef BRAID_CMOSQUITTO_H
#define BRAID_CMOSQUITTO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// A thin layer over libmosquitto (MQTT 3.1.1), which is opened with the first connection. A connection belongs to
// one thread at a time; nothing runs behind it.
//
// Messages are acknowledged when the caller says so: what the library has to send waits in its queue, acknowledgements
// included, until `cmosquitto_send`. Whoever puts what came on disk before that call loses nothing, however it ends.

typedef struct CMosquitto CMosquitto;

// Outcomes. Everything below zero is a failure; `cmosquitto_reason` says why.
enum {
  CMOSQUITTO_OK = 0,
  CMOSQUITTO_LOST = -1,    // the connection is gone: connect again
  CMOSQUITTO_REFUSED = -2, // the broker or its certificate says no: trying again is of no use
  CMOSQUITTO_UNUSABLE = -3, // an option cannot be used
};

typedef struct {
  const char *topic;
  const uint8_t *payload;
  size_t count;
  int id;        // of the packet; the same when it comes again over another connection of the session
  bool retained; // kept by the broker from before the subscription
} CMosquittoMessage;

// What of libmosquitto is missing on this machine; null where it is there.
const char *cmosquitto_missing(void);

// - clean: whether the broker forgets this client when it goes.
// Null where the client's name cannot be used or memory is short.
CMosquitto *cmosquitto_make(const char *client, bool clean);
void cmosquitto_free(CMosquitto *connection);
const char *cmosquitto_reason(const CMosquitto *connection);

int cmosquitto_login(CMosquitto *connection, const char *user, const char *password);
// Speaks TLS and checks the broker's name. `authorities`: a PEM file; null for those of the system.
int cmosquitto_secure(CMosquitto *connection, const char *authorities);
// Connects and waits for the broker's word. `known`: whether the broker still had the session.
int cmosquitto_connect(
  CMosquitto *connection, const char *host, int port, int keepalive, int timeout_ms, bool *known);
// Subscribes with QoS 1 and waits until the broker has granted it. Messages that come meanwhile are received.
int cmosquitto_subscribe(CMosquitto *connection, const char *filter, int timeout_ms);
// Who takes messages, from inside of any call that receives. A message is valid only inside the call.
void cmosquitto_receiver(
  CMosquitto *connection, void (*receive)(void *context, const CMosquittoMessage *message), void *context);
// Receives what comes within `timeout_ms`, at least one packet where there is one.
int cmosquitto_receive(CMosquitto *connection, int timeout_ms);
// Sends what waits: acknowledgements of all that was received, published messages, signs of life.
int cmosquitto_send(CMosquitto *connection);
// Queues a message with QoS 1. Where the connection is lost before it is acknowledged, it is sent again with the next.
int cmosquitto_publish(CMosquitto *connection, const char *topic, const uint8_t *payload, size_t count);
// Published messages that the broker has not acknowledged yet.
int cmosquitto_pending(const CMosquitto *connection);
void cmosquitto_disconnect(CMosquitto *connection);
// Whether a filter may be subscribed to, and a topic published to.
bool cmosquitto_is_filter(const char *filter);
bool cmosquitto_is_topic(const char *topic);

#endif
