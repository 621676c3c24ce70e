package account

import (
	"cmp"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/attachment"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/duties"
)

// Way is how a center's answer came to us.
type Way string

const (
	ByLink    Way = "LINK"    // 邮件链接: opened from the mail, proven by a code
	ByConsole Way = "CONSOLE" // 登录答复: by who had signed in
	OnPaper   Way = "PAPER"   // 盖章回函: stamped, and entered by the regional admin
	// NotRecorded is shown of answers of the time before it was recorded; it is stored
	// nowhere. Nobody guesses.
	NotRecorded Way = "NOT_RECORDED"
)

// Reply is how an answer came, part of the events that record one. On paper it was
// given by the person who signed, who need not be a user.
type Reply struct {
	Way       Way             `json:"way,omitempty"`
	EnteredBy string          `json:"enteredBy,omitempty"` // who of us entered the paper
	SignedOn  calendar.Date   `json:"signedOn,omitzero"`   // date on the paper
	Scan      *attachment.Ref `json:"scan,omitempty"`      // of the paper
}

// Came is the way as it is shown.
func (r Reply) Came() Way { return cmp.Or(r.Way, NotRecorded) }

// maxPapersOfDispute bounds the files that go with one objection.
const maxPapersOfDispute = 10

// RecordPaperReply is the regional admin's command that enters a center's answer from
// its stamped paper.
type RecordPaperReply struct {
	Center   domain.CenterID   `json:"center,omitzero"`
	Quarter  calendar.Quarter  `json:"quarter,omitzero"`
	Version  int               `json:"version,omitzero"`
	Disputes []Dispute         `json:"disputes,omitempty"`
	Signer   string            `json:"signer,omitzero"`
	SignedOn calendar.Date     `json:"signedOn,omitzero"`
	Scan     attachment.Digest `json:"scan,omitzero"`
	By       string            `json:"by,omitzero"`

	ScanRef attachment.Ref `json:"-"` // looked up of Scan
}

// RecordPaperReply records the center's word on a version as its stamped paper says
// it. The scan vouches for it: without one nobody of us answers for a center.
func (a *Account) RecordPaperReply(c RecordPaperReply, today calendar.Date) ([]Event, error) {
	s, err := a.mustAwaitReply(c.Center, c.Quarter, c.Version)
	if err != nil {
		return nil, err
	}
	if err := domain.FirstError(checkSigner(c.Signer), c.SignedOn.CheckPast("signedOn", today)); err != nil {
		return nil, err
	}
	switch issued := s.issued.Version.IssuedOn; {
	case c.ScanRef == (attachment.Ref{}):
		return nil, domain.Invalid("scan", "", "scan-required",
			"must name the scan of the stamped paper: a center's answer never comes from one of us without it", "5.3.4")
	case c.ScanRef.Type != attachment.PDF && c.ScanRef.Type != attachment.PNG && c.ScanRef.Type != attachment.JPEG:
		return nil, domain.Invalid("scan", c.ScanRef.Name, "scan-type", "must be a PDF or a picture of the stamped paper", "5.3.4")
	case c.SignedOn.Before(issued):
		return nil, domain.Invalid("signedOn", c.SignedOn.String(), "signed-before-issued",
			"comes before %s, when the version was issued", "5.3.4", issued)
	}
	return a.confirm(s, ConfirmStatement{
		Center: c.Center, Quarter: c.Quarter, Version: c.Version, Disputes: c.Disputes, By: c.Signer,
	}, Reply{Way: OnPaper, EnteredBy: c.By, SignedOn: c.SignedOn, Scan: &c.ScanRef}, today)
}

// maxSigner bounds the name of who signed, in bytes.
const maxSigner = 200

func checkSigner(name string) error {
	if len(name) > maxSigner {
		return domain.Invalid("signer", domain.Clip(name), "signer-too-long", "must be at most %d bytes", "5.3.4", maxSigner)
	}
	return domain.CheckText("signer", name, true)
}

// answeredByAnother refuses an answer by who issued the statement: it is the word
// of the center, and never of one of us.
func (s *statement) answeredByAnother(center domain.CenterID, by string, today calendar.Date) error {
	return duties.Apart(duties.Decision{
		Matter: matter(center, s.number, "ANSWER"), Field: "quarter", Value: s.issued.Version.Quarter.String(), Clause: "5.3.4",
		By: by, On: today,
	}, duties.By(s.issued.Version.By).Did("was issued by %s, and nobody answers their own statement"))
}
