import { readFileSync } from 'node:fs';
import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import tls from 'node:tls';
import { type Dispatcher, EnvHttpProxyAgent, errors, request } from 'undici';
import { UnavailableError } from '../errors.js';

const TIMEOUT_MILLISECONDS = 60_000;
const MAX_REDIRECTS = 5;

/** Headers, cancellation and proxy settings of a request. */
export interface HttpGetOptions {
  readonly headers?: Readonly<Record<string, string>>;
  /** Aborts the request, or the body that is still being read, with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Where the proxy and certificate settings are read from. */
  readonly env?: NodeJS.ProcessEnv;
}

/** A response with status 200 to 299, or 304. Read `body` to its end or destroy it. */
export interface HttpResponse {
  readonly status: number;
  /** The URL that answered, after redirects, without credentials. */
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
  readonly body: Readable;
}

/**
 * GET over HTTP or HTTPS that behaves as pip does: it follows redirects, sends credentials in the URL to their own origin
 * only, and honors the proxy (`PIP_PROXY`, `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY`, `NO_PROXY`) and certificate settings
 * (`PIP_CERT`, `NODE_EXTRA_CA_CERTS`) of the environment. Error messages never contain credentials or query strings.
 * @throws UnavailableError in one line when the host cannot be reached, does not respond for a minute, or answers with an
 * error status; the signal's reason when it is aborted
 */
export async function httpGet(
  address: string | URL,
  { headers = {}, signal, env = process.env }: HttpGetOptions = {},
): Promise<HttpResponse> {
  let url = new URL(address);
  let { origin } = url;
  let authorization = basicCredentials(url);
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
    url.username = url.password = '';
    const { statusCode, statusText, ...response } = await send(url, {
      headers:
        authorization === undefined || url.origin !== origin
          ? headers
          : { ...headers, authorization },
      signal,
      env,
    });
    const { location } = response.headers;
    if (statusCode >= 300 && statusCode < 400 && typeof location === 'string') {
      await response.body.dump();
      url = new URL(location, url);
      const given = basicCredentials(url);
      if (given !== undefined) [authorization, origin] = [given, url.origin];
      continue;
    }
    if (statusCode >= 400) {
      await response.body.dump();
      throw new UnavailableError(`${redactUrl(url)} answered ${statusCode} ${statusText}`.trim());
    }
    return { status: statusCode, url, headers: response.headers, body: response.body };
  }
  throw new UnavailableError(`${redactUrl(address)} redirects more than ${MAX_REDIRECTS} times`);
}

/** A URL as it may appear in a message: without credentials, query and fragment. */
export function redactUrl(address: string | URL): string {
  const { origin, protocol, host, pathname } = new URL(address);
  return `${origin === 'null' ? `${protocol}//${host}` : origin}${pathname}`;
}

/** One request without redirects. */
async function send(
  url: URL,
  { headers, signal, env }: Pick<HttpGetOptions, 'headers' | 'signal'> & { env: NodeJS.ProcessEnv },
): Promise<Dispatcher.ResponseData> {
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    throw new UnavailableError(
      `${redactUrl(url)} cannot be fetched: only http:// and https:// are supported`,
    );
  const proxy = proxySettings(url, env);
  const dispatcher = createDispatcher(proxy, certificates(env));
  try {
    const response = await request(url, { headers, signal, dispatcher });
    // Closes the connection as soon as the body has been read.
    void dispatcher.close();
    return response;
  } catch (error) {
    await dispatcher.destroy();
    signal?.throwIfAborted();
    const hint = proxy.server === undefined ? '' : `; configured proxy: ${proxy.server.host}`;
    throw new UnavailableError(`${url.origin} cannot be reached (${reason(error)}${hint})`, {
      cause: error,
    });
  }
}

function createDispatcher({ server, bypass }: ProxySettings, ca: string[] | undefined): Dispatcher {
  return new EnvHttpProxyAgent({
    // An empty string keeps undici from reading the environment itself, where HTTP_PROXY would serve https:// too.
    httpProxy: server?.href ?? '',
    httpsProxy: server?.href ?? '',
    noProxy: bypass,
    token: server === undefined ? undefined : basicCredentials(server),
    proxyTunnel: false, // of http:// requests, which many proxies only forward
    connect: { timeout: TIMEOUT_MILLISECONDS, ca },
    requestTls: { timeout: TIMEOUT_MILLISECONDS, ca },
    proxyTls: { timeout: TIMEOUT_MILLISECONDS, ca },
    headersTimeout: TIMEOUT_MILLISECONDS,
    bodyTimeout: TIMEOUT_MILLISECONDS,
  });
}

interface ProxySettings {
  readonly server: URL | undefined;
  /** Hosts that are reached directly, in the syntax of `NO_PROXY`. */
  readonly bypass: string;
}

/** The proxy for a URL: lower-case variables first, as in curl; pip's own variable before all. */
function proxySettings({ protocol }: URL, env: NodeJS.ProcessEnv): ProxySettings {
  const read = (name: string): string => env[name.toLowerCase()] || env[name] || '';
  const proxy =
    env.PIP_PROXY ||
    read(protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY') ||
    read('ALL_PROXY');
  const bypass = read('NO_PROXY');
  return {
    server: proxy === '' ? undefined : parseProxy(proxy),
    bypass: bypass.split(/[\s,]+/).includes('*') ? '*' : bypass,
  };
}

function parseProxy(text: string): URL {
  try {
    return new URL(text.includes('://') ? text : `http://${text}`);
  } catch {
    throw new UnavailableError('the proxy in the environment (HTTPS_PROXY, ...) is not a URL');
  }
}

/** The certificate authorities to trust where pip has its own file; undefined: those that Node trusts by default. */
function certificates(env: NodeJS.ProcessEnv): string[] | undefined {
  if (!env.PIP_CERT) return undefined;
  try {
    const files = [env.PIP_CERT, env.NODE_EXTRA_CA_CERTS].filter((file) => file !== undefined);
    return [
      ...tls.rootCertificates,
      ...files.filter((file) => file !== '').map((file) => readFileSync(file, 'utf8')),
    ];
  } catch (error) {
    throw new UnavailableError(`PIP_CERT: ${(error as Error).message}`, { cause: error });
  }
}

function basicCredentials({ username, password }: URL): string | undefined {
  if (username === '' && password === '') return undefined;
  return `Basic ${Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString('base64')}`;
}

function reason(error: unknown): string {
  if (
    error instanceof errors.HeadersTimeoutError ||
    error instanceof errors.ConnectTimeoutError ||
    error instanceof errors.BodyTimeoutError
  )
    return `no response for ${TIMEOUT_MILLISECONDS / 1000} s`;
  const { code, message } = error as NodeJS.ErrnoException;
  return message.split('\n')[0].trim() || code || String(error);
}
