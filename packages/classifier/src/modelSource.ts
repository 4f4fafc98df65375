import { InputError } from '@nonlocal-med/core';

/** Reads a file in the folder of an exported model by its name; null if there is none. */
export type ReadFile = (name: string) => Promise<Uint8Array | null>;

/** The files of an exported model, wherever they are. */
export interface ModelSource {
  readonly read: ReadFile;
  /** Names the folder or address in errors. */
  readonly place: string;
}

/**
 * The files of a model at an address.
 * @param url of the folder, or of `model.json` in it; relative addresses are those of the page
 * @throws InputError if the address is not valid
 */
export function filesAt(url: string | URL): ModelSource {
  const folder = folderUrl(url);
  return { read: (name) => fetchFile(new URL(name, folder)), place: folder.href };
}

function folderUrl(url: string | URL): URL {
  const page = (globalThis as { location?: { href: string } }).location?.href;
  const text = String(url).replace(/model\.json$/, '');
  try {
    return new URL(text.endsWith('/') || text === '' ? text || '.' : `${text}/`, page);
  } catch {
    throw new InputError({
      path: 'model',
      message: `got ${JSON.stringify(String(url))}`,
      hint: 'the address of the folder of an exported model; for a folder on disk: loadClassifier of @nonlocal-med/classifier/node',
    });
  }
}

async function fetchFile(url: URL): Promise<Uint8Array | null> {
  let response: Response;
  try {
    response = await fetch(url);
  } catch (error) {
    throw new InputError(
      { path: url.href, message: `cannot be fetched: ${(error as Error).message}` },
      { cause: error },
    );
  }
  // Servers of single-page applications answer with their page for a file that does not exist.
  const isPage = response.headers.get('content-type')?.startsWith('text/html') === true;
  if (response.status === 404 || (response.ok && isPage)) return null;
  if (!response.ok)
    throw new InputError({
      path: url.href,
      message:
        `cannot be fetched: the server answered ${response.status} ${response.statusText}`.trim(),
    });
  return new Uint8Array(await response.arrayBuffer());
}

/** A JSON file of a model, parsed and checked; null if there is none. */
export async function readText<T>(
  { read, place }: ModelSource,
  name: string,
  parse: (text: string, path: string) => T,
): Promise<T | null> {
  const bytes = await read(name);
  if (bytes === null) return null;
  return parse(new TextDecoder().decode(bytes), inFolder({ place }, name));
}

/** The path or address of a file of a model, for errors. */
export const inFolder = ({ place }: Pick<ModelSource, 'place'>, name: string): string =>
  `${place.replace(/\/$/, '')}/${name}`;
