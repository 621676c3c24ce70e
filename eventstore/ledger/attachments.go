package ledger

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"net/mail"
	"strings"

	"aftersales-ledger/domain/attachment"
	"aftersales-ledger/eventstore"
)

// Files keeps the contents of attachments, each under the SHA-256 of its bytes.
type Files interface {
	// Put keeps a content; when it returns, the content is durable. Put again,
	// it changes nothing.
	Put(ctx context.Context, id attachment.Digest, content []byte) error
	// Read returns a content; the error is fs.ErrNotExist where there is none.
	Read(ctx context.Context, id attachment.Digest) ([]byte, error)
}

var (
	// ErrFilesUnavailable: the attachments cannot be written or read now.
	ErrFilesUnavailable = errors.New("attachments are unavailable")
	// ErrAttachmentDamaged: a content is gone, or is not what was stored.
	ErrAttachmentDamaged = errors.New("attachment is damaged")
)

// WithFiles returns the ledger with a place for attachments.
func (l *Ledger) WithFiles(f Files) *Ledger {
	with := *l
	with.files = f
	return &with
}

// StoreAttachment keeps a file. The content is written before the event that
// says so, so that whatever refers to it finds it.
func (l *Ledger) StoreAttachment(
	ctx context.Context, r Request, name string, content []byte,
) (attachment.Ref, eventstore.Outcome, error) {
	if l.files == nil {
		return attachment.Ref{}, eventstore.Outcome{}, fmt.Errorf("%w: no folder or bucket is configured",
			ErrFilesUnavailable)
	}
	if err := attachment.CheckFile(name, int64(len(content))); err != nil {
		return attachment.Ref{}, eventstore.Outcome{}, err
	}
	kind, err := sniff(content)
	if err != nil {
		return attachment.Ref{}, eventstore.Outcome{}, err
	}
	c := attachment.Store{
		Ref: attachment.Ref{SHA256: digest(content), Name: name, Type: kind, Size: int64(len(content))}, By: r.Actor.Name,
	}
	if err := l.files.Put(ctx, c.SHA256, content); err != nil {
		return c.Ref, eventstore.Outcome{}, fmt.Errorf("%w: %w", ErrFilesUnavailable, err)
	}
	out, err := execute(ctx, l, r, attachment.Stream(c.SHA256), c,
		func(a *attachment.Attachment) ([]attachment.Event, error) {
			return a.Store(c)
		})
	out.Revision = 0 // of theirs, of which there is one; how many others did is not told
	if err != nil {
		return c.Ref, out, err
	}
	ref, err := l.refOf(ctx, r.Actor.Name, false, "sha256", c.SHA256) // under the name it has had from them
	return ref, out, err
}

// AttachmentReader is who reads an attachment: whoever brought it in, and else who may
// know of a stream that names it.
type AttachmentReader struct {
	Login string
	May   func(stream string) bool // by their role; where the stream lies is another question
}

// ReadAttachment returns a content, after making sure that it is the one that
// was stored. One that its reader may not see is as if it had never been stored.
func (l *Ledger) ReadAttachment(
	ctx context.Context, reader AttachmentReader, id attachment.Digest,
) (ref attachment.Ref, content []byte, err error) {
	if err := id.Check("sha256"); err != nil {
		return ref, nil, err
	}
	named, err := l.isNamedFor(ctx, reader, id)
	if err != nil {
		return ref, nil, err
	}
	if ref, err = l.refOf(ctx, reader.Login, named, "sha256", id); err != nil {
		return ref, nil, err
	}
	if l.files == nil {
		return ref, nil, fmt.Errorf("%w: no folder or bucket is configured", ErrFilesUnavailable)
	}
	content, err = l.files.Read(ctx, id)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return ref, nil, fmt.Errorf("%w: the content of %s is gone", ErrAttachmentDamaged, id)
	case err != nil:
		return ref, nil, fmt.Errorf("%w: %w", ErrFilesUnavailable, err)
	case digest(content) != id:
		return ref, nil, fmt.Errorf("%w: the content kept for %s is another", ErrAttachmentDamaged, id)
	}
	return ref, content, nil
}

