package attachment_test

import (
	"strings"
	"testing"

	"aftersales-ledger/domain/attachment"
	"aftersales-ledger/domain/domaintest"
)

func TestAttachment(t *testing.T) {
	id := attachment.Digest(strings.Repeat("0a", 32))
	stored := attachment.AttachmentStored{
		Ref: attachment.Ref{SHA256: id, Name: "a.pdf", Type: attachment.PDF, Size: 9}, By: "li",
	}
	tests := map[string]struct {
		given  []attachment.Event
		change func(*attachment.Store)
		then   []attachment.Event
		code   string
	}{
		"a content is recorded":      {change: func(*attachment.Store) {}, then: []attachment.Event{stored}},
		"once, under whatever name":  {given: []attachment.Event{stored}, change: func(c *attachment.Store) { c.Name = "b.pdf" }},
		"it has a name":              {change: func(c *attachment.Store) { c.Name = "" }, code: "text-required"},
		"of 255 characters at most":  {change: func(c *attachment.Store) { c.Name = strings.Repeat("页", 256) }, code: "name-too-long"},
		"it is not empty":            {change: func(c *attachment.Store) { c.Size = 0 }, code: "attachment-size"},
		"it has the largest size":    {change: func(c *attachment.Store) { c.Size = attachment.MaxSize; c.Name = "a.pdf" }, then: []attachment.Event{attachment.AttachmentStored{Ref: attachment.Ref{SHA256: id, Name: "a.pdf", Type: attachment.PDF, Size: attachment.MaxSize}, By: "li"}}},
		"and not a byte more":        {change: func(c *attachment.Store) { c.Size = attachment.MaxSize + 1 }, code: "attachment-size"},
		"it is of one of five types": {change: func(c *attachment.Store) { c.Type = "text/html" }, code: "attachment-type"},
		"its hash is a hash":         {change: func(c *attachment.Store) { c.SHA256 = "0a" }, code: "not-a-sha256"},
		"written in one way":         {change: func(c *attachment.Store) { c.SHA256 = attachment.Digest(strings.Repeat("0A", 32)) }, code: "not-a-sha256"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			state, c := &attachment.Attachment{}, attachment.Store(stored)
			for _, e := range tc.given {
				state.Evolve(e)
			}
			tc.change(&c)
			got, err := state.Store(c)
			domaintest.Decided(t, tc.then, got, err, tc.code)
		})
	}
	if _, err := new(attachment.Attachment).Ref("letter", id); err == nil {
		t.Error("what was never stored was named")
	}
}
