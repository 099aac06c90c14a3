// The official JavaScript SDK over WebSocket, unchanged.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import sdk from 'kuzzle-sdk';

const { Kuzzle, WebSocket } = sdk;

const kuzzle = new Kuzzle(new WebSocket('127.0.0.1', { port: Number(process.env.KUZZLE_EDGE_HTTP_PORT) }));

before(() => kuzzle.connect());
after(() => kuzzle.disconnect());

test('server: now, info and publicApi', async () => {
  assert.ok(Math.abs((await kuzzle.server.now()) - Date.now()) < 60_000);
  const { serverInfo } = await kuzzle.server.info();
  assert.ok(serverInfo.kuzzle.version);
  const { result } = await kuzzle.query({ controller: 'server', action: 'publicApi' });
  assert.ok(result.document.create);
});

test('index and collection: create, list, exists, mapping, truncate, delete', async () => {
  await kuzzle.index.create('sdk-catalogue');
  assert.equal(await kuzzle.index.exists('sdk-catalogue'), true);
  assert.ok((await kuzzle.index.list()).includes('sdk-catalogue'));

  await kuzzle.collection.create('sdk-catalogue', 'things', { mappings: { properties: { name: { type: 'keyword' } } } });
  assert.equal(await kuzzle.collection.exists('sdk-catalogue', 'things'), true);
  const { collections } = await kuzzle.collection.list('sdk-catalogue');
  assert.deepEqual(collections.map((c) => c.name), ['things']);
  const mapping = await kuzzle.collection.getMapping('sdk-catalogue', 'things');
  assert.deepEqual(mapping.properties, { name: { type: 'keyword' } });

  await kuzzle.document.create('sdk-catalogue', 'things', { name: 'a' });
  await kuzzle.collection.truncate('sdk-catalogue', 'things');
  assert.equal(await kuzzle.document.count('sdk-catalogue', 'things'), 0);
  await kuzzle.collection.delete('sdk-catalogue', 'things');
  assert.equal(await kuzzle.collection.exists('sdk-catalogue', 'things'), false);
  await kuzzle.index.delete('sdk-catalogue');
  assert.equal(await kuzzle.index.exists('sdk-catalogue'), false);
});

test('document: create, get, update, replace, search, count, delete', async () => {
  await kuzzle.index.create('sdk-documents');
  await kuzzle.collection.create('sdk-documents', 'people', { mappings: { properties: { name: { type: 'keyword' }, age: { type: 'integer' } } } });
  const at = ['sdk-documents', 'people'];

  const created = await kuzzle.document.create(...at, { name: 'Ada', age: 36 }, 'ada');
  assert.equal(created._id, 'ada');
  assert.equal(created._version, 1);
  assert.equal(created._source._kuzzle_info.author, '-1');

  await kuzzle.document.update(...at, 'ada', { age: 37 });
  const got = await kuzzle.document.get(...at, 'ada');
  assert.deepEqual([got._source.name, got._source.age, got._version], ['Ada', 37, 2]);

  await kuzzle.document.mCreate(...at, [{ _id: 'bob', body: { name: 'Bob', age: 20 } }, { _id: 'cleo', body: { name: 'Cleo', age: 50 } }]);
  const found = await kuzzle.document.search(...at, { query: { range: { age: { gte: 30 } } }, sort: [{ age: 'desc' }] });
  assert.deepEqual(found.hits.map((hit) => hit._id), ['cleo', 'ada']);
  assert.equal(found.total, 2);
  assert.equal(await kuzzle.document.count(...at, { query: { term: { name: 'Bob' } } }), 1);

  await kuzzle.document.replace(...at, 'bob', { name: 'Robert' });
  assert.equal((await kuzzle.document.get(...at, 'bob'))._source.age, undefined);
  const { successes, errors } = await kuzzle.document.mGet(...at, ['bob', 'nobody']);
  assert.deepEqual([successes.map((d) => d._id), errors], [['bob'], ['nobody']]);

  await kuzzle.document.delete(...at, 'bob');
  assert.equal(await kuzzle.document.exists(...at, 'bob'), false);
  await assert.rejects(kuzzle.document.get(...at, 'bob'), { id: 'services.storage.not_found', status: 404 });
});

test('realtime: notifications for documents that enter and leave, for messages and for users', async () => {
  await kuzzle.index.create('sdk-realtime');
  await kuzzle.collection.create('sdk-realtime', 'readings', {});
  const at = ['sdk-realtime', 'readings'];
  const heard = [];
  let wake = () => {};
  const until = async (count) => {
    while (heard.length < count) await new Promise((resolve) => (wake = resolve));
  };
  const roomId = await kuzzle.realtime.subscribe(...at, { range: { temperature: { gt: 25 } } }, (notification) => {
    heard.push(notification);
    wake();
  }, { users: 'all', subscribeToSelf: true });

  await kuzzle.document.create(...at, { temperature: 30 }, 'r1');
  await kuzzle.document.update(...at, 'r1', { temperature: 20 });
  await kuzzle.realtime.publish(...at, { temperature: 26 });
  const documents = () => heard.filter((n) => n.type === 'document');
  while (documents().length < 3) await until(heard.length + 1);

  assert.deepEqual(documents().map((n) => [n.action, n.scope]), [['create', 'in'], ['update', 'out'], ['publish', 'in']]);
  assert.equal(await kuzzle.realtime.count(roomId), 1);
  await kuzzle.realtime.unsubscribe(roomId);
});

test('bulk: import', async () => {
  await kuzzle.index.create('sdk-bulk');
  await kuzzle.collection.create('sdk-bulk', 'lines', {});
  const { successes, errors } = await kuzzle.bulk.import('sdk-bulk', 'lines', [
    { create: { _id: '1' } }, { a: 1 },
    { create: { _id: '2' } }, { a: 2 },
    { delete: { _id: '1' } },
  ]);
  assert.equal(successes.length, 3);
  assert.equal(errors.length, 0);
  assert.equal(await kuzzle.document.count('sdk-bulk', 'lines'), 1);
});

test('an error has id, code, message, status and props', async () => {
  await assert.rejects(kuzzle.document.get('nowhere', 'nothing', 'x'), (error) => {
    assert.equal(error.id, 'services.storage.unknown_index');
    assert.equal(error.code, 16842753);
    assert.equal(error.status, 412);
    assert.deepEqual(error.props, ['nowhere']);
    assert.ok(error.message.length > 0);
    return true;
  });
});
