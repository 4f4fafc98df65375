import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { UnavailableError } from '../errors.js';
import { serve, serveTunnel } from '../testing/serve.js';
import { httpGet, redactUrl } from './httpGet.js';

const basic = (credentials: string): string =>
  `Basic ${Buffer.from(credentials).toString('base64')}`;
const withCredentials = (url: string, credentials: string): string =>
  url.replace('//', `//${credentials}@`);

describe('httpGet', () => {
  it('returns status, final URL, headers and body', async () => {
    const { url } = await serve((request, response) =>
      request.url === '/old'
        ? response.writeHead(301, { location: '/new' }).end()
        : response.writeHead(200, { 'content-type': 'text/plain' }).end('hello'),
    );
    const response = await httpGet(`${url}/old`, { env: {} });
    expect(await text(response.body)).toBe('hello');
    expect(response.status).toBe(200);
    expect(response.url.href).toBe(`${url}/new`);
    expect(response.headers['content-type']).toBe('text/plain');
  });

  it('sends credentials in the URL to their own origin and to no other', async () => {
    const other = await serve((_, response) => response.end('done'));
    const first = await serve((request, response) =>
      response.writeHead(302, { location: request.url === '/a' ? '/b' : `${other.url}/c` }).end(),
    );
    const { body, url } = await httpGet(`${withCredentials(first.url, 'user:p%40ss')}/a`, {
      env: {},
    });
    expect(await text(body)).toBe('done');
    expect(url.href).toBe(`${other.url}/c`);
    expect(first.requests.map(({ headers }) => headers.authorization)).toEqual([
      basic('user:p@ss'),
      basic('user:p@ss'),
    ]);
    expect(other.requests[0].headers.authorization).toBeUndefined();
  });

  it('reports an error status without credentials and query', async () => {
    const { url } = await serve((_, response) => response.writeHead(403, 'Forbidden').end());
    const failed = httpGet(`${withCredentials(url, 'user:secret')}/simple/?token=1`, { env: {} });
    await expect(failed).rejects.toThrow(
      new UnavailableError(`${url}/simple/ answered 403 Forbidden`),
    );
  });

  it('stops after five redirects', async () => {
    const { url } = await serve((_, response) => response.writeHead(302, { location: '/' }).end());
    await expect(httpGet(url, { env: {} })).rejects.toThrow('redirects more than 5 times');
  });

  it('refuses other protocols', async () => {
    await expect(httpGet('ftp://host.example/a', { env: {} })).rejects.toThrow(
      'ftp://host.example/a cannot be fetched: only http:// and https:// are supported',
    );
  });

  it('reports a host that cannot be reached in one line', async () => {
    const { url, close } = await serve((_, response) => response.end());
    await close();
    await expect(httpGet(url, { env: {} })).rejects.toThrow(
      /^http:\/\/127\.0\.0\.1:\d+ cannot be reached \(connect ECONNREFUSED [^\n]*\)$/,
    );
  });

  it('rejects with the reason of an aborted signal', async () => {
    const controller = new AbortController();
    const { url } = await serve(() => controller.abort(new Error('stopped by user')));
    await expect(httpGet(url, { env: {}, signal: controller.signal })).rejects.toThrow(
      'stopped by user',
    );
  });
});

