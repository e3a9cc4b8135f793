import tseslint from 'typescript-eslint';

// Packages that also run in a browser. Their code is given the time, randomness and bytes it works on.
const browserSafe = [
  ...['fault', 'digest', 'cbor', 'ed25519', 'merkle', 'label', 'cose', 'log'],
  ...['identity', 'record', 'disclosure', 'interop'],
];

const given = 'Browser-safe packages take this as an argument.';

export default tseslint.config(
  { ignores: ['**/dist/', '**/*.{js,mjs}'] },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.base],
    languageOptions: {
      parserOptions: { project: './tsconfig.tests.json', tsconfigRootDir: import.meta.dirname },
    },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/prefer-promise-reject-errors': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
    },
  },
  {
    files: [`packages/{${browserSafe.join(',')}}/src/**/*.ts`],
    ignores: ['**/*.test.ts', '**/*.bench.ts', '**/*.long.ts', '**/*.node.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        { patterns: [{ group: ['node:*'], message: 'This package also runs in a browser.' }] },
      ],
      'no-restricted-globals': [
        'error',
        { name: 'Buffer', message: 'Use Uint8Array.' },
        ...['process', 'crypto', 'performance', 'setTimeout', 'setInterval', 'setImmediate'].map((name) => ({
          name,
          message: given,
        })),
      ],
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: given },
        { object: 'Math', property: 'random', message: given },
        ...['Buffer', 'process', 'crypto', 'setTimeout'].map((property) => ({
          object: 'globalThis',
          property,
          message: given,
        })),
      ],
      'no-restricted-syntax': [
        'error',
        { selector: 'NewExpression[callee.name="Date"][arguments.length=0]', message: given },
        { selector: 'CallExpression[callee.name="Date"]', message: given },
      ],
    },
  },
);
