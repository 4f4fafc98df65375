import js from '@eslint/js';
import importSort from 'eslint-plugin-simple-import-sort';
import tseslint from 'typescript-eslint';

/** Plain JavaScript is not checked with types. */
const plain = {
  ...tseslint.configs.disableTypeChecked,
  rules: { ...tseslint.configs.disableTypeChecked.rules, 'no-restricted-syntax': 'off' },
};

/**
 * Rules for programs of a package in plain JavaScript that run in Node without a build.
 * @param files such as `scripts/*.js`
 */
export const programs = (...files) => ({
  ...plain,
  files,
  languageOptions: {
    ...plain.languageOptions,
    globals: { console: 'readonly', process: 'readonly', URL: 'readonly' },
  },
});

/** Rules shared by every package: type-aware, strict where a mistake would be silent. */
export default tseslint.config(
  { ignores: ['dist/**', 'node_modules/**', '.turbo/**'] },
  js.configs.recommended,
  ...tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: {
      parserOptions: { projectService: { allowDefaultProject: ['*.js', '*.config.ts'] } },
    },
    plugins: { 'import-sort': importSort },
    rules: {
      'import-sort/imports': ['error', { groups: [['^node:', '^@?\\w', '^\\.']] }],
      'max-params': ['error', 3],
      'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
      eqeqeq: ['error', 'always'],
      'no-restricted-syntax': [
        'error',
        { selector: 'ExportDefaultDeclaration', message: 'Use named exports.' },
      ],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/no-import-type-side-effects': 'error',
    },
  },
  {
    files: ['**/*.test.ts', '**/testing/**'],
    rules: {
      'max-lines': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
    },
  },
  {
    ...plain,
    files: ['*.js', '*.config.ts', '*.config.js'],
  },
);