describe('httpGet behind a proxy', () => {
  it('forwards http:// requests, with the credentials of the proxy', async () => {
    const proxy = await serve((_, response) => response.end('by proxy'));
    const { body } = await httpGet('http://index.example/simple/x/', {
      env: { http_proxy: withCredentials(proxy.url, 'me:pw') },
    });
    expect(await text(body)).toBe('by proxy');
    expect(proxy.requests[0].url).toBe('http://index.example/simple/x/');
    expect(proxy.requests[0].headers).toMatchObject({
      host: 'index.example',
      'proxy-authorization': basic('me:pw'),
    });
  });

  it.each([
    ['http_proxy', {}],
    ['HTTP_PROXY', {}],
    ['ALL_PROXY', {}],
    ['PIP_PROXY', { HTTP_PROXY: 'http://unused.invalid' }],
    ['HTTP_PROXY', { NO_PROXY: 'other.example, index.example:8443' }],
  ])('uses %s (other variables: %j)', async (name, others) => {
    const proxy = await serve((_, response) => response.end('by proxy'));
    const { body } = await httpGet('http://index.example/', {
      env: { ...others, [name]: new URL(proxy.url).host },
    });
    expect(await text(body)).toBe('by proxy');
  });

  it.each([
    ['another protocol has a proxy', { HTTPS_PROXY: 'http://unused.invalid' }],
    ['NO_PROXY lists the host', { HTTP_PROXY: 'http://unused.invalid', NO_PROXY: '127.0.0.1' }],
    ['no_proxy lists a parent domain', { HTTP_PROXY: 'http://unused.invalid', no_proxy: '.0.1' }],
    ['NO_PROXY contains *', { HTTP_PROXY: 'http://unused.invalid', NO_PROXY: 'a.example, *' }],
  ])('connects directly when %s', async (_, env) => {
    const { url } = await serve((__, response) => response.end('directly'));
    expect(await text((await httpGet(url, { env })).body)).toBe('directly');
  });

  it('names the configured proxy when a host cannot be reached', async () => {
    const target = await serve((_, response) => response.end());
    const proxy = await serveTunnel(target.url);
    // The target does not speak TLS, so the request fails once the tunnel is open.
    await expect(
      httpGet('https://index.example/', {
        env: { https_proxy: withCredentials(proxy.url, 'a:b') },
      }),
    ).rejects.toThrow(
      new RegExp(
        `^https://index\\.example cannot be reached \\(.+; configured proxy: ${new URL(proxy.url).host}\\)$`,
      ),
    );
    expect(proxy.requests.map(({ url }) => url)).toEqual(['index.example:443']);
  });

  it('rejects a proxy that is not a URL', async () => {
    await expect(
      httpGet('http://index.example/', { env: { HTTP_PROXY: 'http://' } }),
    ).rejects.toThrow('the proxy in the environment (HTTPS_PROXY, ...) is not a URL');
  });
});

const certificate = selfSignedCertificate('index.example');

describe.skipIf(certificate === undefined)('httpGet over TLS (skipped without OpenSSL)', () => {
  const tls = certificate!;

  it('trusts the authorities in PIP_CERT, through the tunnel of a proxy', async () => {
    const target = await serve((_, response) => response.end('secret'), tls);
    const proxy = await serveTunnel(target.url);
    const { body } = await httpGet('https://index.example/file', {
      env: { HTTPS_PROXY: proxy.url, PIP_CERT: tls.file },
    });
    expect(await text(body)).toBe('secret');
    expect(proxy.requests.map(({ url }) => url)).toEqual(['index.example:443']);
  });

  it('refuses an unknown certificate', async () => {
    const target = await serve((_, response) => response.end(), tls);
    const proxy = await serveTunnel(target.url);
    await expect(
      httpGet('https://index.example/file', { env: { HTTPS_PROXY: proxy.url } }),
    ).rejects.toThrow(/self-signed certificate/);
  });

  it('reports a PIP_CERT that cannot be read', async () => {
    await expect(
      httpGet('https://index.example/', { env: { PIP_CERT: '/missing.pem' } }),
    ).rejects.toThrow(/^PIP_CERT: ENOENT/);
  });
});

describe('redactUrl', () => {
  it('drops credentials, query and fragment', () => {
    expect(redactUrl('https://me:pw@host.example:8443/a/b?token=1#x')).toBe(
      'https://host.example:8443/a/b',
    );
  });
});

/** Undefined on machines without OpenSSL. */
function selfSignedCertificate(
  host: string,
): { key: string; cert: string; file: string } | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'certificate-'));
  const [key, file] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const subject = ['-subj', `/CN=${host}`, '-addext', `subjectAltName=DNS:${host}`];
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  try {
    execFileSync(
      process.env.OPENSSL ?? 'openssl',
      ['req', '-x509', ...curve, ...subject, '-keyout', key, '-out', file, '-days', '2'],
      { stdio: 'ignore' },
    );
  } catch {
    return undefined;
  }
  return { key: readFileSync(key, 'utf8'), cert: readFileSync(file, 'utf8'), file };
}
