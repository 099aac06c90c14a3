// Reads the lines of scripts/lib/bench/koncorde.sh and prints, for each workload, medians and the median of the rounds' ratios beside what is wanted.
'use strict';

const fs = require('node:fs');

const wanted = {
  equals: { must: 2, goal: 3 },
  range: { must: 2, goal: 5 },
  geo: { must: 2, goal: 5 },
  mixed: { must: 20, goal: 100 },
};
const registerMust = 5;
const heapMust = 0.5;

const median = (numbers) => {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
};
const short = (number) => (number >= 100 ? Math.round(number).toLocaleString('en') : number.toPrecision(2));

const workloads = new Map();
for (const line of fs.readFileSync(process.argv[2], 'utf8').split('\n')) {
  if (line === '') continue;
  const entry = JSON.parse(line);
  const key = `${entry.shape} ${entry.filters}`;
  if (!workloads.has(key)) workloads.set(key, { shape: entry.shape, filters: entry.filters, rounds: [] });
  const { rounds } = workloads.get(key);
  rounds[entry.round] = { ...rounds[entry.round], [entry.subject]: entry };
}

let failed = false;
console.log('| shape | filters | docs/CPU s, npm | edge | ratio | must | goal | heap/filter, npm | edge | ratio (must 0.5) | registered/CPU s, npm | edge | ratio (must 5) | reached |');
console.log('|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|---|');
for (const { shape, filters, rounds } of workloads.values()) {
  const whole = rounds.filter((round) => round?.npm && round?.edge);
  if (whole.some((round) => round.npm.matches !== round.edge.matches)) {
    console.error(`${shape} ${filters}: the engines do not agree: ${whole.map((round) => `${round.npm.matches}/${round.edge.matches}`).join(' ')} matches`);
    failed = true;
  }
  const of = (subject, figure) => median(whole.map((round) => round[subject][figure]));
  const ratio = (figure) => median(whole.map((round) => round.edge[figure] / round.npm[figure]));
  const { must, goal } = wanted[shape];
  const [test, heap, register] = [ratio('test'), ratio('heap'), ratio('register')];
  const isMust = test >= must && heap <= heapMust && register >= registerMust;
  console.log(`| ${[
    shape, filters.toLocaleString('en'), short(of('npm', 'test')), short(of('edge', 'test')), short(test), must, goal,
    short(of('npm', 'heap')), short(of('edge', 'heap')), short(heap),
    short(of('npm', 'register')), short(of('edge', 'register')), short(register),
    !isMust ? '**missed**' : test >= goal ? 'goal' : 'must',
  ].join(' | ')} |`);
}
process.exit(failed ? 1 : 0);
