// The official JavaScript SDK, unchanged: the key-value store, over WebSocket and over HTTP.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { client, protocols } from './sdk.mjs';

for (const protocol of protocols) {
  describe(`over ${protocol}`, () => {
    const { kuzzle, calls, controller } = client(protocol);
    const ms = controller('ms');

    before(() => kuzzle.connect());
    after(() => kuzzle.disconnect());

    test('the box answers', async () => {
      assert.equal(await ms.ping(), 'PONG');
      const [seconds] = await ms.time();
      assert.ok(Math.abs(seconds - Date.now() / 1000) < 60);
      await ms.flushdb();
      assert.equal(await ms.dbsize(), 0);
    });

    test('texts', async () => {
      await ms.set('text', 'a');
      assert.equal(await ms.append('text', 'bc'), 3);
      assert.equal(await ms.get('text'), 'abc');
      assert.equal(await ms.strlen('text'), 3);
      assert.equal(await ms.getset('text', 'new'), 'abc');
      assert.equal(await ms.setnx('text', 'other'), false);
      assert.equal(await ms.get('nothing'), null);
      await ms.mset([{ key: 'm1', value: '1' }, { key: 'm2', value: '2' }]);
      assert.deepEqual(await ms.mget(['m1', 'm2', 'm3']), ['1', '2', null]);
    });

    test('numbers', async () => {
      await ms.set('n', 10);
      assert.equal(await ms.incr('n'), 11);
      assert.equal(await ms.incrby('n', 4), 15);
      assert.equal(await ms.decr('n'), 14);
      assert.equal(await ms.decrby('n', 4), 10);
      assert.equal(await ms.incrbyfloat('n', 0.5), 10.5);
    });

    test('keys', async () => {
      assert.equal(await ms.exists(['n', 'text', 'nothing']), 2);
      assert.equal(await ms.type('n'), 'string');
      assert.deepEqual((await ms.keys('m*')).sort(), ['m1', 'm2']);
      await ms.rename('m1', 'renamed');
      assert.equal(await ms.get('renamed'), '1');
      let cursor = 0;
      const scanned = [];
      do {
        const page = await ms.scan(cursor, { match: 'm*', count: 10 });
        cursor = Number(page.cursor);
        scanned.push(...page.values);
      } while (cursor !== 0);
      assert.deepEqual(scanned, ['m2']);
      assert.equal(await ms.del(['renamed', 'nothing']), 1);
    });

    test('lifetimes', async () => {
      await ms.setex('short', 'value', 100);
      assert.ok((await ms.ttl('short')) > 90);
      assert.ok((await ms.pttl('short')) > 90_000);
      assert.equal(await ms.persist('short'), true);
      assert.equal(await ms.ttl('short'), -1);
      assert.equal(await ms.expire('short', 100), true);
      assert.equal(await ms.pexpire('short', 50), true);
      while ((await ms.get('short')) !== null) await new Promise((resolve) => setTimeout(resolve, 20));
      assert.equal(await ms.ttl('short'), -2);
    });

    test('hashes', async () => {
      assert.equal(await ms.hset('hash', 'a', '1'), true);
      await ms.hmset('hash', [{ field: 'b', value: '2' }, { field: 'c', value: '3' }]);
      assert.equal(await ms.hget('hash', 'a'), '1');
      assert.deepEqual(await ms.hmget('hash', ['a', 'nothing']), ['1', null]);
      assert.equal(Number(await ms.hincrby('hash', 'a', 5)), 6);
      assert.equal(await ms.hdel('hash', ['b']), 1);
      assert.deepEqual(await ms.hgetall('hash'), { a: '6', c: '3' });
    });

    test('every method of an action that is here was called', async () => {
      const { result } = await kuzzle.query({ controller: 'server', action: 'publicApi' });
      const here = Object.keys(result.ms).map((action) => `ms:${action}`);
      assert.ok(here.length > 30);
      assert.deepEqual(here.filter((method) => !calls.has(method)), []);
    });
  });
}
