/** @type {import('prettier').Config} */
export default {
  printWidth: 100,
  singleQuote: true,
  plugins: [new URL('tooling/prettier/markdownTables.mjs', import.meta.url).href],
};
