import { readdirSync, readFileSync } from 'node:fs';
import { afterEach, expect, test } from 'vitest';
import { codeName, nameOf, parseNames, take } from '@/api/names';
import { eventDetail, fieldsOf, type TrailEvent } from './Trail';
import { speak } from './words';

const folder = '../../eventstore/testdata/events/';
const table = readFileSync('../../domain/names/zh.txt', 'utf8');

const event = (file: string): TrailEvent => ({
  position: 1, stream: '', revision: 0, on: '', recordedAt: '', actor: '', role: '', clause: '', type: file.replace(/(\.\d+)?\.json$/, ''),
  data: readFileSync(folder + file, 'utf8'),
});

afterEach(() => speak('zh'));

test('no field of any event is shown as a code', () => {
  take(table);
  const codes = new Set([...parseNames(table).keys()].map((key) => key.slice(key.indexOf(' ') + 1)).filter((code) => /^[A-Z][A-Z_]+$/.test(code)));
  const files = readdirSync(folder).filter((f) => f.endsWith('.json'));
  let seen = 0;
  for (const file of files) {
    const e = event(file);
    for (const said of ['zh', 'en'] as const) {
      speak(said);
      for (const f of fieldsOf([e])) {
        expect(codes.has(f.value), `${file} ${f.name} ${said}: ${f.value}`).toBe(false);
        seen++;
      }
      for (const word of String(eventDetail(e)).split(' ')) expect(codes.has(word), `${file} ${said}: ${word}`).toBe(false);
    }
  }
  expect(seen).toBeGreaterThan(1000);
});

test('a cell of the service table is said as the table says it', () => {
  take(table);
  const covered = { ...event('TeamNotified.json'), data: JSON.stringify({ coverage: { deadline: 'none', onSite: 'promptly' } }) };
  expect(fieldsOf([covered]).map((f) => f.value)).toEqual(['无', '及时']);
});

test('a person is called by their name, and somebody who was refused what was their own is told of in words', () => {
  take(table);
  const tried = { ...event('OwnDecisionRefused.json'), people: [{ person: 'admin.1', personName: '蒋强' }], data: JSON.stringify({ rule: 'own-submission', reason: 'was submitted by admin.1', by: 'admin.1', submittedBy: 'x.1' }) };
  const shown = Object.fromEntries(fieldsOf([tried]).map((f) => [f.name, f.value]));
  expect(shown).toEqual({ rule: '是本人经手的，应由别人审', by: '蒋强', submittedBy: 'x.1' });
  expect(eventDetail(tried)).toBe('是本人经手的，应由别人审');
});

test('a code of several meanings is called by its field and its stream', () => {
  take(table);
  expect(codeName('CENTER', 'cost.bearer', 'return-F2-1')).toBe('物业服务中心承担');
  expect(codeName('TECH_GROUP', 'gate', 'return-F2-1')).toBe('技术组主管');
  expect(codeName('TECH_GROUP', 'gate', 'requisition-R1')).toBe('技术组');
  expect(codeName('REPLACED', 'result', 'return-F2-1')).toBe('换新');
  expect(codeName('李伟', 'by', 'return-F2-1')).toBe('李伟');
  speak('en');
  expect(codeName('TECH_GROUP', 'gate', 'requisition-R1')).toBe('Tech group');
});

test('a code without a word has an English name', () => {
  take(table);
  speak('en');
  const wordless = [...parseNames(table).keys()].filter((key) => /^(filing|books)\.\S+ [^A-Za-z]*[A-Za-z]?[^A-Za-z]*$/.test(key));
  expect(wordless.length).toBeGreaterThan(20);
  for (const key of wordless) {
    const [enumeration = '', code = ''] = key.split(' ');
    expect(/^[A-Za-z].*[a-z]{3}/.test(nameOf(enumeration, code)), `${key}: ${nameOf(enumeration, code)}`).toBe(true);
  }
});
