import { Fragment } from 'react';
import { Link, useParams } from 'wouter';
import { nameOf } from '@/api/names';
import { asOfDay, useAddress } from '@/kit/address';
import { Chips } from '@/kit/Basics';
import { daysBetween, longDay, plusDays } from '@/kit/dates';
import { count } from '@/kit/fen';
import { Page } from '@/kit/Page';
import { Facts, Panel } from '@/kit/Panel';
import { personOf } from '@/kit/person';
import { Answered } from '@/kit/States';
import { Timeline, type Step as Line } from '@/kit/Timeline';
import { useView, type Answer } from '@/kit/view';
import { within } from '@/kit/words';
import { FileButton } from '@/repairs/sheet/FileSheet';
import { at, lanesOf, staysOf, type Stay } from './lanes';
import { say } from './say';

type Body = Answer<'/v1/serials/{serial}'>;
type Step = NonNullable<Body['steps']>[number];

const unescaped = (s: string) => {
  try {
    return decodeURIComponent(s);
  } catch {
    return s;
  }
};

/** Where a unit is no more that could be sent to its maker. */
const gone: readonly Body['place'][] = ['REPLACED', 'SCRAPPED', 'NOT_BACK'];

export default function Serial() {
  const params = useParams<{ serial: string }>();
  const serial = unescaped(params.serial ?? '');
  const { get, set } = useAddress();
  const part = get('part');
  const q = useView('/v1/serials/{serial}', { path: { serial }, ...(part && { query: { part } }) });
  const steps = q.data?.steps ?? [];
  const parts = [...new Set(steps.map((s) => s.part).filter(Boolean))] as string[];
  const d = q.data;
  return (
    <Page
      of={q}
      title={say('serial', { serial })}
      finding={
        d &&
        say('finding', {
          part: parts.join(' / '),
          place: [within(nameOf('parts.UnitPlace', d.place)), d.project].filter(Boolean).join(' '),
          n: count(steps.length),
          days: count(steps.length ? daysBetween(steps[0]?.on ?? '', steps.at(-1)?.on ?? '') : 0),
        })
      }
      help={say('help')}
      {...(d && !gone.includes(d.place) && { actions: <FileButton of={{ serial, part: parts.at(-1), project: d.project || steps.at(-1)?.project }} /> })}
      {...((parts.length > 1 || part) && {
        filters: <Chips label={say('parts')} value={part} onChoose={(v) => set({ part: v === part ? '' : v })} choices={(part ? [part] : parts).map((p) => ({ value: p, label: p }))} />,
      })}
    >
      <Answered of={q} rows={10}>{(data) => <Told of={data} />}</Answered>
    </Page>
  );
}

function Told({ of }: { of: Body }) {
  const { to } = useAddress();
  const steps = of.steps ?? [];
  const links = (all: Body['replaces']) =>
    (all ?? []).map((l, i) => (
      <Fragment key={l.serial}>
        {i > 0 && ' · '}
        <Link href={to(`/serials/${encodeURIComponent(l.serial)}`)}>{l.serial}</Link>
      </Fragment>
    ));
  return (
    <div className="stack">
      <Picture of={of} />
      <div className="beside">
        <Panel title={say('steps')} bare>
          <Timeline steps={steps.map((s, i) => lineOf(s, i, to))} />
        </Panel>
        <div className="side">
          <Panel title={say('facts')}>
            <Facts
              of={[
                { name: say('part'), is: [...new Set(steps.map((s) => s.part).filter(Boolean))].join(' / ') },
                { name: say('place'), is: nameOf('parts.UnitPlace', of.place) },
                { name: say('project'), is: of.project },
                { name: say('replaces'), is: of.replaces?.length ? links(of.replaces) : '' },
                { name: say('replacedBy'), is: of.replacedBy?.length ? links(of.replacedBy) : '' },
              ]}
            />
          </Panel>
        </div>
      </div>
    </div>
  );
}

