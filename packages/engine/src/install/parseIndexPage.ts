/** A file listed on a page of a Python package index. */
export interface IndexFile {
  readonly name: string;
  readonly url: URL;
  /** As listed by the index, if it lists one. */
  readonly sha256?: string;
}

interface JsonPage {
  readonly files?: readonly {
    readonly filename: string;
    readonly url: string;
    readonly hashes?: { readonly sha256?: string };
    readonly yanked?: boolean | string;
  }[];
}

/**
 * Parses a project's page of the simple index in HTML (PEP 503) or JSON (PEP 691). Yanked files are skipped.
 * @param base URL of the page, against which relative links are resolved
 */
export function parseIndexPage(
  text: string,
  { contentType = '', base }: { readonly contentType?: string; readonly base: URL },
): IndexFile[] {
  if (contentType.includes('json')) {
    const { files = [] } = JSON.parse(text) as JsonPage;
    return files
      .filter(({ yanked }) => yanked === undefined || yanked === false)
      .map(({ filename, url, hashes }) => ({
        name: filename,
        url: new URL(url, base),
        sha256: hashes?.sha256,
      }));
  }
  const page = new URL(
    decodeEntities(/<base\s[^>]*href\s*=\s*["']([^"']*)["']/i.exec(text)?.[1] ?? ''),
    base,
  );
  const files: IndexFile[] = [];
  for (const [, attributes, label] of text.matchAll(/<a\s([^>]*)>([^<]*)<\/a\s*>/gi)) {
    const href = /(?:^|\s)href\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+))/i.exec(attributes);
    if (href === null || /(?:^|\s)data-yanked(?:[\s=]|$)/i.test(attributes)) continue;
    const url = new URL(decodeEntities(href[1] ?? href[2] ?? href[3]), page);
    const sha256 = /^#(?:.*&)?sha256=([0-9a-f]{64})/i.exec(url.hash)?.[1].toLowerCase();
    url.hash = '';
    files.push({
      name:
        decodeURIComponent(url.pathname.split('/').at(-1) ?? '') || decodeEntities(label.trim()),
      url,
      sha256,
    });
  }
  return files;
}

function decodeEntities(text: string): string {
  return text
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}
