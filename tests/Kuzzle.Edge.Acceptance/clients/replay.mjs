// Sends what it is told, over MQTT: each line of standard input is {client, request}, each line it prints is the answer to it.
// {client, gone: true} disconnects the client.
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import mqtt from 'mqtt';

const clients = new Map();
async function connect(name) {
  const client = mqtt.connect(`mqtt://127.0.0.1:${process.env.KUZZLE_EDGE_MQTT_PORT}`, { reconnectPeriod: 0 });
  await once(client, 'connect');
  clients.set(name, client);
  return client;
}

// C came later in the recording, and the recorded metrics count connections.
await connect('A');
await connect('B');

// One request at a time, so the next answer is the answer.
for await (const line of createInterface({ input: process.stdin })) {
  const { client: name, request, gone } = JSON.parse(line);
  const client = clients.get(name) ?? (await connect(name));
  if (gone) {
    await client.endAsync();
    console.log('gone');
    continue;
  }

  const answer = new Promise((resolve) => {
    const listen = (topic, raw) => {
      if (topic !== 'Kuzzle/response') return;
      client.off('message', listen);
      resolve(raw.toString());
    };
    client.on('message', listen);
  });
  client.publish('Kuzzle/request', JSON.stringify(request));
  console.log(await answer);
}

for (const client of clients.values()) client.end();
