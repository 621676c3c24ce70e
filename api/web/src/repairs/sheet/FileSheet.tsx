import { useState } from 'react';
import { useLocation } from 'wouter';
import { nameOf } from '@/api/names';
import { useAddress } from '@/kit/address';
import { Button, type Kind } from '@/kit/Basics';
import { today } from '@/kit/dates';
import { Dialog } from '@/kit/Dialog';
import { amountOf, DayField, dayOfField, Form, MoneyField, SelectField, TextField } from '@/kit/Form';
import { Seen, Waiting } from '@/kit/States';
import { useView } from '@/kit/view';
import { onlyProject, useSession } from '@/shell/session';
import { say } from '../say';

/** Who files a process sheet, 5.2.1. */
export const filers: readonly string[] = ['technician', 'city-tech-lead', 'tech-group-lead'];
export const bearers = ['DEPARTMENT', 'CENTER', 'MAKER'] as const;

/** What is known already of the device: from its ticket and line of F1, or from its history. */
export interface Device {
  project?: string | undefined;
  part?: string | undefined;
  serial?: string | undefined;
  ticket?: string | undefined;
  faultLine?: string | undefined;
  fault?: string | undefined;
  bearer?: string | undefined;
}

/** Files an F2 of a device, for who may. */
export function FileButton({ of = {}, kind = 'plain' }: { of?: Device; kind?: Kind }) {
  const session = useSession();
  const [filing, file] = useState(false);
  if (!filers.includes(session?.role ?? '')) return null;
  return (
    <>
      <Button kind={kind} onClick={() => file(true)}>{say('file')}</Button>
      {filing && <FileSheet of={{ ...of, project: of.project || onlyProject(session) }} close={() => file(false)} />}
    </>
  );
}

/** Files F2, 售后服务处理流程表, laid out as its paper; what is filed is opened. */
export function FileSheet({ of, close }: { of: Device; close: () => void }) {
  const { to } = useAddress();
  const [, go] = useLocation();
  // The maker is filled in as the catalogue has it; where it has none, the paper asks.
  const known = useView('/v1/catalogue', { query: { part: of.part ?? '' }, when: !!of.part, uncut: true });
  const ready = !of.part || !!known.data || known.error !== null;
  return (
    <Dialog open wide onClose={close} title={say('fileTitle')}>
      <p className="soft">{say('fileHelp')}</p>
      {!ready ? (
        <Waiting rows={6} />
      ) : (
        <Seen.Provider value={undefined}>
          <Form
            command="/v1/returns"
            params={undefined}
            start={{ ...given(of), maker: known.data?.rows?.[0]?.maker ?? '', openedOn: today() }}
            body={(v) => ({
              project: v.project ?? '',
              part: v.part ?? '',
              maker: v.maker ?? '',
              fault: v.fault ?? '',
              openedOn: dayOfField(v.openedOn),
              bearer: v.bearer as (typeof bearers)[number],
              ...(v.estimate && { estimate: amountOf(v.estimate) }),
              ...(v.return && { return: v.return }),
              ...(v.serial && { serial: v.serial }),
              ...(v.ticket && { ticket: v.ticket }),
              ...(v.faultLine && { faultLine: v.faultLine }),
            })}
            draft={`file.${of.faultLine || of.serial || 'new'}`}
            submit={say('doFile')}
            onDone={(out) => {
              close();
              go(to(`/repairs/${encodeURIComponent(out.id)}`));
            }}
            onCancel={close}
          >
            <div className="field-row">
              <TextField name="return" label={say('number')} hint={say('numberHint')} autoFocus />
              <TextField name="project" label={say('where')} required />
            </div>
            <div className="field-row">
              <TextField name="part" label={say('model')} required />
              <TextField name="serial" label={say('serial')} />
            </div>
            <div className="field-row">
              <TextField name="maker" label={say('maker')} required />
              <DayField name="openedOn" label={say('openedOn')} required />
            </div>
            <div className="field-row">
              <TextField name="ticket" label={say('ticket')} />
              <TextField name="faultLine" label={say('line')} />
            </div>
            <TextField name="fault" label={say('fault')} required lines />
            <div className="field-row">
              <SelectField name="bearer" label={say('bearer')} hint={say('bearerHint')} required options={bearers.map((b) => ({ value: b, label: nameOf('policy.Bearer', b) }))} />
              <MoneyField name="estimate" label={say('estimate')} hint={say('estimateHint')} />
            </div>
          </Form>
        </Seen.Provider>
      )}
    </Dialog>
  );
}

/** What is known, as fields begin with it. */
const given = (of: Device): Record<string, string> => Object.fromEntries(Object.entries(of).filter((e): e is [string, string] => !!e[1]));
