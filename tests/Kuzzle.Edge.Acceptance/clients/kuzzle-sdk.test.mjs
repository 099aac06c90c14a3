// The official JavaScript SDK, unchanged, over WebSocket and over HTTP: everything but users and their rights.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { client, Heard, methodsOf, protocols } from './sdk.mjs';

// Methods whose actions exist in the cloud only, or that are none of the server's.
const elsewhere = [
  'collection:searchSpecifications', // cloud-only
  'realtime:saveSubscriptions', 'realtime:resubscribe', 'realtime:removeSubscriptions', // the SDK's own
];

// What needs a connection that lasts.
const notOverHttp = ['realtime:count', 'realtime:subscribe', 'realtime:unsubscribe'];

for (const protocol of protocols) {
  describe(`over ${protocol}`, () => {
    const { kuzzle, calls, controller } = client(protocol);
    const name = (text) => `sdk-${protocol}-${text}`;
    const server = controller('server');
    const index = controller('index');
    const collection = controller('collection');
    const document = controller('document');
    const bulk = controller('bulk');
    const realtime = controller('realtime');
    const collectionOf = async (text, mappings = {}) => {
      await index.create(name(text));
      await collection.create(name(text), 'things', { mappings });
      return [name(text), 'things'];
    };

    before(() => kuzzle.connect());
    after(() => kuzzle.disconnect());

    test('server: what it is and how it is', async () => {
      assert.ok(Math.abs((await server.now()) - Date.now()) < 60_000);
      const { serverInfo } = await server.info();
      assert.ok(serverInfo.kuzzle.version);
      assert.equal(typeof (await server.adminExists()), 'boolean');
      const { result } = await kuzzle.query({ controller: 'server', action: 'publicApi' });
      assert.deepEqual(result.document.get.http[0].verb, 'GET');
      const health = await kuzzle.query({ controller: 'server', action: 'healthCheck' });
      assert.equal(health.result.status, 'green');
    });

    test('server: capabilities, configuration and statistics', async () => {
      assert.equal(typeof (await server.capabilities()), 'object');
      assert.equal(typeof (await server.getConfig()), 'object');
      assert.ok(Array.isArray((await server.getAllStats()).hits));
      assert.equal(typeof (await server.getLastStats()), 'object');
      assert.ok(Array.isArray((await server.getStats(Date.now() - 60_000, Date.now())).hits));
    });

    test('index: create, list, exists, stats, delete, mDelete', async () => {
      await index.create(name('i1'));
      await index.create(name('i2'));
      await index.create(name('i3'));
      assert.equal(await index.exists(name('i1')), true);
      assert.ok((await index.list()).includes(name('i2')));
      assert.ok((await index.stats()).indexes.some((entry) => entry.name === name('i1')));
      await index.delete(name('i1'));
      assert.equal(await index.exists(name('i1')), false);
      assert.deepEqual((await index.mDelete([name('i2'), name('i3')])).sort(), [name('i2'), name('i3')]);
      await assert.rejects(index.delete(name('i1')), { id: 'services.storage.unknown_index', status: 412 });
    });

    test('collection: create, list, exists, mappings, refresh, truncate, delete', async () => {
      const at = await collectionOf('catalogue', { properties: { name: { type: 'keyword' } } });
      assert.equal(await collection.exists(...at), true);
      assert.deepEqual((await collection.list(at[0])).collections.map((c) => c.name), ['things']);
      assert.deepEqual((await collection.getMapping(...at)).properties, { name: { type: 'keyword' } });
      await collection.update(...at, { mappings: { properties: { age: { type: 'integer' } } } });
      await collection.updateMapping(...at, { properties: { at: { type: 'date' } } });
      assert.deepEqual(Object.keys((await collection.getMapping(...at)).properties).sort(), ['age', 'at', 'name']);

      await document.create(...at, { name: 'a' });
      await collection.refresh(...at);
      await collection.truncate(...at);
      assert.equal(await document.count(...at), 0);
      await collection.delete(...at);
      assert.equal(await collection.exists(...at), false);
    });

    test('collection: specifications', async () => {
      const at = await collectionOf('specified');
      const specifications = { strict: true, fields: { age: { mandatory: true, type: 'integer' } } };
      assert.equal((await collection.validateSpecifications(...at, specifications)).valid, true);
      assert.equal((await collection.validateSpecifications(...at, { fields: { age: { type: 'nonsense' } } })).valid, false);
      await collection.updateSpecifications(...at, specifications);
      assert.deepEqual((await collection.getSpecifications(...at)).validation.fields.age.type, 'integer');
      await assert.rejects(document.create(...at, { age: 'old' }), { status: 400 });
      const refused = await document.validate(...at, { age: 'old' });
      assert.equal(refused.valid, false);
      await collection.deleteSpecifications(...at);
      await document.create(...at, { age: 'old' });
    });

    test('document: one at a time', async () => {
      const at = await collectionOf('documents', { properties: { name: { type: 'keyword' }, age: { type: 'integer' } } });
      const created = await document.create(...at, { name: 'Ada', age: 36 }, 'ada');
      assert.deepEqual([created._id, created._version, created._source._kuzzle_info.author], ['ada', 1, '-1']);
      assert.ok((await document.create(...at, { name: 'Nameless' }))._id.length > 0);
      await assert.rejects(document.create(...at, {}, 'ada'), { id: 'services.storage.document_already_exists', status: 400 });

      const updated = await document.update(...at, 'ada', { age: 37 }, { source: true, retryOnConflict: 3 });
      assert.deepEqual([updated._source.name, updated._source.age], ['Ada', 37]);
      const got = await document.get(...at, 'ada');
      assert.deepEqual([got._source.name, got._source.age, got._version], ['Ada', 37, 2]);

      assert.equal((await document.createOrReplace(...at, 'bob', { name: 'Bob' })).created, true);
      await document.replace(...at, 'bob', { name: 'Robert' });
      assert.equal((await document.get(...at, 'bob'))._source.name, 'Robert');
      await document.deleteFields(...at, 'bob', ['name']);
      assert.equal((await document.get(...at, 'bob'))._source.name, undefined);

      assert.equal((await document.upsert(...at, 'cleo', { age: 1 }, { default: { name: 'Cleo' } })).created, true);
      assert.deepEqual((await document.get(...at, 'cleo'))._source.name, 'Cleo');
      assert.equal((await document.upsert(...at, 'cleo', { age: 2 })).created, false);

      assert.equal(await document.exists(...at, 'bob'), true);
      assert.equal(await document.delete(...at, 'bob'), 'bob');
      assert.equal(await document.exists(...at, 'bob'), false);
      await assert.rejects(document.get(...at, 'bob'), { id: 'services.storage.not_found', status: 404 });
    });

    test('document: an identifier of any letters', async () => {
      const at = await collectionOf('identifiers');
      for (const id of ['a/b', 'été', 'a b?c=d&e', '100%', '_underscore', 'x#y']) {
        await document.create(...at, { id }, id);
        assert.equal((await document.get(...at, id))._source.id, id);
      }
    });

    test('document: many at a time', async () => {
      const at = await collectionOf('many');
      const entries = (ids, body) => ids.map((_id) => ({ _id, body }));
      assert.equal((await document.mCreate(...at, entries(['a', 'b', 'c'], { n: 1 }))).successes.length, 3);
      const twice = await document.mCreate(...at, entries(['a'], { n: 1 }));
      assert.deepEqual(twice.errors.map((e) => e.reason), ['document already exists']);
      assert.equal((await document.mCreateOrReplace(...at, entries(['c', 'd'], { n: 2 }))).successes.length, 2);
      assert.equal((await document.mReplace(...at, entries(['a'], { n: 3 }))).successes.length, 1);
      assert.equal((await document.mUpdate(...at, entries(['a', 'nobody'], { m: 4 }))).errors.length, 1);
      await assert.rejects(document.mUpdate(...at, entries(['nobody'], { m: 4 }), { strict: true }), { id: 'api.process.incomplete_multiple_request', count: 1 });
      assert.equal((await document.mUpsert(...at, [{ _id: 'e', changes: { n: 5 } }])).successes.length, 1);
      const { successes, errors } = await document.mGet(...at, ['a', 'nobody']);
      assert.deepEqual([successes[0]._source.n, successes[0]._source.m, errors], [3, 4, ['nobody']]);
      const deleted = await document.mDelete(...at, ['a', 'b', 'nobody']);
      assert.deepEqual([deleted.successes, deleted.errors.map((e) => e._id)], [['a', 'b'], ['nobody']]);
      assert.equal(await document.count(...at), 3);
    });

    test('document: by query', async () => {
      const at = await collectionOf('queried', { properties: { age: { type: 'integer' }, name: { type: 'keyword' } } });
      await document.mCreate(...at, Array.from({ length: 25 }, (_, i) => ({ _id: `p${i}`, body: { age: i, name: `n${i % 5}` } })));
      const query = { range: { age: { gte: 20 } } };
      const found = await document.search(...at, { query, sort: [{ age: 'desc' }] });
      assert.deepEqual(found.hits.map((hit) => hit._id), ['p24', 'p23', 'p22', 'p21', 'p20']);
      assert.equal(found.total, 5);
      assert.equal((await document.search(...at, { equals: { name: 'n1' } }, { lang: 'koncorde' }).catch((e) => e)).status, 400, 'a Koncorde filter stands in query');
      assert.equal((await document.search(...at, { query: { equals: { name: 'n1' } } }, { lang: 'koncorde' })).total, 5);
      if (protocol === 'http') assert.equal((await document.search(...at, { query }, { verb: 'GET' })).total, 5);

      let page = await document.search(...at, { sort: [{ age: 'asc' }] }, { from: 0, size: 10 });
      let fetched = page.hits.length;
      while ((page = await page.next())) fetched += page.hits.length;
      assert.equal(fetched, 25);

      assert.equal(await document.count(...at, { query }), 5);
      const changed = await document.updateByQuery(...at, query, { old: true });
      assert.equal(changed.successes.length, 5);
      assert.equal((await document.deleteByQuery(...at, { query })).length, 5);
      assert.equal(await document.count(...at), 20);
    });

    test('document: scroll', async () => {
      const at = await collectionOf('scrolled');
      await document.mCreate(...at, Array.from({ length: 25 }, (_, i) => ({ _id: `p${i}`, body: { i } })));
      let page = await document.search(...at, {}, { scroll: '30s', size: 10 });
      const ids = page.hits.map((hit) => hit._id);
      while ((page = await page.next())) ids.push(...page.hits.map((hit) => hit._id));
      assert.equal(new Set(ids).size, 25);
    });

    test('bulk: import, write, mWrite, by query', async () => {
      const at = await collectionOf('bulk', { properties: { a: { type: 'integer' } } });
      const { successes, errors } = await bulk.import(...at, [
        { create: { _id: '1' } }, { a: 1 },
        { create: { _id: '2' } }, { a: 2 },
        { delete: { _id: '1' } },
      ]);
      assert.deepEqual([successes.length, errors.length], [3, 0]);
      assert.equal((await bulk.write(...at, { a: 3, _kuzzle_info: { author: 'me' } }, '3'))._source._kuzzle_info.author, 'me');
      assert.equal((await bulk.mWrite(...at, [{ _id: '4', body: { a: 4 } }])).successes.length, 1);
      assert.equal(await bulk.updateByQuery(...at, { range: { a: { gte: 3 } } }, { big: true }), 2);
      assert.equal(await bulk.deleteByQuery(...at, { query: { term: { a: 4 } } }), 1);
      assert.equal(await document.count(...at), 2);
    });

    test('realtime: publish', async () => {
      const at = await collectionOf('published');
      assert.deepEqual(await realtime.publish(...at, { text: 'hello' }), true);
    });

    if (protocol === 'websocket') {
      test('realtime: what enters a room and what leaves it', async () => {
        const at = await collectionOf('realtime');
        const heard = new Heard();
        const roomId = await realtime.subscribe(...at, { range: { temperature: { gt: 25 } } }, heard.listener, { subscribeToSelf: true });

        await document.create(...at, { temperature: 30 }, 'r1');
        await document.update(...at, 'r1', { temperature: 20 });
        await realtime.publish(...at, { temperature: 26 });

        const notifications = await heard.until(3, (n) => n.type === 'document');
        assert.deepEqual(notifications.map((n) => [n.action, n.scope]), [['create', 'in'], ['update', 'out'], ['publish', 'in']]);
        assert.equal(notifications[0].result._source.temperature, 30);
        assert.equal(await realtime.count(roomId), 1);
        await realtime.unsubscribe(roomId);
        assert.equal(await realtime.count(roomId), 0);
      });

      test('realtime: only one scope, and nothing of one\'s own', async () => {
        const at = await collectionOf('scopes');
        const entering = new Heard();
        const own = new Heard();
        await realtime.subscribe(...at, { equals: { on: true } }, entering.listener, { scope: 'in' });
        await realtime.subscribe(...at, {}, own.listener, { subscribeToSelf: false });

        await document.create(...at, { on: true }, 'd');
        await document.update(...at, 'd', { on: false });
        await document.update(...at, 'd', { on: true });

        assert.deepEqual((await entering.until(2)).map((n) => n.scope), ['in', 'in']);
        assert.deepEqual(own.all, []);
      });

      test('realtime: who enters and leaves, with what they say of themselves', async () => {
        const at = await collectionOf('users');
        const heard = new Heard();
        await realtime.subscribe(...at, {}, heard.listener, { users: 'all' });
        const other = client('websocket');
        await other.kuzzle.connect();

        await other.kuzzle.realtime.subscribe(...at, {}, () => {}, { volatile: { name: 'other' } });
        const [entered] = await heard.until(1, (n) => n.type === 'user' && n.user === 'in' && n.volatile?.name === 'other');
        assert.equal(entered.result.count, 2);
        other.kuzzle.disconnect();

        const [left] = await heard.until(1, (n) => n.type === 'user' && n.user === 'out');
        assert.equal(left.result.count, 1);
        assert.equal(left.volatile.name, 'other');
      });

      test('realtime: volatile data of a writer reaches those who listen', async () => {
        const at = await collectionOf('volatile');
        const heard = new Heard();
        await realtime.subscribe(...at, {}, heard.listener);

        await document.create(...at, { n: 1 }, 'd', { volatile: { by: 'me' } });

        assert.equal((await heard.until(1))[0].volatile.by, 'me');
      });

      test('realtime: a hundred rooms of one connection', async () => {
        const at = await collectionOf('rooms');
        const heard = new Heard();
        await Promise.all(Array.from({ length: 100 }, (_, i) => realtime.subscribe(...at, { equals: { i } }, heard.listener)));

        await Promise.all(Array.from({ length: 100 }, (_, i) => document.create(...at, { i })));

        const values = (await heard.until(100)).map((n) => n.result._source.i).sort((a, b) => a - b);
        assert.deepEqual(values, Array.from({ length: 100 }, (_, i) => i));
      });
    }

    test('an error has id, code, message, status and props', async () => {
      await assert.rejects(document.get('nowhere', 'nothing', 'x'), (error) => {
        assert.deepEqual([error.id, error.code, error.status, error.props], ['services.storage.unknown_index', 16842753, 412, ['nowhere']]);
        assert.ok(error.message.length > 0);
        return true;
      });
    });

    test('every public method was called', () => {
      const controllers = ['bulk', 'collection', 'document', 'index', 'realtime', 'server'];
      const expected = controllers.flatMap((controllerName) => methodsOf(kuzzle, controllerName));
      const missing = expected.filter((method) => !calls.has(method) && !elsewhere.includes(method) && !(protocol === 'http' && notOverHttp.includes(method)));
      assert.deepEqual(missing, []);
    });
  });
}
