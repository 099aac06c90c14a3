// The official JavaScript SDK, unchanged: users, their rights and their tokens. The first protocol finds a box without an administrator and makes one.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { client, Heard, methodsOf, protocols } from './sdk.mjs';

// Methods whose actions exist in the cloud only, or that are none of the server's.
const elsewhere = [
  'auth:authenticateRequest', // the SDK's own
  'security:getProfileMapping', 'security:getRoleMapping', 'security:getUserMapping', // cloud-only
  'security:updateProfileMapping', 'security:updateRoleMapping', 'security:updateUserMapping',
];
const admin = { username: 'admin', password: 'admin-password' };
const everything = { controllers: { '*': { actions: { '*': true } } } };

const [first] = protocols;

for (const protocol of protocols) {
  describe(`over ${protocol}`, () => {
    const { kuzzle, calls, controller } = client(protocol);
    const name = (text) => `${text}-${protocol}`;
    const auth = controller('auth');
    const security = controller('security');

    before(() => kuzzle.connect());
    after(() => kuzzle.disconnect());

    test('the first administrator is made once', async () => {
      if (protocol === first) {
        assert.equal(await kuzzle.server.adminExists(), false);
        const made = await security.createFirstAdmin('admin', { content: { name: 'Admin' }, credentials: { local: admin } }, { reset: true });
        assert.equal(made._id, 'admin');
      }
      await assert.rejects(kuzzle.server.adminExists(), { status: 401 }); // strangers are told nothing any more
      await assert.rejects(security.createFirstAdmin('other', { content: {}, credentials: { local: { username: 'o', password: 'p' } } }), (e) => e.status === 401 || e.status === 412);
    });

    test('strangers may not do what they have no right to', async () => {
      await assert.rejects(kuzzle.index.list(), { id: 'security.rights.unauthorized', status: 401 });
      assert.equal((await auth.checkToken('kauth-nonsense')).valid, false);
      assert.equal((await auth.checkToken()).kuid, '-1');
    });

    test('login, who am I, refresh, and what a token is worth', async () => {
      const stranger = client(protocol); // a connection of its own: limits.loginsPerSecond is 1 by default
      await stranger.kuzzle.connect();
      await assert.rejects(stranger.kuzzle.auth.login('local', { username: 'admin', password: 'wrong' }), { status: 401 });
      stranger.kuzzle.disconnect();
      const jwt = await auth.login('local', admin, '1h');
      assert.match(jwt, /^kauth-/);
      assert.equal((await auth.checkToken(jwt)).kuid, 'admin');
      assert.equal(await kuzzle.server.adminExists(), true);
      const me = await auth.getCurrentUser();
      assert.deepEqual([me._id, me.content.profileIds], ['admin', ['admin']]);
      const refreshed = await auth.refreshToken();
      assert.notEqual(refreshed.jwt, undefined);
      assert.ok((await auth.getMyRights()).some((right) => right.controller === '*' && right.action === '*'));
      assert.ok((await auth.getStrategies()).includes('local'));
      assert.equal(await auth.checkRights({ controller: 'document', action: 'create', index: 'i', collection: 'c' }), true);
      assert.ok(Array.isArray(await kuzzle.index.list()));
    });

    test('roles', async () => {
      await security.createRole(name('reader'), { controllers: { document: { actions: { get: true, search: true } } } });
      assert.equal((await security.getRole(name('reader'))).controllers.document.actions.get, true);
      await security.updateRole(name('reader'), { controllers: { document: { actions: { get: true, exists: true } } } });
      await security.createOrReplaceRole(name('writer'), { controllers: { document: { actions: { '*': true } }, realtime: { actions: { '*': true } } } });
      await assert.rejects(security.createRole(name('wrong'), { controllers: { nonsense: { actions: { '*': true } } } }), { status: 400 });
      await security.createRole(name('forced'), { controllers: { 'edge-plugin': { actions: { '*': true } } } }, { force: true });
      assert.deepEqual((await security.mGetRoles([name('reader'), name('writer')])).map((role) => role._id).sort(), [name('reader'), name('writer')]);
      const found = await security.searchRoles({ controllers: ['document'] }, { size: 100 });
      assert.ok(found.hits.some((role) => role._id === name('reader')));
      await security.refresh('roles');
    });

    test('profiles', async () => {
      await security.createProfile(name('readers'), { policies: [{ roleId: name('reader') }] });
      assert.equal((await security.getProfile(name('readers'))).policies[0].roleId, name('reader'));
      await security.updateProfile(name('readers'), { policies: [{ roleId: name('reader'), restrictedTo: [{ index: name('plant') }] }] });
      await security.createOrReplaceProfile(name('writers'), { policies: [{ roleId: name('writer') }], rateLimit: 0 });
      assert.deepEqual((await security.mGetProfiles([name('readers'), name('writers')])).map((profile) => profile._id).sort(), [name('readers'), name('writers')]);
      assert.ok((await security.searchProfiles({ roles: [name('reader')] })).hits.some((profile) => profile._id === name('readers')));
      assert.ok((await security.getProfileRights(name('writers'))).some((right) => right.controller === 'document'));
    });

    test('users', async () => {
      const user = await security.createUser(name('bob'), { content: { profileIds: [name('readers')], name: 'Bob' }, credentials: { local: { username: name('bob'), password: 'bob-password' } } });
      assert.deepEqual([user._id, user.content.name], [name('bob'), 'Bob']);
      await security.createRestrictedUser({ content: { name: 'Guest' }, credentials: { local: { username: name('guest'), password: 'guest-password' } } }, name('guest'));
      await security.updateUser(name('bob'), { name: 'Robert' });
      assert.equal((await security.getUser(name('bob'))).content.name, 'Robert');
      await security.replaceUser(name('guest'), { profileIds: ['default'], name: 'Visitor' });
      assert.equal((await security.mGetUsers([name('bob'), name('guest')])).length, 2);
      assert.equal((await security.searchUsers({ query: { term: { name: 'Robert' } } })).hits.length >= 1, true);
      assert.ok((await security.getUserRights(name('bob'))).some((right) => right.index === name('plant')));
      assert.equal(await security.checkRights(name('bob'), { controller: 'document', action: 'create', index: name('plant'), collection: 'c' }), false);
      assert.equal(await security.checkRights(name('bob'), { controller: 'document', action: 'get', index: name('plant'), collection: 'c' }), true);
      assert.deepEqual(await security.getUserStrategies(name('bob')), ['local']);
    });

    test('credentials', async () => {
      assert.ok((await security.getAllCredentialFields()).local.includes('username'));
      assert.ok((await security.getCredentialFields('local')).includes('username'));
      assert.equal(await security.hasCredentials('local', name('bob')), true);
      const shown = await security.getCredentials('local', name('bob'));
      assert.equal(shown.username, name('bob'));
      assert.equal(shown.password, undefined);
      assert.equal((await security.getCredentialsById('local', name('bob'))).username, name('bob'));
      assert.equal(await security.validateCredentials('local', name('new'), { username: name('new'), password: 'new-password' }), true);
      await security.updateCredentials('local', name('bob'), { password: 'other-password' });
      await security.deleteCredentials('local', name('guest'));
      assert.equal(await security.hasCredentials('local', name('guest')), false);
      await security.createCredentials('local', name('guest'), { username: name('visitor'), password: 'visitor-password' });
      assert.equal(await security.hasCredentials('local', name('guest')), true);
    });

    test('API keys', async () => {
      const own = await auth.createApiKey('mine', { _id: name('own-key'), refresh: 'wait_for' });
      assert.match(own._source.token, /^kapikey-/);
      assert.ok((await auth.searchApiKeys()).hits.some((key) => key._id === name('own-key')));
      const other = client(protocol);
      await other.kuzzle.connect();
      other.kuzzle.setAPIKey(own._source.token);
      assert.equal((await other.kuzzle.auth.getCurrentUser())._id, 'admin');
      await auth.deleteApiKey(name('own-key'), { refresh: 'wait_for' });
      // Over a WebSocket the SDK is told at once and forgets the key, so it asks as a stranger; over HTTP the key is refused.
      assert.ok(['-1', 401].includes(await other.kuzzle.auth.getCurrentUser().then((user) => user._id, (error) => error.status)));
      other.kuzzle.disconnect();

      const key = await security.createApiKey(name('bob'), 'of Bob', { _id: name('bob-key') });
      assert.match(key._source.token, /^kapikey-/);
      assert.equal((await security.searchApiKeys(name('bob'))).total, 1);
      await security.deleteApiKey(name('bob'), name('bob-key'));
      assert.equal((await security.searchApiKeys(name('bob'))).total, 0);
    });

    test('a user does what the rights say, and nothing else', async () => {
      const user = client(protocol);
      await user.kuzzle.connect();
      await user.kuzzle.auth.login('local', { username: name('bob'), password: 'other-password' });
      await kuzzle.index.create(name('plant'));
      await kuzzle.collection.create(name('plant'), 'c', {});
      await kuzzle.index.create(name('office'));
      await kuzzle.collection.create(name('office'), 'c', {});
      await kuzzle.document.create(name('plant'), 'c', { n: 1 }, 'd');
      await kuzzle.document.create(name('office'), 'c', { n: 1 }, 'd');

      assert.equal((await user.kuzzle.document.get(name('plant'), 'c', 'd'))._source.n, 1);
      await assert.rejects(user.kuzzle.document.get(name('office'), 'c', 'd'), { id: 'security.rights.forbidden', status: 403 });
      await assert.rejects(user.kuzzle.document.delete(name('plant'), 'c', 'd'), { id: 'security.rights.forbidden', status: 403 });
      user.kuzzle.disconnect();
    });

    test('one\'s own credentials and content', async () => {
      await security.createOrReplaceRole(name('self'), everything, { force: true });
      await security.createOrReplaceProfile(name('selves'), { policies: [{ roleId: name('self') }] });
      await security.createUser(name('eve'), { content: { profileIds: [name('selves')] }, credentials: { local: { username: name('eve'), password: 'eve-password' } } });
      const eve = client(protocol);
      await eve.kuzzle.connect();
      const own = eve.controller('auth');
      await own.login('local', { username: name('eve'), password: 'eve-password' });

      assert.equal((await own.updateSelf({ name: 'Eve' })).content.name, 'Eve');
      assert.equal(await own.credentialsExist('local'), true);
      assert.equal((await own.getMyCredentials('local')).username, name('eve'));
      assert.equal(await own.validateMyCredentials('local', { username: name('eve'), password: 'another' }), true);
      await own.updateMyCredentials('local', { password: 'another' });
      assert.equal(await own.deleteMyCredentials('local'), true);
      assert.equal(await own.credentialsExist('local'), false);
      await own.createMyCredentials('local', { username: name('eve2'), password: 'another' });
      assert.equal(await own.credentialsExist('local'), true);
      await own.logout();
      await assert.rejects(own.getMyCredentials('local'), { status: 401 });
      eve.calls.forEach((call) => calls.add(call));
      eve.kuzzle.disconnect();
    });

    if (protocol === 'websocket') {
      test('whose token expires is told so, and hears no more', async () => {
        const user = client(protocol);
        await user.kuzzle.connect();
        const expired = new Promise((resolve) => user.kuzzle.on('tokenExpired', resolve));
        await user.kuzzle.auth.login('local', admin, '3s');
        const heard = new Heard();
        await user.kuzzle.realtime.subscribe(name('plant'), 'c', {}, heard.listener);

        await expired;
        assert.equal((await auth.checkToken(user.kuzzle.jwt ?? 'gone')).valid, false);
        user.kuzzle.disconnect();
      });
    }

    test('what was made is taken away', async () => {
      await assert.rejects(security.deleteRole(name('reader')), { status: 412 });
      await security.deleteUser(name('bob'));
      assert.deepEqual((await security.mDeleteUsers([name('guest'), name('eve')])).sort(), [name('eve'), name('guest')]);
      await security.deleteProfile(name('readers'));
      assert.deepEqual((await security.mDeleteProfiles([name('writers'), name('selves')])).sort(), [name('selves'), name('writers')]);
      await security.deleteRole(name('reader'));
      assert.deepEqual((await security.mDeleteRoles([name('writer'), name('self'), name('forced')])).sort(), [name('forced'), name('self'), name('writer')]);
      await assert.rejects(security.getUser(name('bob')), { status: 404 });
    });

    test('logout ends a token', async () => {
      const jwt = kuzzle.jwt;
      await auth.logout();
      assert.equal((await auth.checkToken(jwt)).valid, false);
    });

    test('every public method was called', () => {
      const expected = ['auth', 'security'].flatMap((controllerName) => methodsOf(kuzzle, controllerName));
      assert.deepEqual(expected.filter((method) => !calls.has(method) && !elsewhere.includes(method)), []);
    });
  });
}
