import { readFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';
import tls from 'node:tls';
import { UnavailableError } from '@nonlocal-med/core';
import { proxyFor } from './proxyFor.js';

const IDLE_MILLISECONDS = 60_000;
const MOST_REDIRECTS = 5;

/** An answer whose body is still to be read. */
export interface HttpAnswer {
  readonly status: number;
  /** The address that answered, after redirects, without credentials. */
  readonly url: URL;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: http.IncomingMessage;
}

/**
 * GET with redirects, credentials from the address (sent to its own origin only), the environment's proxy and pip's
 * `PIP_CERT`. Node's own certificate settings (`NODE_EXTRA_CA_CERTS`) apply.
 * @throws UnavailableError where the host cannot be reached or answers with an error.
 */
export async function httpGet(
  address: URL,
  headers: Readonly<Record<string, string>> = {},
): Promise<HttpAnswer> {
  let url = new URL(address);
  let { origin } = url;
  let authorization = credentials(url);
  for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
    url.username = url.password = '';
    const body = await request(
      url,
      authorization === undefined || url.origin !== origin
        ? headers
        : { ...headers, authorization },
    );
    const status = body.statusCode ?? 0;
    const { location } = body.headers;
    if (status >= 300 && status < 400 && location !== undefined) {
      body.resume();
      url = new URL(location, url);
      const given = credentials(url);
      if (given !== undefined) [authorization, origin] = [given, url.origin];
      continue;
    }
    if (status >= 400) {
      body.resume();
      throw new UnavailableError(
        `${shown(url)} answered ${status} ${body.statusMessage ?? ''}`.trim(),
      );
    }
    return { status, url, headers: body.headers, body };
  }
  throw new UnavailableError(`${shown(address)} redirects more than ${MOST_REDIRECTS} times`);
}

/** An address as it may be shown: without credentials and query. */
export function shown(url: URL): string {
  return `${url.origin}${url.pathname}`;
}

function credentials({ username, password }: URL): string | undefined {
  if (username === '' && password === '') return undefined;
  return `Basic ${Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString('base64')}`;
}

async function request(
  url: URL,
  headers: Readonly<Record<string, string>>,
): Promise<http.IncomingMessage> {
  const secure = url.protocol === 'https:';
  if (!secure && url.protocol !== 'http:')
    throw new UnavailableError(
      `${url.protocol}// is not an address to fetch from (http:// and https:// are)`,
    );
  const proxy = proxyFor(url);
  try {
    const tunnel = secure && proxy !== undefined ? await connectThrough(proxy, url) : undefined;
    return await new Promise((resolve, reject) => {
      const answer = (response: http.IncomingMessage): void => resolve(response);
      const sent = secure
        ? https.get(
            url,
            {
              headers,
              ca: certificates(),
              agent: false,
              ...(tunnel && {
                createConnection: () =>
                  tls.connect({ socket: tunnel, servername: url.hostname, ca: certificates() }),
              }),
            },
            answer,
          )
        : proxy !== undefined
          ? http.get(
              {
                host: proxy.hostname,
                port: proxy.port || 80,
                path: url.href,
                headers: { ...headers, host: url.host, ...proxyHeaders(proxy) },
              },
              answer,
            )
          : http.get(url, { headers }, answer);
      sent.setTimeout(IDLE_MILLISECONDS, () =>
        sent.destroy(new Error(`no answer for ${IDLE_MILLISECONDS / 1000} s`)),
      );
      sent.on('error', reject);
    });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new UnavailableError(
      `${url.origin} cannot be reached${proxy === undefined ? '' : ` through the proxy ${proxy.host}`} (${message || code})`,
      { cause: error },
    );
  }
}

function connectThrough(proxy: URL, url: URL): Promise<Socket> {
  const path = `${url.hostname}:${url.port || 443}`;
  return new Promise((resolve, reject) => {
    const connect = proxy.protocol === 'https:' ? https.request : http.request;
    connect({
      host: proxy.hostname,
      port: proxy.port || (proxy.protocol === 'https:' ? 443 : 80),
      method: 'CONNECT',
      path,
      headers: { host: path, ...proxyHeaders(proxy) },
      timeout: IDLE_MILLISECONDS,
    })
      .on('connect', (response, socket: Socket) =>
        response.statusCode === 200
          ? resolve(socket)
          : reject(new Error(`it answered ${response.statusCode}`)),
      )
      .on('timeout', function (this: http.ClientRequest) {
        this.destroy(new Error('it does not answer'));
      })
      .on('error', reject)
      .end();
  });
}

function proxyHeaders(proxy: URL): Record<string, string> {
  const authorization = credentials(proxy);
  return authorization === undefined ? {} : { 'proxy-authorization': authorization };
}

/** pip's own certificate file beside those that Node knows. */
function certificates(): string[] | undefined {
  const file = process.env.PIP_CERT;
  if (!file) return undefined;
  try {
    return [...tls.rootCertificates, readFileSync(file, 'utf8')];
  } catch (error) {
    throw new UnavailableError(`PIP_CERT: ${(error as Error).message}`);
  }
}
