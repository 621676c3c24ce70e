import { Dialog } from '@/kit/Dialog';
import { FileField } from '@/kit/File';
import { DayField, dayOfField, Form, TextField } from '@/kit/Form';
import { say } from './say';

/** What a paper does not agree to: one charge a line, its number and then the reason. */
export const disputesOf = (typed: string) =>
  typed
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)
    .map((line) => {
      const [charge = '', ...reason] = line.split(/[\s：:，,]+/);
      return { charge, reason: reason.join(' ') };
    });

/** 录入盖章回函: a center's answer as its stamped paper says it, with the scan. */
export function PaperReply({ center, quarter, version, onClose }: { center: string; quarter: string; version: number; onClose: () => void }) {
  return (
    <Dialog open onClose={onClose} title={say('paperReply')}>
      <p className="soft">{say('paperReplyHelp', { n: version })}</p>
      <Form
        command="/v1/centers/{center}/statements/{quarter}/paper-reply"
        params={{ center, quarter }}
        draft={`paper-reply.${center}.${quarter}.${version}`}
        body={(v) => ({ version, signer: v.signer ?? '', signedOn: dayOfField(v.signedOn), scan: v.scan ?? '', disputes: disputesOf(v.disputes ?? '') })}
        submit={say('enterReply')}
        onDone={onClose}
        onCancel={onClose}
      >
        <FileField name="scan" label={say('scan')} hint={say('scanHint')} required />
        <TextField name="signer" label={say('signer')} required />
        <DayField name="signedOn" label={say('signedOn')} required />
        <TextField name="disputes" label={say('paperDisputes')} hint={say('paperDisputesHint')} lines />
      </Form>
    </Dialog>
  );
}
