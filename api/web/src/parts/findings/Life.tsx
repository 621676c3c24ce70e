import { Link } from 'wouter';
import { nameOf } from '@/api/names';
import type { Address } from '@/kit/address';
import { Badge, Button } from '@/kit/Basics';
import { dayOf, shortDay } from '@/kit/dates';
import { money, quantity } from '@/kit/fen';
import { Facts, Panel } from '@/kit/Panel';
import { personOf } from '@/kit/person';
import { Answered } from '@/kit/States';
import { Timeline, type Step } from '@/kit/Timeline';
import { useView, type Answer } from '@/kit/view';
import { language } from '@/kit/words';
import { ownerName, tones } from './Findings';
import { say as kit } from '@/kit/say';
import { say } from './say';

type Body = Answer<'/v1/findings/history'>;
type Finding = Body['finding'];
type Paper = NonNullable<Finding['documents']>[number];
type To = Address['to'];

const stepTones: Record<string, Step['tone']> = { RAISED: 'bad', CHANGED: 'watch', REOPENED: 'watch', REFUSED: 'bad', CLOSED: 'good', CLEARED: 'good' };

/** One finding: what is wrong, its papers, and how it came to be what it is. */
export function Life({ of: key, to, onClose }: { of: string; to: To; onClose: () => void }) {
  const q = useView('/v1/findings/history', { query: { key } });
  return (
    <Answered of={q} rows={8}>
      {({ finding: f, steps }) => (
        <div className="stack">
          <Panel title={nameOf('finding.Class', f.class)} note={<Badge tone={tones[f.status] ?? 'plain'}>{nameOf('finding.Status', f.status)}</Badge>} foot={<Button kind="quiet" onClick={onClose}>{say('shut')}</Button>}>
            <p>{language() === 'zh' ? f.chinese : f.english}</p>
            <Facts
              of={[
                { name: say('project'), is: f.project },
                { name: say('part'), is: f.part },
                { name: say('expected'), is: quantity(f.expected) },
                { name: say('actual'), is: quantity(f.actual) },
                { name: say('value'), is: f.value === null ? say('unvalued') : money(f.value) },
                { name: say('due'), is: f.dueOn },
                { name: say('line'), is: f.faultLine && (f.ticket ? <Link href={to(`/tickets/${f.ticket}`)}>{f.faultLine}</Link> : f.faultLine) },
                { name: say('owner'), is: ownerName(f) },
                {
                  name: say('closedAs'),
                  is: f.closing && say('closedBy', { status: nameOf('finding.Status', f.closing.status), by: personOf(f.closing, 'by'), day: shortDay(f.closing.on), reason: f.closing.reason }),
                },
              ]}
            />
            {f.status === 'CLEARED' && <p className="soft">{say('away')}</p>}
          </Panel>
          <Panel title={say('documents')}>
            <Facts of={(f.documents ?? []).map((d) => ({ name: nameOf('names.FindingDocument', d.kind), is: <><Document of={d} finding={f} to={to} /> <span className="soft">{shortDay(d.on)} · {say('recorded', { actor: personOf(d, 'actor') })}</span></> }))} />
          </Panel>
          <Panel title={say('life')} bare>
            <Timeline
              steps={(steps ?? []).map((s, i) => ({
                key: `${s.position} ${i}`,
                day: dayOf(s.at),
                what: `${nameOf('names.FindingStep', s.step)} ${[s.owner && s.step === 'ASSIGNED' ? say('stepOwner', { owner: ownerName(s) }) : '', s.step === 'CLOSED' ? nameOf('finding.Status', s.status) : '', s.step === 'REFUSED' ? kit('ownDecision') : s.reason].filter(Boolean).join(' ')}`,
                who: [personOf(s, 'by') || say('byDay'), ...(s.evidence ?? [])].join(' · '),
                ...(s.value && { amount: s.value }),
                tone: stepTones[s.step] ?? 'plain',
              }))}
            />
          </Panel>
        </div>
      )}
    </Answered>
  );
}

/** A paper of a finding: a page of its own where there is one, else the form as it was printed. */
function Document({ of: d, finding: f, to }: { of: Paper; finding: Finding; to: To }) {
  const page = d.kind === 'F1' ? f.ticket && `/tickets/${f.ticket}` : d.kind.startsWith('F2') ? `/repairs/${d.number}` : d.kind === 'CHARGE' ? `/charges/${f.center}/${d.number}` : '';
  if (page) return <Link href={to(page)}>{d.number}</Link>;
  const form = d.kind === 'ISSUE_SLIP' ? 'issues' : d.kind === 'COUNT_SHEET' ? 'counts' : '';
  if (!form || !d.project) return <>{d.number}</>;
  return (
    <a href={`/v1/projects/${d.project}/depot/${form}/${d.number}/form?format=pdf`} target="_blank" rel="noopener">
      {d.number}
    </a>
  );
}