// isNamedFor reports whether a stream names an attachment that its reader may know of.
func (l *Ledger) isNamedFor(ctx context.Context, reader AttachmentReader, id attachment.Digest) (bool, error) {
	streams, err := l.namedBy(ctx, id)
	if err != nil {
		return false, err
	}
	for _, stream := range streams {
		if !reader.May(stream) {
			continue
		}
		if shown, err := l.shown(ctx, stream); shown || err != nil {
			return shown, err
		}
	}
	return false, nil
}

// refOf looks up how somebody names a content that they brought in or know of otherwise.
func (l *Ledger) refOf(
	ctx context.Context, login string, known bool, field string, id attachment.Digest,
) (ref attachment.Ref, err error) {
	err = inspect(ctx, l, attachment.Stream(id), func(a *attachment.Attachment) (err error) {
		ref, err = a.Ref(login, known, field, id)
		return err
	})
	return ref, err
}

// attachment looks up how to name a stored content in a document. One that nothing
// names yet is named by whoever was given its SHA-256 by somebody whose rights meet
// their own, such as a colleague with the scanner. What documents name already is
// named again by who brought it in, or has one of them within their scope: else a
// document of one's own would show what is others'.
func (l *Ledger) attachment(
	ctx context.Context, r Request, field string, id attachment.Digest,
) (ref attachment.Ref, err error) {
	if err := id.Check(field); err != nil {
		return ref, err
	}
	streams, err := l.namedBy(ctx, id)
	if err != nil {
		return ref, err
	}
	known := false
	if len(streams) == 0 {
		known, err = l.broughtInNear(ctx, id)
	}
	for i := 0; i < len(streams) && !known && err == nil; i++ {
		known, err = l.shown(ctx, streams[i])
	}
	if err != nil {
		return ref, err
	}
	return l.refOf(ctx, r.Actor.Name, known, field, id)
}

// broughtInNear reports whether a content was brought in by somebody whose rights meet
// the scope, or by no user: the machine's owner.
func (l *Ledger) broughtInNear(ctx context.Context, id attachment.Digest) (bool, error) {
	var by []string
	err := inspect(ctx, l, attachment.Stream(id), func(a *attachment.Attachment) error {
		by = a.BroughtInBy()
		return nil
	})
	if err != nil || l.scope.IsWhole() {
		return len(by) > 0, err
	}
	for _, login := range by {
		p, user := l.People().Person(login)
		if !user {
			return true, nil
		}
		for _, g := range p.Grants {
			theirs, err := l.Scope(ctx, g.Reach)
			if err != nil || theirs.Meets(l.scope) {
				return err == nil, err
			}
		}
	}
	return false, nil
}

// optional looks up an attachment that may be left out.
func (l *Ledger) optional(
	ctx context.Context, r Request, field string, id attachment.Digest,
) (*attachment.Ref, error) {
	if id == "" {
		return nil, nil
	}
	ref, err := l.attachment(ctx, r, field, id)
	if err != nil {
		return nil, err
	}
	return &ref, nil
}

func digest(content []byte) attachment.Digest {
	sum := sha256.Sum256(content)
	return attachment.Digest(hex.EncodeToString(sum[:]))
}

// sniff tells what a content is by its bytes. It looks further than the first
// few where many kinds of file begin alike: a worksheet is a ZIP archive with a
// workbook in it, an e-mail is text whose header names sender and date.
func sniff(content []byte) (attachment.MediaType, error) {
	found := http.DetectContentType(content)
	switch kind, _, _ := strings.Cut(found, ";"); kind {
	case "application/pdf":
		return attachment.PDF, nil
	case "image/png":
		return attachment.PNG, nil
	case "image/jpeg":
		return attachment.JPEG, nil
	case "application/zip":
		if isWorkbook(content) {
			return attachment.XLSX, nil
		}
	case "text/plain":
		if isMail(content) {
			return attachment.EML, nil
		}
	}
	return "", attachment.NotAccepted(found)
}

func isWorkbook(content []byte) bool {
	archive, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		return false
	}
	parts := make(map[string]bool, len(archive.File))
	for _, f := range archive.File {
		parts[f.Name] = true
	}
	return parts["[Content_Types].xml"] && parts["xl/workbook.xml"]
}

func isMail(content []byte) bool {
	m, err := mail.ReadMessage(bytes.NewReader(content))
	if err != nil {
		return false
	}
	_, err = m.Header.Date()
	return err == nil && m.Header.Get("From") != ""
}
