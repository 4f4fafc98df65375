import type { IncomingMessage, RequestListener, Server } from 'node:http';
import { createServer } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { type AddressInfo, connect } from 'node:net';
import { afterEach } from 'vitest';

/** An HTTP server on the loopback interface that records its requests; it closes after the test. */
export interface TestServer {
  readonly url: string;
  readonly requests: IncomingMessage[];
  readonly close: () => Promise<void>;
}

const servers: TestServer[] = [];
afterEach(() => Promise.all(servers.splice(0).map((server) => server.close())));

/** Serves on a free port of 127.0.0.1; over TLS when a key and a certificate are given. */
export async function serve(
  listener: RequestListener,
  tls?: { readonly key: string; readonly cert: string },
): Promise<TestServer> {
  const requests: IncomingMessage[] = [];
  const record: RequestListener = (request, response) => {
    requests.push(request);
    listener(request, response);
  };
  return listen(
    tls === undefined ? createServer(record) : createSecureServer(tls, record),
    requests,
    tls === undefined ? 'http' : 'https',
  );
}

/** A proxy that tunnels every CONNECT request to `target`, whatever host it names, and records them. */
export async function serveTunnel(target: string): Promise<TestServer> {
  const requests: IncomingMessage[] = [];
  const server = createServer().on('connect', (request, client) => {
    requests.push(request);
    const upstream = connect(Number(new URL(target).port), '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      upstream.pipe(client).pipe(upstream);
    });
    upstream.on('error', () => client.destroy());
    client.on('error', () => upstream.destroy());
  });
  return listen(server, requests, 'http');
}

async function listen(
  server: Server,
  requests: IncomingMessage[],
  protocol: string,
): Promise<TestServer> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const testServer: TestServer = {
    url: `${protocol}://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  servers.push(testServer);
  return testServer;
}
