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
		"a content is recorded":     {change: func(*attachment.Store) {}, then: []attachment.Event{stored}},
		"once, under whatever name": {given: []attachment.Event{stored}, change: func(c *attachment.Store) { c.Name = "b.pdf" }},
		"it has a name":             {change: func(c *attachment.Store) { c.Name = "" }, code: "text-required"},
		"and of each who brings it in": {
			given: []attachment.Event{stored}, change: func(c *attachment.Store) { c.By, c.Name = "wu", "b.pdf" },
			then: []attachment.Event{attachment.AttachmentStored{
				Ref: attachment.Ref{SHA256: id, Name: "b.pdf", Type: attachment.PDF, Size: 9}, By: "wu",
			}},
		},
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
	state := new(attachment.Attachment)
	if _, err := state.Ref("li", true, "letter", id); err == nil {
		t.Error("what was never stored was named")
	}
	state.Evolve(stored)
	theirs := stored
	theirs.By, theirs.Name = "wu", "b.pdf"
	state.Evolve(theirs)
	for _, tc := range []struct {
		login string
		known bool
		want  string
	}{{"li", false, "a.pdf"}, {"wu", false, "b.pdf"}, {"wu", true, "b.pdf"}, {"he", true, "a.pdf"}, {"he", false, ""}} {
		if ref, err := state.Ref(tc.login, tc.known, "letter", id); ref.Name != tc.want || (err == nil) != (tc.want != "") {
			t.Errorf("%s, who knows of it otherwise: %t, names %q, %v", tc.login, tc.known, ref.Name, err)
		}
	}
}
