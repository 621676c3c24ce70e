// Writes over the generated types which document they were made from; web_test.go
// compares it with the document, so that stale types fail without Node.
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';

const document = createHash('sha256').update(readFileSync('openapi.json')).digest('hex');
const types = readFileSync('src/api/schema.ts', 'utf8');
writeFileSync('src/api/schema.ts', `// Made by \`make openapi\` from openapi.json, SHA-256 ${document}.\n${types}`);
