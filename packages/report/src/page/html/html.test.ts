import { describe, expect, it } from 'vitest';
import { html, jsonBlock } from './html.js';

describe('html', () => {
  it('escapes text and attributes, keeps markup, and renders nothing for false and null', () => {
    const name = '<b a="1">\'&';
    expect(
      html`<p title="${name}">${[name, html`<i>${1}</i>`, false, null, undefined]}</p>`.text,
    ).toBe(
      '<p title="&lt;b a=&quot;1&quot;&gt;&#39;&amp;">&lt;b a=&quot;1&quot;&gt;&#39;&amp;<i>1</i></p>',
    );
  });
});

describe('jsonBlock', () => {
  it('prevents data from ending its element', () => {
    const data = { name: '</script><!--\u2028' };
    const { text } = jsonBlock('x', data);
    expect(text).not.toMatch(/<\/script>./);
    expect(JSON.parse(text.replace(/^<script[^>]*>|<\/script>$/g, ''))).toEqual(data);
  });
});
