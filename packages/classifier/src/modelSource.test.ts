import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { InputError } from '@nonlocal-med/core';
import { afterEach, describe, expect, it } from 'vitest';
import { filesAt } from './modelSource.js';

let server: Server | undefined;

afterEach(() => void server?.close());

/** The address of a server that answers with `listener`. */
async function serve(listener: RequestListener): Promise<string> {
  server = createServer(listener);
  await new Promise<void>((resolve) => server!.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

describe('filesAt', () => {
  it('reads files below the folder, also if the address is that of model.json', async () => {
    const address = await serve(({ url }, response) => response.end(url));
    for (const given of ['models/eye', 'models/eye/', 'models/eye/model.json']) {
      const file = await filesAt(address + given).read('decision.json');
      expect(new TextDecoder().decode(file!)).toBe('/models/eye/decision.json');
    }
  });

  it('has no file where a server answers 404, or with the page of a single-page application', async () => {
    const address = await serve(({ url }, response) => {
      const isMissing = url!.endsWith('/missing.json');
      response.writeHead(isMissing ? 404 : 200, { 'content-type': 'text/html; charset=utf-8' });
      response.end('<!doctype html><title>App</title>');
    });
    const { read } = filesAt(address);
    expect(await read('missing.json')).toBeNull();
    expect(await read('decision.json')).toBeNull();
  });

  it('refuses other answers, servers that do not answer, and what is no address', async () => {
    const address = await serve((_, response) => response.writeHead(403).end());
    await expect(filesAt(address).read('model.json')).rejects.toThrow(
      `${address}model.json: cannot be fetched: the server answered 403 Forbidden`,
    );
    await expect(filesAt('http://127.0.0.1:1/').read('model.json')).rejects.toThrow(
      'http://127.0.0.1:1/model.json: cannot be fetched: ',
    );
    expect(() => filesAt('models/eye')).toThrow(InputError);
    expect(() => filesAt('models/eye')).toThrow('got "models/eye" (the address of the folder');
  });
});
