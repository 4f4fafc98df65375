import type { IndexFile } from './parseIndexPage.js';

/** A wheel to download from a Python package index. */
export interface WheelRequest {
  readonly project: string;
  /** As in a requirement: `==2.21.0`, or a lower and an upper bound, `>=12.5.82,<13`. */
  readonly versions: string;
  /** Python version without the dot: `311`. */
  readonly python: string;
  /** Acceptable platform tags, the best first. */
  readonly platformTags: readonly string[];
  /** Size in bytes for the progress; approximate if the version is not pinned. */
  readonly size: number;
}

/** The newest wheel among an index's files that satisfies the request; pre-releases are ignored. */
export function selectWheel<T extends Pick<IndexFile, 'name'>>(
  files: readonly T[],
  request: WheelRequest,
): T | undefined {
  const suitable = files
    .map((file) => ({ file, parts: parseWheelName(file.name) }))
    .filter(({ parts }) => parts !== undefined && isSuitable(parts, request));
  suitable.sort((a, b) => compareVersions(b.parts!.version, a.parts!.version));
  return suitable[0]?.file;
}

interface WheelName {
  readonly project: string;
  readonly version: string;
  readonly python: readonly string[];
  readonly platforms: readonly string[];
}

/** `project-version(-build)?-python-abi-platform.whl` */
function parseWheelName(name: string): WheelName | undefined {
  const parts = name.endsWith('.whl') ? name.slice(0, -'.whl'.length).split('-') : [];
  if (parts.length < 5 || parts.length > 6 || !/^\d+(\.\d+)*(\.post\d+)?$/.test(parts[1]))
    return undefined;
  return {
    project: normalizeName(parts[0]),
    version: parts[1],
    python: parts.at(-3)!.split('.'),
    platforms: parts.at(-1)!.split('.'),
  };
}

function isSuitable(
  { project, version, python, platforms }: WheelName,
  request: WheelRequest,
): boolean {
  return (
    project === normalizeName(request.project) &&
    python.some((tag) => tag === `cp${request.python}` || tag === 'py3') &&
    platforms.some((tag) => request.platformTags.includes(tag)) &&
    satisfies(version, request.versions)
  );
}

function normalizeName(project: string): string {
  return project.toLowerCase().replaceAll(/[-_.]+/g, '-');
}

function satisfies(version: string, versions: string): boolean {
  return versions.split(',').every((clause) => {
    const [, operator, bound] = /^(==|>=|<)(.+)$/.exec(clause)!;
    const order = compareVersions(version, bound);
    return operator === '==' ? order === 0 : operator === '>=' ? order >= 0 : order < 0;
  });
}

function compareVersions(a: string, b: string): number {
  const [left, right] = [a, b].map((version) =>
    version.replace('.post', '.').split('.').map(Number),
  );
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
