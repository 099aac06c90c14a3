// Hundreds of clients of a library this project did not write, that lose their connections at random, and a broker that may be killed under them. In the end
// every message must have been had as often as its quality of service promises: 0 at most once, 1 at least once, 2 once; 1 and 2 in their order.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createConnection, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import mqtt from 'mqtt';

const { values: options } = parseArgs({
  options: {
    binary: { type: 'string' },
    minutes: { type: 'string', default: '10' },
    clients: { type: 'string', default: '500' },
    rate: { type: 'string', default: '1000' },
    'kill-every': { type: 'string', default: '0' },
    seed: { type: 'string', default: String(Date.now() % 100000) },
  },
});
const minutes = Number(options.minutes);
const pairs = Math.floor(Number(options.clients) / 2);
const rate = Number(options.rate);
const killEvery = Number(options['kill-every']);

let state = Number(options.seed);
const random = () => {
  state = (state + 0x6d2b79f5) | 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
};
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

const folder = mkdtempSync(join(tmpdir(), 'kuzzle-edge-soak-'));
const port = await freePort();
const configuration = join(folder, 'kuzzlerc');
writeFileSync(configuration, JSON.stringify({
  server: { host: '127.0.0.1', port: 0, protocols: { mqtt: {
    server: { host: '127.0.0.1', port: 0 },
    listeners: [{ host: '127.0.0.1', port, profile: 'open', allowAnonymous: true }],
  } } },
  storage: { path: join(folder, 'data') },
}));

let gateway;
let stopping = false;
await start();

// Publisher i publishes to soak/i; subscriber i wants soak/i and soak/i+1, so that every message has two receivers.
const publishers = [];
const subscribers = [];
const sent = new Map(); // topic/qos -> { next, givenUp }
const had = new Map(); // subscriber/topic/qos -> numbers in their order
const errors = [];
let lost = 0;

for (let i = 0; i < pairs; i++) {
  subscribers.push(connect(`soak-s${i}`));
  publishers.push(connect(`soak-p${i}`));
}
await Promise.all([...subscribers, ...publishers].map((client) => once(client, 'connect')));
await Promise.all(subscribers.map((client, i) => client.subscribeAsync([`soak/${i}`, `soak/${(i + 1) % pairs}`], { qos: 2 })));
subscribers.forEach((client, i) => client.on('message', (topic, payload, packet) => {
  const [qos, number] = payload.toString().split(' ', 2).map(Number);
  const key = `${i}/${topic}/${qos}`;
  if (!had.has(key)) had.set(key, []);
  had.get(key).push(number);
  if (packet.qos !== qos) errors.push(`${key} ${number} came at QoS ${packet.qos}`);
}));

const began = Date.now();
const end = began + minutes * 60_000;
const memory = [];
let published = 0;
let broken = 0;
let kills = 0;
let nextSample = began;
let nextKill = killEvery > 0 ? began + killEvery * 1000 : Infinity;
while (Date.now() < end) {
  const due = Math.floor(((Date.now() - began) / 1000) * rate);
  for (; published < due; published++) publish(Math.floor(random() * pairs), Math.floor(random() * 3));
  if (random() < 0.2) {
    const all = random() < 0.5 ? publishers : subscribers;
    all[Math.floor(random() * pairs)].stream?.destroy();
    broken++;
  }
  if (Date.now() >= nextKill) {
    nextKill += killEvery * 1000;
    kills++;
    const dead = once(gateway, 'exit');
    gateway.kill('SIGKILL');
    await dead;
    await start();
  }
  if (Date.now() >= nextSample) {
    nextSample += 10_000;
    memory.push(residentKiB());
  }
  await sleep(10);
}

// On a slow machine a queue takes its time: what is still on its way is waited for until nothing has come for a minute.
for (let lacking = Infinity, waited = 0; waited < 60_000 && missing().length > 0; waited += 500) {
  await sleep(500);
  if (missing().length < lacking) [lacking, waited] = [missing().length, 0];
}
const left = missing();
for (const text of left.slice(0, 20)) errors.push(`missing ${text}`);
if (left.length > 20) errors.push(`and ${left.length - 20} more are missing`);
check();

