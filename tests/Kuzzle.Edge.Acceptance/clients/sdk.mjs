// What the suites of the official SDK share: a connection, and the record of the methods that a suite has called.
import sdk from 'kuzzle-sdk';

const { Http, Kuzzle, WebSocket } = sdk;
const port = Number(process.env.KUZZLE_EDGE_HTTP_PORT);

/** The protocols over which each suite runs. */
export const protocols = ['websocket', 'http'];

/** A client of the gateway; `calls` holds the names of the controllers' methods that were called, as "controller:method". */
export function client(protocol) {
  const kuzzle = new Kuzzle(protocol === 'http' ? new Http('127.0.0.1', { port }) : new WebSocket('127.0.0.1', { port }));
  const calls = new Set();
  const recorded = new Map();
  const recorder = (name) => {
    if (!recorded.has(name)) {
      recorded.set(name, new Proxy(kuzzle[name], {
        get(controller, method) {
          const member = controller[method];
          if (typeof member !== 'function') return member;
          return (...args) => {
            calls.add(`${name}:${String(method)}`);
            return member.apply(controller, args);
          };
        },
      }));
    }
    return recorded.get(name);
  };
  return { kuzzle, calls, controller: recorder };
}

/** The public methods of a controller: those of its class, without what is for the SDK itself. */
export function methodsOf(kuzzle, name, inner = []) {
  return Object.getOwnPropertyNames(Object.getPrototypeOf(kuzzle[name]))
    .filter((method) => method !== 'constructor' && !method.startsWith('_') && typeof Object.getOwnPropertyDescriptor(Object.getPrototypeOf(kuzzle[name]), method).value === 'function')
    .filter((method) => !inner.includes(method))
    .map((method) => `${name}:${method}`);
}

/** The notifications of a subscription, and a way to wait for them. */
export class Heard {
  #wake = () => {};

  all = [];

  listener = (notification) => {
    this.all.push(notification);
    this.#wake();
  };

  async until(count, which = () => true) {
    while (this.all.filter(which).length < count) await new Promise((resolve) => { this.#wake = resolve; });
    return this.all.filter(which);
  }
}
