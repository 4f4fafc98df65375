// Keeps what npm shows of a package in one place: `author` and `repository` of the root's package.json.
// node src/metadata.js [ROOT]            copies them, with homepage and issues, into all published packages
// node src/metadata.js --check [ROOT]    fails if a package differs, or lacks description or keywords
// node src/metadata.js --release [ROOT]  also fails if the repository is not set, as publishing must
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const parameters = process.argv.slice(2);
const root =
  parameters.find((parameter) => !parameter.startsWith('--')) ??
  fileURLToPath(new URL('../../..', import.meta.url));
const { author, repository } = read('.');
const published = ['packages', 'apps']
  .flatMap((parent) =>
    existsSync(join(root, parent))
      ? readdirSync(join(root, parent)).map((name) => `${parent}/${name}`)
      : [],
  )
  .filter((folder) => existsSync(join(root, folder, 'package.json')))
  .filter((folder) => read(folder).private !== true);

const release = parameters.includes('--release');
const problems = [];
if (release && repository === undefined)
  problems.push(
    'package.json: "repository" is not set, so packages would have no links on their pages and could not be published with provenance. Set it to the address of the repository, such as "https://github.com/OWNER/NAME", and run `pnpm metadata`',
  );
else if (repository !== undefined && !/^https:\/\/[^/\s]+\/[^\s]*[^/\s]$/.test(repository))
  problems.push(
    `package.json: "repository" is ${JSON.stringify(repository)}, not an address such as "https://github.com/OWNER/NAME"`,
  );
else if (release || parameters.includes('--check')) problems.push(...published.flatMap(check));
else for (const folder of published) write(folder);

for (const problem of problems) console.error(problem);
process.exitCode = problems.length > 0 ? 1 : 0;

function read(folder) {
  return JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
}

/** The fields of a package that follow from the root's; undefined ones must be absent. */
function sharedFields(folder) {
  if (repository === undefined)
    return { author, homepage: undefined, repository: undefined, bugs: undefined };
  return {
    author,
    homepage: `${repository}/tree/main/${folder}#readme`,
    repository: { type: 'git', url: `git+${repository}.git`, directory: folder },
    bugs: `${repository}/issues`,
  };
}

function check(folder) {
  const manifest = read(folder);
  const differing = Object.entries(sharedFields(folder))
    .filter(([name, value]) => JSON.stringify(manifest[name]) !== JSON.stringify(value))
    .map(
      ([name]) =>
        `${folder}/package.json: "${name}" differs from the root's; run \`pnpm metadata\``,
    );
  const missing = ['description', 'keywords', 'license']
    .filter((name) => !(manifest[name]?.length > 0))
    .map((name) => `${folder}/package.json: "${name}" is missing`);
  if (!manifest.files?.includes('CHANGELOG.md'))
    missing.push(`${folder}/package.json: "files" lacks CHANGELOG.md`);
  return [...differing, ...missing];
}

/** Writes the shared fields after the license. */
function write(folder) {
  const shared = sharedFields(folder);
  const own = Object.entries(read(folder)).filter(([name]) => !(name in shared));
  const at = own.findIndex(([name]) => name === 'license') + 1;
  const entries = [...own.slice(0, at), ...Object.entries(shared), ...own.slice(at)];
  const text = JSON.stringify(Object.fromEntries(entries), undefined, 2);
  writeFileSync(join(root, folder, 'package.json'), `${text}\n`);
}
