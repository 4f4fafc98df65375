import { expect, it } from 'vitest';
import { parseIndexPage } from './parseIndexPage.js';

const base = new URL('https://index.example/root/simple/tiny/');
const hash = 'ab'.repeat(32);

it('parses HTML: relative and absolute links, hashes, entities, any quotes; skips yanked files', () => {
  const page = `<!DOCTYPE html><html><body><h1>Links</h1>
    <a href="../../files/tiny-1.0-py3-none-any.whl?a=1&amp;b=2#sha256=${hash}" data-requires-python="&gt;=3.10">tiny-1.0-py3-none-any.whl</a><br/>
    <a class='x' href='https://files.example/tiny-1.1%2Bcpu-py3-none-any.whl#egg=x&sha256=${hash.toUpperCase()}'>t</a>
    <a href="tiny-2.0-py3-none-any.whl" data-yanked="broken">tiny-2.0-py3-none-any.whl</a>
    <A HREF=tiny-3.0-py3-none-any.whl>tiny-3.0-py3-none-any.whl</A></body></html>`;
  expect(
    parseIndexPage(page, { base, contentType: 'text/html' }).map(({ name, url, sha256 }) => [
      name,
      url.href,
      sha256,
    ]),
  ).toEqual([
    [
      'tiny-1.0-py3-none-any.whl',
      'https://index.example/root/files/tiny-1.0-py3-none-any.whl?a=1&b=2',
      hash,
    ],
    [
      'tiny-1.1+cpu-py3-none-any.whl',
      'https://files.example/tiny-1.1%2Bcpu-py3-none-any.whl',
      hash,
    ],
    [
      'tiny-3.0-py3-none-any.whl',
      'https://index.example/root/simple/tiny/tiny-3.0-py3-none-any.whl',
      undefined,
    ],
  ]);
});

it('parses JSON', () => {
  const files = [
    { filename: 'a.whl', url: 'a.whl', hashes: { sha256: hash } },
    { filename: 'b.whl', url: 'b.whl', hashes: {}, yanked: 'reason' },
    { filename: 'c.whl', url: '/c.whl', yanked: false },
  ];
  expect(
    parseIndexPage(JSON.stringify({ files }), {
      base,
      contentType: 'application/vnd.pypi.simple.v1+json',
    }),
  ).toEqual([
    { name: 'a.whl', url: new URL('https://index.example/root/simple/tiny/a.whl'), sha256: hash },
    { name: 'c.whl', url: new URL('https://index.example/c.whl'), sha256: undefined },
  ]);
});
