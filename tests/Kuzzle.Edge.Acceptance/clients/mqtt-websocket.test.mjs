// MQTT.js over WebSocket: the client that browsers have.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import mqtt from 'mqtt'

const url = `ws://127.0.0.1:${process.env.KUZZLE_EDGE_HTTP_PORT}/mqtt`

const connect = (options) => mqtt.connectAsync(url, { reconnectPeriod: 0, connectTimeout: 20000, ...options })

const nextMessage = (client) => new Promise((resolve) => client.once('message', (topic, payload) => resolve({ topic, payload })))

for (const protocolVersion of [4, 5]) {
  test(`version ${protocolVersion}: a request is answered`, async () => {
    const client = await connect({ protocolVersion })
    await client.subscribeAsync('Kuzzle/response')
    const answer = nextMessage(client)

    await client.publishAsync('Kuzzle/request', JSON.stringify({ controller: 'server', action: 'now', requestId: 'a' }), { qos: 1 })

    const { topic, payload } = await answer
    assert.equal(topic, 'Kuzzle/response')
    const said = JSON.parse(payload.toString())
    assert.equal(said.status, 200)
    assert.equal(said.requestId, 'a')
    await client.endAsync()
  })
}

test('version 3: the old subprotocol is taken', async () => {
  const client = await connect({ protocolId: 'MQIsdp', protocolVersion: 3, clientId: 'old' })
  assert.equal(client.connected, true)
  await client.endAsync()
})

test('a large request arrives whole', async () => {
  const client = await connect({})
  await client.subscribeAsync('Kuzzle/response')
  const answer = nextMessage(client)

  const text = 'x'.repeat(300000)
  await client.publishAsync('Kuzzle/request', JSON.stringify({ controller: 'server', action: 'now', requestId: 'large', volatile: { text } }), { qos: 1 })

  const said = JSON.parse((await answer).payload.toString())
  assert.equal(said.requestId, 'large')
  assert.equal(said.volatile.text.length, text.length)
  await client.endAsync()
})
