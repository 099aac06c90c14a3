// The examples of the MQTT page that the product was asked to follow, run by npm `mqtt`.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { test } from 'node:test';
import mqtt from 'mqtt';

const url = `mqtt://127.0.0.1:${process.env.KUZZLE_EDGE_MQTT_PORT}`;

async function connect(options = {}) {
  const client = mqtt.connect(url, { reconnectPeriod: 0, ...options });
  await once(client, 'connect');
  return client;
}

/** Sends a request and waits for the answer that carries its requestId. */
async function ask(client, request) {
  const requestId = request.requestId ?? randomUUID();
  const answer = new Promise((resolve) => {
    const listen = (topic, raw) => {
      if (topic !== 'Kuzzle/response') return;
      const message = JSON.parse(raw);
      if (message.requestId !== requestId) return;
      client.off('message', listen);
      resolve(message);
    };
    client.on('message', listen);
  });
  client.publish('Kuzzle/request', JSON.stringify({ ...request, requestId }));
  return answer;
}

const nextOn = (client, wanted) =>
  new Promise((resolve) => {
    const listen = (topic, raw) => {
      if (topic !== wanted) return;
      client.off('message', listen);
      resolve(JSON.parse(raw));
    };
    client.on('message', listen);
  });

test('a volatile message is published and answered under its requestId', async () => {
  const client = await connect();
  const answer = await ask(client, {
    index: 'index',
    collection: 'collection',
    controller: 'realtime',
    action: 'publish',
    requestId: 'some unique ID',
    body: { some: 'message' },
  });

  assert.equal(answer.status, 200);
  assert.deepEqual(answer.result, { published: true });
  assert.deepEqual(Object.keys(answer).slice(0, 9), [
    'requestId', 'status', 'error', 'controller', 'action', 'collection', 'index', 'volatile', 'result',
  ]);
  await client.endAsync();
});

test('the page\'s subscription with a `term` filter hears what matches, and only that', async () => {
  const client = await connect();
  const subscription = await ask(client, {
    index: 'index',
    collection: 'collection',
    controller: 'realtime',
    action: 'subscribe',
    body: { term: { some: 'filter' } },
  });
  assert.equal(subscription.status, 200);
  await client.subscribeAsync(subscription.result.channel);

  const heard = nextOn(client, subscription.result.channel);
  const publish = (body) => ask(client, { index: 'index', collection: 'collection', controller: 'realtime', action: 'publish', body });
  await publish({ some: 'other', n: 1 });
  await publish({ some: 'filter', n: 2 });

  const notification = await heard;
  assert.equal(notification.type, 'document');
  assert.equal(notification.scope, 'in');
  assert.equal(notification.result._source.n, 2);
  assert.equal(notification.protocol, 'mqtt');
  assert.equal('room' in notification, false);
  await client.endAsync();
});

test('the page\'s and Koncorde\'s spelling of one filter share a channel', async () => {
  const client = await connect();
  const subscribe = (body) => ask(client, { index: 'index', collection: 'collection', controller: 'realtime', action: 'subscribe', body });
  const term = await subscribe({ term: { some: 'filter' } });
  const equals = await subscribe({ equals: { some: 'filter' } });
  assert.equal(term.result.channel, equals.result.channel);
  await client.endAsync();
});

test('answers are private: a subscriber of the response topic hears only its own', async () => {
  const eavesdropper = await connect();
  const client = await connect();
  const overheard = [];
  eavesdropper.on('message', (topic, raw) => overheard.push(JSON.parse(raw).requestId));
  await eavesdropper.subscribeAsync('Kuzzle/response');

  await ask(client, { controller: 'server', action: 'now' });
  const own = await ask(eavesdropper, { controller: 'server', action: 'now' });

  assert.deepEqual(overheard, [own.requestId], 'exactly one copy of the own answer');
  await Promise.all([client.endAsync(), eavesdropper.endAsync()]);
});

test('publishing on an unauthorised topic shuts the connection', async () => {
  const client = await connect();
  const closed = once(client, 'close');
  client.publish('some/topic', 'x');
  await closed;
});

test('a wildcard subscription shuts the connection', async () => {
  const client = await connect();
  const closed = once(client, 'close');
  client.subscribe('#');
  await closed;
});

test('a subscription to the request topic is ignored, and the connection stays', async () => {
  const client = await connect({ protocolVersion: 4 });
  // The client library reports a refused filter (0x80) as an error of the subscription.
  await assert.rejects(client.subscribeAsync('Kuzzle/request'));
  const answer = await ask(client, { controller: 'server', action: 'now' });
  assert.equal(answer.status, 200);
  await client.endAsync();
});

test('bad JSON is answered, not punished', async () => {
  const client = await connect();
  const answer = nextOn(client, 'Kuzzle/response');
  client.publish('Kuzzle/request', 'this is not JSON');
  const { status, error, controller, action } = await answer;
  assert.equal(status, 400);
  assert.equal(error.id, 'network.mqtt.unexpected_error');
  assert.equal(error.code, 50462721);
  assert.equal(controller, null);
  assert.equal(action, null);
  await client.endAsync();
});

test('an MQTT 5 request is answered on its own Response Topic with its Correlation Data', async () => {
  const client = await connect({ protocolVersion: 5 });
  const answer = new Promise((resolve) => client.on('message', (topic, raw, packet) => resolve({ topic, raw, packet })));
  client.publish('Kuzzle/request', JSON.stringify({ controller: 'server', action: 'now' }), {
    properties: { responseTopic: 'my/answers', correlationData: Buffer.from('42') },
  });
  const { topic, raw, packet } = await answer;
  assert.equal(topic, 'my/answers');
  assert.equal(packet.properties.correlationData.toString(), '42');
  assert.equal(JSON.parse(raw).status, 200);
  await client.endAsync();
});