const nameOfStay = (s: Stay): string => {
  switch (s.kind) {
    case 'depot':
      return say('depot', { project: s.project });
    case 'taken':
      return say('taken', { project: s.project });
    case 'transit':
      return say('transit');
    case 'inUse':
      return `${s.project} ${s.where}`;
    case 'removed':
      return say('removed', { project: s.project });
    case 'shelf':
      return say('shelf', { project: s.project });
    case 'maker':
      return s.where || say('someMaker');
    default:
      return say('toReceive', { project: s.project });
  }
};

/** A lane for each place, a bar for each stay; what is shown stands in words behind each bar and in the list below. */
function Picture({ of }: { of: Body }) {
  const { cut } = useAddress();
  const steps = of.steps ?? [];
  const replaced = new Set((of.replaces ?? []).map((l) => l.serial));
  const stays = staysOf(steps, (s: Step) => replaced.has(s.otherSerial ?? ''));
  if (!stays.length) return null;
  const first = steps[0]?.on ?? '';
  const lastStep = steps.at(-1)?.on ?? first;
  const still = stays.some((s) => !s.to);
  const end = still && asOfDay(cut) > lastStep ? asOfDay(cut) : lastStep;
  // Room on the left for a stay whose beginning nobody wrote down.
  const from = plusDays(first, -Math.max(3, Math.round(daysBetween(first, end) * (stays[0]?.open ? 0.12 : 0.02))));
  return (
    <Panel title={say('picture')} note={`${longDay(first)} – ${longDay(end)}`}>
      <ol className="lanes">
        {lanesOf(stays).map((lane) => (
          <li key={lane.key}>
            <span>{lane.stays[0] && nameOfStay(lane.stays[0])}</span>
            <span className="track">
              {lane.stays.map((s) => {
                const [left, right] = [s.open ? 0 : at(s.from, from, end), at(s.to || end, from, end)];
                const until = s.to || say('until');
                const says = s.open ? say('openSpan', { lane: nameOfStay(s), to: s.to }) : say('span', { lane: nameOfStay(s), from: s.from, to: until, days: count(daysBetween(s.from, s.to || end)) });
                return <i key={s.from} role="img" aria-label={says} title={says} data-kind={s.kind} data-open={s.open || undefined} data-still={s.to ? undefined : ''} style={{ left: `${left}%`, width: `${Math.max(0.6, right - left)}%` }} />;
              })}
            </span>
            <span className="num soft">{lane.stays.some((s) => s.open) ? say('unknownSince') : say('days', { n: count(lane.stays.reduce((t, s) => t + daysBetween(s.from, s.to || end), 0)) })}</span>
          </li>
        ))}
      </ol>
    </Panel>
  );
}

const tones: Record<string, Line['tone']> = { INSTALLED: 'good', F2_RETURNED: 'good', BACK_FROM_MAKER: 'good', REMOVED: 'bad', SCRAP: 'bad', CHARGED: 'money', F2_SHIPPED: 'watch', SHIPPED: 'watch' };

function lineOf(s: Step, i: number, to: ReturnType<typeof useAddress>['to']): Line {
  const page = s.step.startsWith('F2_') ? `/repairs/${s.document}` : s.step === 'CHARGED' ? `/charges/${s.reference}/${s.document}` : s.ticket ? `/tickets/${s.ticket}` : '';
  const form = s.step === 'ISSUE' ? 'issues' : s.step === 'COUNTED' ? 'counts' : '';
  return {
    key: `${s.position} ${i}`,
    day: s.on,
    what: (
      <>
        {nameOf('names.UnitStep', s.step)}{' '}
        {page ? <Link href={to(page)}>{s.document}</Link> : form ? <a href={`/v1/projects/${s.project}/depot/${form}/${s.document}/form?format=pdf`} target="_blank" rel="noopener">{s.document}</a> : s.document}{' '}
        {s.step === 'F2_RETURNED' && nameOf('repair.Result', s.reference)} {s.otherSerial && <Link href={to(`/serials/${encodeURIComponent(s.otherSerial)}`)}>→ {s.otherSerial}</Link>}
      </>
    ),
    who: [s.project, s.room, s.maker, personOf(s, 'person'), s.reason, s.actor !== s.person && personOf(s, 'actor')].filter(Boolean).join(' · '),
    ...(s.value && { amount: s.value }),
    tone: tones[s.step] ?? 'plain',
  };
}