const received = [...had.values()].reduce((sum, numbers) => sum + numbers.length, 0);
const settled = memory.slice(Math.floor(memory.length / 4));
const third = Math.max(1, Math.floor(settled.length / 3));
const average = (numbers) => Math.round(numbers.reduce((sum, number) => sum + number, 0) / numbers.length / 1024);
console.log(`seed ${options.seed}: ${minutes} minutes, ${pairs * 2} clients, ${published} messages published, ${received} received, ${broken} connections broken, ${kills} kills`);
console.log(`resident memory: ${average(settled.slice(0, third))} MiB early, ${average(settled.slice(-third))} MiB late, ${Math.round(Math.max(...memory) / 1024)} MiB at most`);
const givenUp = [...sent.values()].reduce((sum, entry) => sum + entry.givenUp.size, 0);
console.log(`QoS 0 not received: ${lost}; given up by the publishing library: ${givenUp}`);
const early = average(settled.slice(0, third));
const late = average(settled.slice(-third));
if (kills === 0 && settled.length >= 6 && late > early * 1.25 + 8) errors.push(`the memory grows: ${early} MiB early, ${late} MiB late`);

stopping = true;
for (const client of [...publishers, ...subscribers]) client.end(true);
const ended = once(gateway, 'exit');
gateway.kill('SIGTERM');
const [code] = await ended;
if (code !== 0) errors.push(`the gateway ended with ${code}`);
rmSync(folder, { recursive: true });
for (const text of errors) console.log(`FAIL ${text}`);
console.log(errors.length === 0 ? 'soak: passed' : `soak: ${errors.length} failures`);
process.exit(errors.length === 0 ? 0 : 1);

function connect(clientId) {
  const client = mqtt.connect(`mqtt://127.0.0.1:${port}`, {
    clientId, clean: false, resubscribe: false, reconnectPeriod: 200 + Math.floor(random() * 800), connectTimeout: 20_000, keepalive: 30,
  });
  client.on('error', (error) => {
    if (!stopping && !['ECONNREFUSED', 'ECONNRESET', 'EPIPE'].includes(error.code)) errors.push(`${clientId}: ${error.message}`);
  });
  client.setMaxListeners(0);
  return client;
}

function publish(i, qos) {
  const topic = `soak/${i}`;
  const key = `${topic}/${qos}`;
  if (!sent.has(key)) sent.set(key, { next: 0, givenUp: new Set() });
  const entry = sent.get(key);
  const number = entry.next++;
  publishers[i].publish(topic, `${qos} ${number} ${'x'.repeat(Math.floor(random() * 200))}`, { qos }, (error) => {
    if (error) entry.givenUp.add(number); // The library says that it was not sent: nobody promised anything.
  });
}

function* expected() {
  for (const [key, entry] of sent) {
    const [, text, qos] = key.split('/');
    const i = Number(text);
    for (const subscriber of [i, (i + pairs - 1) % pairs]) yield { key: `${subscriber}/soak/${i}/${qos}`, qos: Number(qos), entry };
  }
}

function missing() {
  const result = [];
  for (const { key, qos, entry } of expected()) {
    if (qos === 0) continue;
    const numbers = new Set(had.get(key) ?? []);
    for (let number = 0; number < entry.next; number++) if (!numbers.has(number) && !entry.givenUp.has(number)) result.push(`${key} ${number}`);
  }
  return result;
}

function check() {
  for (const { key, qos, entry } of expected()) {
    const numbers = had.get(key) ?? [];
    const first = [...new Set(numbers)];
    for (let j = 1; qos > 0 && j < first.length; j++) {
      if (first[j] < first[j - 1]) errors.push(`${key}: ${first[j]} came after ${first[j - 1]}`);
    }
    if (qos !== 1 && first.length !== numbers.length) errors.push(`${key}: ${numbers.length - first.length} came twice`);
    if (qos === 0) lost += entry.next - first.length;
  }
}

async function start() {
  gateway = spawn(options.binary, ['run', '--config', configuration], { stdio: ['ignore', 'ignore', 'inherit'] });
  const process_ = gateway;
  gateway.on('exit', (code, signal) => {
    if (!stopping && signal !== 'SIGKILL' && process_ === gateway) {
      console.log(`FAIL the gateway has ended by itself (${code ?? signal})`);
      process.exit(1);
    }
  });
  for (let i = 0; i < 400; i++) {
    const socket = createConnection(port, '127.0.0.1');
    const ok = await new Promise((resolve) => {
      socket.once('connect', () => resolve(true));
      socket.once('error', () => resolve(false));
    });
    socket.destroy();
    if (ok) return;
    await sleep(50);
  }
  gateway.kill('SIGKILL');
  throw new Error('the gateway does not listen');
}

function residentKiB() {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${gateway.pid}/status`, 'utf8'))[1]);
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port: free } = server.address();
  server.close();
  await once(server, 'close');
  return free;
}
