import type { ReactNode } from 'react';
import { Dialog as AriaDialog } from 'react-aria-components/Dialog';
import { Heading } from 'react-aria-components/Heading';
import { Modal, ModalOverlay } from 'react-aria-components/Modal';
import { say } from './say';

/** What is asked before something is done. Escape and a press beside it close it. */
export function Dialog({ title, open, onClose, wide = false, children }: { title: string; open: boolean; onClose: () => void; wide?: boolean; children: ReactNode }) {
  return (
    <ModalOverlay className="veil" isOpen={open} onOpenChange={(o) => !o && onClose()} isDismissable>
      <Modal className="dialog" data-size={wide ? 'wide' : undefined}>
        <AriaDialog className="dialog-inner">
          <header className="dialog-head">
            <Heading slot="title">{title}</Heading>
            <button type="button" className="plain" onClick={onClose} aria-label={say('close')}>
              ✕
            </button>
          </header>
          {/* What is submitted here is no matter of a form that the dialog was opened from. */}
          <div className="inner" onSubmit={(e) => e.stopPropagation()}>{children}</div>
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}
