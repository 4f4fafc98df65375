import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { PageData } from 'viewer/pageData';

/** A page that `eval viewer` wrote begins so, and may be written over. */
const MARK = '<!-- Written by eval viewer of nonlocal-med -->';

/** Whether a file is a page that `eval viewer` wrote. */
export const isViewerPage = (text: string): boolean => text.startsWith(MARK);

/**
 * The page of the viewer with a model in it.
 * @param files of the exported model, by name
 */
export async function viewerPage(
  data: PageData,
  files: ReadonlyMap<string, Uint8Array>,
): Promise<string> {
  const [before, after] = (await readTemplate()).split('<!-- model -->');
  const json = JSON.stringify(data).replaceAll('<', '\\u003c');
  const blocks = [...files].map(
    ([name, bytes]) =>
      `<script type="application/octet-stream" data-file="${name}">${Buffer.from(bytes).toString('base64')}</script>\n`,
  );
  return [
    MARK,
    before,
    `<script type="application/json" id="page-data">${json}</script>\n`,
    ...blocks,
    after,
  ].join('');
}

/** The page without a model: beside the published program, which is bundled, else as the viewer has built it. */
async function readTemplate(): Promise<string> {
  const bundled = await readFile(new URL('../viewer.html', import.meta.url), 'utf8').catch(
    () => null,
  );
  if (bundled !== null) return bundled;
  return readFile(createRequire(import.meta.url).resolve('viewer/page.html'), 'utf8');
}
