// Packs dist into console.zip, the one file that the server embeds: the same
// sources give the same bytes.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { crc32, deflateRawSync } from 'node:zlib';
import { digest } from './sources.mjs';

const below = (folder) =>
  readdirSync(folder, { withFileTypes: true }).flatMap((f) =>
    f.isDirectory() ? below(join(folder, f.name)) : [join(folder, f.name)],
  );

const files = below('dist')
  .map((path) => [relative('dist', path), readFileSync(path)])
  .concat([['SOURCES', Buffer.from(digest() + '\n')]])
  .sort(([a], [b]) => (a < b ? -1 : 1));

const parts = [];
const directory = [];
let offset = 0;
for (const [name, content] of files) {
  const packed = deflateRawSync(content, { level: 9 });
  const title = Buffer.from(name);
  const fields = Buffer.alloc(26); // from "version needed" on, as both headers have it
  fields.writeUInt16LE(20, 0);
  fields.writeUInt16LE(8, 4); // deflated
  fields.writeUInt16LE(0x21, 8); // 1 January 1980
  fields.writeUInt32LE(crc32(content), 10);
  fields.writeUInt32LE(packed.length, 14);
  fields.writeUInt32LE(content.length, 18);
  fields.writeUInt16LE(title.length, 22);
  const head = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), fields, title, packed]);
  const entry = Buffer.alloc(14);
  entry.writeUInt32LE(offset, 10);
  directory.push(Buffer.from('PK\x01\x02\x14\x00', 'latin1'), fields, entry, title);
  parts.push(head);
  offset += head.length;
}
const list = Buffer.concat(directory);
const end = Buffer.alloc(22);
end.write('PK\x05\x06', 'latin1');
end.writeUInt16LE(files.length, 8);
end.writeUInt16LE(files.length, 10);
end.writeUInt32LE(list.length, 12);
end.writeUInt32LE(offset, 16);
writeFileSync('console.zip', Buffer.concat([...parts, list, end]));
console.log(`console.zip: ${files.length} files, ${Math.round((offset + list.length) / 1024)} KB`);
