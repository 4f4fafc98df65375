import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { UnavailableError } from '@nonlocal-med/core';
import { afterEach, expect, it } from 'vitest';
import { serve, type TestServer } from '../testing/serve.js';
import { restoreEnvironment, setEnvironment } from '../testing/setEnvironment.js';
import { httpGet } from './httpGet.js';

restoreEnvironment();
const servers: TestServer[] = [];
afterEach(() => Promise.all(servers.splice(0).map((server) => server.close())));
const start = async (...parameters: Parameters<typeof serve>): Promise<TestServer> => {
  const server = await serve(...parameters);
  servers.push(server);
  return server;
};

it('sends credentials of the address to its own origin and to no other', async () => {
  const other = await start((_, response) => response.end('done'));
  const first = await start((request, response) =>
    response.writeHead(302, { location: request.url === '/a' ? '/b' : `${other.url}/c` }).end(),
  );
  const { body, url } = await httpGet(new URL(first.url.replace('//', '//user:p%40ss@') + '/a'));
  expect(await text(body)).toBe('done');
  expect(url.href).toBe(`${other.url}/c`);
  expect(first.requests.map(({ headers }) => headers.authorization)).toEqual(
    Array(2).fill(`Basic ${Buffer.from('user:p@ss').toString('base64')}`),
  );
  expect(other.requests[0].headers.authorization).toBeUndefined();
});

it('says what a host answers, without credentials', async () => {
  const { url } = await start((_, response) => response.writeHead(403, 'Forbidden').end());
  const error = await httpGet(
    new URL(`${url.replace('//', '//user:secret@')}/simple/?token=1`),
  ).catch((caught: unknown) => caught as Error);
  expect(error).toBeInstanceOf(UnavailableError);
  expect((error as Error).message).toBe(`${url}/simple/ answered 403 Forbidden`);
});

it('ends a circle of redirects, and refuses other protocols', async () => {
  const { url } = await start((_, response) => response.writeHead(302, { location: '/' }).end());
  await expect(httpGet(new URL(url))).rejects.toThrow('redirects more than 5 times');
  await expect(httpGet(new URL('ftp://a.example/'))).rejects.toThrow(
    'ftp:// is not an address to fetch from',
  );
});

it('says in one line that a host cannot be reached', async () => {
  const { url, close } = await start((_, response) => response.end());
  await close();
  servers.pop();
  await expect(httpGet(new URL(url))).rejects.toThrow(
    /^http:\/\/127\.0\.0\.1:\d+ cannot be reached \(connect ECONNREFUSED/,
  );
});

it('goes through a proxy for http', async () => {
  const proxy = await start((_, response) => response.end('by proxy'));
  setEnvironment({
    http_proxy: proxy.url.replace('//', '//me:pw@'),
    NO_PROXY: undefined,
    no_proxy: undefined,
  });
  const { body } = await httpGet(new URL('http://index.example/simple/x/'));
  expect(await text(body)).toBe('by proxy');
  expect(proxy.requests[0].url).toBe('http://index.example/simple/x/');
  expect(proxy.requests[0].headers).toMatchObject({
    host: 'index.example',
    'proxy-authorization': `Basic ${Buffer.from('me:pw').toString('base64')}`,
  });
});

it('asks a proxy for a tunnel for https', async () => {
  const target = await start((_, response) => response.end());
  const proxy = await start((_, response) => response.end());
  const asked: (string | undefined)[] = [];
  proxy.server.on('connect', (request, client) => {
    asked.push(request.url);
    const { port } = new URL(target.url);
    const upstream = connect(Number(port), '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      upstream.pipe(client).pipe(upstream);
    });
    upstream.on('error', () => client.destroy());
    client.on('error', () => upstream.destroy());
  });
  setEnvironment({ https_proxy: proxy.url, NO_PROXY: undefined, no_proxy: undefined });
  // The target speaks no TLS, so that the request fails after the tunnel stands.
  await expect(httpGet(new URL('https://index.example/simple/x/'))).rejects.toThrow(
    `https://index.example cannot be reached through the proxy ${new URL(proxy.url).host}`,
  );
  expect(asked).toEqual(['index.example:443']);
});
