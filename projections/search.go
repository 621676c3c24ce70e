package projections

import (
	"context"
	_ "embed"
	"strings"
	"unicode/utf8"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
)

//go:embed search.sql
var searchSQL string

// FoundKind is a kind of thing that a search finds.
type FoundKind string

// Found is one thing that a search found.
type Found struct {
	Kind    FoundKind        `json:"kind" enum:"CENTER,PROJECT,TICKET,CHARGE,PAYMENT,QUOTE,RETURN,FAULT_LINE,SLIP,PART,SERIAL,REQUISITION,PAYMENT_REQUEST"`
	ID      string           `json:"id" doc:"Its number"`
	Title   string           `json:"title,omitempty" doc:"What it is about"`
	Detail  string           `json:"detail,omitempty" doc:"Room and owner, part and serial, or amount"`
	Center  domain.CenterID  `json:"center,omitempty"`
	Project domain.ProjectID `json:"project,omitempty"`
	On      calendar.Date    `json:"on"`
	Matched string           `json:"matched" doc:"The text of it that holds what was looked for"`
	OfKind  uint64           `json:"ofKind" doc:"How many of its kind were found: no more than eight of them are listed"`
}

// Bounds of what is searched for, in characters, and of what is found.
const (
	SearchShortest = 2
	SearchLongest  = 100
	searchMost     = 60
)

// Search finds things by a part of their number, room, owner, telephone, serial,
// bank reference or name: at most eight of a kind, the nearest and latest first.
func (m *ReadModels) Search(ctx context.Context, cut Cut, text string) (List[Found], error) {
	text = strings.TrimSpace(text)
	if n := utf8.RuneCountInString(text); n < SearchShortest || n > SearchLongest {
		return List[Found]{}, domain.Invalid("text", domain.Clip(text), "bad-search", "must have %d to %d characters", "",
			SearchShortest, SearchLongest)
	}
	q, err := m.Ask(cut, Page{Limit: searchMost}, "search", text)
	if err != nil {
		return List[Found]{}, err
	}
	defer q.Done()
	p := Params{"text": text}
	list, err := ListOf(ctx, q, searchSQL, p, func(f *Found) []string { return []string{string(f.Kind), f.ID} })
	list.Next = "" // who does not see it among these types more of it
	return list, err
}
