// The engine of npm koncorde under one workload. Prints the line that tests/Kuzzle.Edge.Benchmarks prints for ours.
'use strict';

const fs = require('node:fs');
const path = require('node:path');

const [modules, file] = process.argv.slice(2);
const { Koncorde } = require(path.join(modules, 'koncorde'));

const checkedDocuments = 50;
const filters = [];
const documents = [];
for (const line of fs.readFileSync(file, 'utf8').split('\n')) {
  if (line === '') continue;
  const { filter, doc } = JSON.parse(line);
  if (filter) filters.push(filter);
  else documents.push(doc);
}

// Seconds of CPU time since some beginning.
const cpuTime = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};

const heapUsed = () => {
  global.gc();
  const { heapUsed: managed, external } = process.memoryUsage();
  return managed + external;
};

const test = (engine, atLeast) => {
  let tested = 0;
  const started = cpuTime();
  let used;
  do {
    const until = tested + batch;
    while (tested < until) engine.test(documents[tested++ % documents.length]);
    used = cpuTime() - started;
  } while (used < atLeast);
  return tested / used;
};

// For nothing, so that compiling is not measured.
const warm = cpuTime() + 1;
while (cpuTime() < warm) {
  const trial = new Koncorde({ maxConditions: 100 });
  for (const filter of filters.slice(0, 1000)) trial.register(filter);
}

const before = heapUsed();
const engine = new Koncorde({ maxConditions: 100 });
const started = cpuTime();
for (const filter of filters) engine.register(filter);
const registering = cpuTime() - started;
const heap = (heapUsed() - before) / filters.length;

let matches = 0;
const first = cpuTime();
for (const document of documents.slice(0, checkedDocuments)) matches += engine.test(document).length;
// As many documents between two looks at the clock as take about a millisecond.
const batch = Math.max(1, Math.min(100, Math.floor(0.001 * checkedDocuments / Math.max(cpuTime() - first, 1e-6))));
test(engine, 0.5);
const rate = test(engine, 1);

console.log(JSON.stringify({ subject: 'npm', register: filters.length / registering, test: rate, heap, matches }));
