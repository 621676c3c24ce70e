// Package attachment keeps the facts about the papers that documents refer to:
// what a file is, by the hash of its content, and who brought it in when. The
// content itself is kept outside the log, under its hash.
package attachment

import (
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"unicode/utf8"

	"aftersales-ledger/domain"
)

// Stream names the stream of one content.
func Stream(id Digest) string { return "attachment-" + string(id) }

// Event is a fact about one content.
//
//sumtype:decl
type Event interface {
	domain.Grounded
	attachmentEvent()
}

// Digest is the SHA-256 of a content, in 64 hexadecimal digits: its identity.
type Digest string

// Check rejects what is no SHA-256.
func (d Digest) Check(field string) error {
	if raw, err := hex.DecodeString(string(d)); err != nil || len(raw) != 32 || hex.EncodeToString(raw) != string(d) {
		return domain.Invalid(field, domain.Clip(string(d)), "not-a-sha256",
			"must be a SHA-256 in 64 hexadecimal digits, in lower case", "")
	}
	return nil
}

// MediaType is what a content is, told by its bytes and not by its name.
type MediaType string

// The types accepted: what suppliers, mail programs and cameras produce.
const (
	PDF  MediaType = "application/pdf"
	PNG  MediaType = "image/png"
	JPEG MediaType = "image/jpeg"
	EML  MediaType = "message/rfc822"
	XLSX MediaType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
)

// MediaTypes lists the types accepted.
func MediaTypes() []MediaType { return []MediaType{PDF, PNG, JPEG, EML, XLSX} }

// MaxSize bounds a content, in bytes.
const MaxSize = 20 << 20

// maxName bounds the name of a file, in characters.
const maxName = 255

// Ref is how a document names an attachment. The zero value names none.
type Ref struct {
	SHA256 Digest    `json:"sha256"`
	Name   string    `json:"name"` // of the file, as it was first brought in
	Type   MediaType `json:"type"`
	Size   int64     `json:"size"` // bytes
}

// AttachmentStored says that a content is kept, from whom and since when: once of
// each who brought it in, under the name they gave it first. It is recorded after the
// content was written: what a document refers to is there.
type AttachmentStored struct {
	Ref
	By string `json:"by"`
}

func (AttachmentStored) EventType() string { return "AttachmentStored" }

func (AttachmentStored) RestsOn() domain.Ground { return domain.Clause("5.2.2") }

func (AttachmentStored) attachmentEvent() {}

// Attachment is the state of one content.
type Attachment struct {
	first string // who brought it in first
	by    map[string]Ref
}

// Store is the command that records a content that was written.
type Store AttachmentStored

// CheckFile rejects a file by its name and size, before anything is written.
func CheckFile(name string, size int64) error {
	if err := domain.CheckText("name", name, true); err != nil {
		return err
	}
	if utf8.RuneCountInString(name) > maxName {
		return domain.Invalid("name", domain.Clip(name), "name-too-long", "must be at most %d characters", "", maxName)
	}
	if size < 1 || size > MaxSize {
		return domain.Invalid("content", fmt.Sprintf("%d bytes", size), "attachment-size",
			"must be 1 to %d bytes long", "5.2.2", MaxSize)
	}
	return nil
}

// Store records a content once of each who brings it in: again, under any name, it
// decides nothing.
func (a *Attachment) Store(c Store) ([]Event, error) {
	if err := domain.FirstError(c.SHA256.Check("sha256"), CheckFile(c.Name, c.Size)); err != nil {
		return nil, err
	}
	if !slices.Contains(MediaTypes(), c.Type) {
		return nil, NotAccepted(string(c.Type))
	}
	if _, stored := a.by[c.By]; stored {
		return nil, nil
	}
	return []Event{AttachmentStored(c)}, nil
}

// NotAccepted rejects a content of another type.
func NotAccepted(found string) error {
	return domain.Invalid("content", domain.Clip(found), "attachment-type",
		"must be a PDF, PNG, JPEG, e-mail (EML) or XLSX file, whatever its name says", "5.2.2")
}

// Evolve folds an event into the attachment.
func (a *Attachment) Evolve(e Event) {
	switch e := e.(type) {
	case AttachmentStored:
		if a.by == nil {
			a.first, a.by = e.By, make(map[string]Ref)
		}
		if _, stored := a.by[e.By]; !stored {
			a.by[e.By] = e.Ref
		}
	}
}

// BroughtInBy are the logins of those who brought the content in, in no order.
func (a *Attachment) BroughtInBy() []string { return slices.Collect(maps.Keys(a.by)) }

// Ref returns how somebody names the content: as they brought it in or, where they may
// know of it by another way, as it was first. To others it was never stored.
func (a *Attachment) Ref(login string, known bool, field string, id Digest) (Ref, error) {
	ref, stored := a.by[login]
	if !stored && known {
		ref, stored = a.by[a.first]
	}
	if !stored {
		return Ref{}, domain.NotFound(field, string(id), "unknown-attachment",
			"is not the SHA-256 of an attachment that was stored")
	}
	return ref, nil
}
