import hooks from 'eslint-plugin-react-hooks';
import ts from 'typescript-eslint';

// An amount is text from the server to the screen, and BigInt fen where it is
// added up (kit/fen.ts): nothing turns text into a number.
const noNumbers = [
  ...['parseFloat', 'Number', 'parseInt'].map((name) => ({
    selector: `CallExpression[callee.name="${name}"]`,
    message: 'an amount never becomes a number: use kit/fen.ts; a count from the address: kit/address.ts',
  })),
  { selector: 'UnaryExpression[operator="+"]', message: 'an amount never becomes a number: use kit/fen.ts' },
  ...['parseFloat', 'parseInt'].map((name) => ({
    selector: `MemberExpression[object.name="Number"][property.name="${name}"]`,
    message: 'an amount never becomes a number: use kit/fen.ts',
  })),
  { selector: 'NewExpression[callee.name="Date"]', message: 'a business date is a string: use kit/dates.ts' },
  ...['say', 'fill', 'nameOf', 'codeName', 'fieldName', 'stepOf', 'fieldsOf', 'person'].map((name) => ({
    selector: `CallExpression[callee.name="useMemo"] CallExpression[callee.name="${name}"]`,
    message: 'what is kept of words changes with the language, and when the names come: useSaid',
  })),
  { selector: 'MemberExpression[property.name="dangerouslySetInnerHTML"]', message: 'no markup from strings' },
];

export default ts.config(
  { ignores: ['dist', 'node_modules', 'shots', 'src/api/schema.ts', 'scripts'] },
  ...ts.configs.recommended,
  {
    plugins: { 'react-hooks': hooks },
    rules: {
      'react-hooks/rules-of-hooks': 'error',
      'react-hooks/exhaustive-deps': ['error', { additionalHooks: 'useSaid' }],
      'no-restricted-syntax': ['error', ...noNumbers],
      'no-restricted-globals': ['error', 'alert', 'confirm', 'prompt'],
      '@typescript-eslint/no-non-null-assertion': 'error',
    },
  },
  { files: ['src/kit/fen.ts', 'src/kit/dates.ts', 'src/kit/address.ts', 'tests/**', 'vite.config.ts'], rules: { 'no-restricted-syntax': 'off' } },
);
