import { readdirSync, readFileSync } from 'node:fs';
import { afterEach, expect, test } from 'vitest';
import { codeName, nameOf, parseNames, take } from '@/api/names';
import { eventDetail, fieldsOf, ownOf, person, subjectOf, type TrailEvent } from './Trail';
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

test('a price has two decimals and a rate is in percent, as everywhere', () => {
  take(table);
  const charged = { ...event('ChargeAccrued.json'), data: JSON.stringify({ charge: 'SF-1', unitPrice: '808.6', taxTerms: { rate: '0.13' } }) };
  expect(fieldsOf([charged]).map((f) => f.value)).toEqual(['SF-1', '808.60', '13%']);
});

test('a person is called by their name, and somebody who was refused what was their own is told of in words', () => {
  take(table);
  const tried = { ...event('OwnDecisionRefused.json'), people: [{ person: 'admin.1', personName: '蒋强' }], data: JSON.stringify({ rule: 'own-submission', reason: 'was submitted by admin.1', by: 'admin.1', submittedBy: 'x.1' }) };
  const shown = Object.fromEntries(fieldsOf([tried]).map((f) => [f.name, f.value]));
  expect(shown).toEqual({ rule: '是本人经手的，应由别人审', by: '蒋强', submittedBy: 'x.1' });
  expect(eventDetail(tried)).toBe('是本人经手的，应由别人审');
});

test('a field belongs to its record, and not to the one that another record names', () => {
  const of = (type: string, position: number, data: object) => ({ ...event('ChargeAccrued.json'), type, position, data: JSON.stringify(data) });
  const life = [
    of('StatementIssued', 1, { statement: 'C01-2026Q3', center: 'C01', opening: '12000.00', closing: '12103.00' }),
    of('ChargeAccrued', 2, { charge: 'SF-1', center: 'C01', money: { gross: '103.00' } }),
    of('PaymentAllocated', 3, { payment: 'HK-1', center: 'C01', rule: 'BY_STATEMENT' }),
    of('PaymentReceived', 4, { payment: 'HK-1', center: 'C01', amount: '9000.00' }),
    of('OwnDecisionRefused', 5, { kind: 'OFF_LIST', document: 'SF-1', rule: 'own-submission' }),
  ];
  const fields = fieldsOf(life, 'SF-1');
  const own = fields.filter((f) => f.subject.kind === 'charge');
  expect(ownOf(life, 'SF-1')).toBe('charge SF-1');
  expect(own.map((f) => f.name)).toEqual(['charge', 'center', 'money.gross']);
  expect(fields.slice(0, own.length)).toEqual(own);
  expect([...new Set(fields.map((f) => `${f.subject.kind} ${f.subject.number}`))]).toEqual(['charge SF-1', 'statement C01-2026Q3', 'payment HK-1', 'refused SF-1']);
  const lines = ['F1-1', 'F1-2'].map((line, n) => of('FaultRecorded', n, { ticket: 'T-1', line, symptom: line }));
  expect(fieldsOf(lines).filter((f) => f.name === 'symptom').map((f) => f.value)).toEqual(['F1-1', 'F1-2']);
});

test('of what nothing was read, no position 0 of the log is stated', () => {
  const filed = { ...event('ReportFiled.json'), data: JSON.stringify({ project: 'P001', form: 'F3', through: 0, remark: '' }) };
  expect(fieldsOf([filed]).find((f) => f.name === 'through')?.value).toBe('填报时没有查看日志');
});

test('money that another than finance had applied went by itself', () => {
  take(table);
  const e = { actor: 'lead.1', actorName: '褚静', role: 'city-lead', event: 'PaymentAllocated' };
  expect(person(e)).toBe('自动核销，因褚静（城市负责人）的记录');
  expect(person({ ...e, role: 'finance' })).toBe('褚静（财务人员）');
  expect(person({ ...e, event: 'ChargeAccrued' })).toBe('褚静（城市负责人）');
});

test('every event says which record it is about', () => {
  for (const file of readdirSync(folder).filter((f) => f.endsWith('.json'))) {
    const e = event(file);
    const { kind, number } = subjectOf(e);
    expect(/^[a-z]/.test(kind), `${file}: ${kind}`).toBe(true);
    if (!['version', 'series', 'from', 'kind', 'table', 'sha256', 'override'].includes(kind)) expect(number, `${file}: ${kind}`).not.toBe('');
  }
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
