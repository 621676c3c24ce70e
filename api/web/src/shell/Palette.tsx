import { useDeferredValue, useEffect, useId, useState } from 'react';
import { useLocation } from 'wouter';
import { Dialog as AriaDialog } from 'react-aria-components/Dialog';
import { Modal, ModalOverlay } from 'react-aria-components/Modal';
import { nameOf, useSaid } from '@/api/names';
import { useAddress } from '@/kit/address';
import { Key } from '@/kit/Basics';
import { useView } from '@/kit/view';
import { fill } from '@/kit/words';
import { placeOf } from './found';
import { mayOpen } from './Navigation';
import { say } from './say';
import { useSession } from './session';

interface Hit {
  key: string;
  label: string;
  hint?: string;
  to: string;
}

/** What was typed, once the typing has paused. */
function useSettled(text: string): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const t = setTimeout(() => setSettled(text), 120);
    return () => clearTimeout(t);
  }, [text]);
  return settled;
}

/** Finds pages by name and anything by its number. */
export default function Palette({ onClose }: { onClose: () => void }) {
  const { to } = useAddress();
  const [, navigate] = useLocation();
  const role = useSession()?.role ?? '';
  const [typed, setTyped] = useState('');
  const [at, setAt] = useState(0);
  const list = useId();
  const text = useDeferredValue(typed.trim());
  const settled = useSettled(text);
  const things = useView('/v1/search', { query: { text: settled }, when: [...settled].length >= 2 });
  const hits = useSaid((): Hit[] => {
    const text = typed.normalize('NFKC').trim().toLowerCase();
    const found: Hit[] = [];
    for (const p of mayOpen(role)) {
      if (!p.nav || (text && !p.nav.label.some((l) => l.toLowerCase().includes(text)))) continue;
      found.push({ key: p.path, label: fill(p.nav.label), ...(p.nav.key && { hint: `g ${p.nav.key}` }), to: to(p.path) });
    }
    for (const f of things.data?.rows ?? []) {
      const place = placeOf(f, to);
      if (place && text) found.push({ key: `${f.kind} ${f.id}`, label: [f.id, f.title, f.detail].filter(Boolean).join(' · '), hint: nameOf('names.FoundKind', f.kind), to: place });
    }
    if ([...text].length >= 2) found.push({ key: 'find', label: say('findAll', { text: typed.trim() }), to: to('/find', { text: typed.trim() }) });
    return found;
  }, [typed, to, things.data, role]);
  const chosen = hits[Math.min(at, hits.length - 1)];
  const go = (hit: Hit | undefined) => {
    if (!hit) return;
    onClose();
    navigate(hit.to);
  };
  return (
    <ModalOverlay className="veil" isOpen onOpenChange={(o) => !o && onClose()} isDismissable>
      <Modal className="dialog">
        <AriaDialog className="palette" aria-label={say('findLabel')}>
          <input
            autoFocus
            role="combobox"
            aria-expanded="true"
            aria-controls={list}
            aria-activedescendant={chosen && `${list}-${chosen.key}`}
            aria-label={say('findLabel')}
            placeholder={say('find')}
            value={typed}
            onChange={(e) => {
              setTyped(e.target.value);
              setAt(0);
            }}
            onKeyDown={(e) => {
              if (e.nativeEvent.isComposing || e.keyCode === 229) return;
              if (e.key === 'ArrowDown') setAt(Math.min(at + 1, hits.length - 1));
              else if (e.key === 'ArrowUp') setAt(Math.max(at - 1, 0));
              else if (e.key === 'Enter') go(chosen);
              else return;
              e.preventDefault();
            }}
          />
          <ul role="listbox" id={list} aria-label={say('findLabel')}>
            {hits.map((h) => (
              <li key={h.key} id={`${list}-${h.key}`} role="option" aria-selected={h === chosen} onClick={() => go(h)}>
                <span>{h.label}</span>
                <span className="hint">{h.hint?.startsWith('g ') ? <><Key>g</Key> <Key>{h.hint.slice(2)}</Key></> : h.hint}</span>
              </li>
            ))}
          </ul>
          {hits.length === 0 && <p className="more">{say('nothingFound')}</p>}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}
