package notices

import (
	"cmp"
	"context"
	_ "embed"
	"math"
	"slices"
	"strconv"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/notice"
	"aftersales-ledger/projections"
)

//go:embed noticelist.sql
var noticeListSQL string

// NoticeStatus is where a notice stands.
type NoticeStatus string

const (
	NoticeIsSent        NoticeStatus = "SENT"
	NoticeIsRetrying    NoticeStatus = "RETRYING"       // it is tried again by itself
	NoticeAwaitsAddress NoticeStatus = "AWAITS_ADDRESS" // it is tried again when the address book has changed
	NoticeIsGivenUp     NoticeStatus = "GIVEN_UP"       // a person must ask for it
	NoticeIsAskedFor    NoticeStatus = "ASKED_FOR"      // and not sent since
)

// NoticeStatuses lists them.
func NoticeStatuses() []NoticeStatus {
	return []NoticeStatus{NoticeIsSent, NoticeIsRetrying, NoticeAwaitsAddress, NoticeIsGivenUp, NoticeIsAskedFor}
}

// NoticeFilter narrows the list down. Empty fields do not narrow.
type NoticeFilter struct {
	projections.Filter
	Kind   notice.Kind
	Status NoticeStatus
	From   calendar.Date // something happened to it on that day or later
}

// NoticeRow is one notice as it stands.
type NoticeRow struct {
	Notice     notice.ID          `json:"notice"`
	Kind       notice.Kind        `json:"kind"`
	Clause     string             `json:"clause"`
	Status     NoticeStatus       `json:"status" enum:"SENT,RETRYING,AWAITS_ADDRESS,GIVEN_UP,ASKED_FOR"`
	Center     domain.CenterID    `json:"center,omitempty"`
	Project    domain.ProjectID   `json:"project,omitempty"`
	Region     string             `json:"region,omitempty"`
	Subject    string             `json:"subject"`
	To         []string           `json:"to" doc:"Roles, with their addresses once it was sent"`
	Cc         []string           `json:"cc"`
	Refused    []string           `json:"refused,omitempty" doc:"Addresses that the mail server did not take it for"`
	Copies     int                `json:"copies" doc:"Times sent"`
	MessageID  string             `json:"messageID,omitempty"`
	Channel    notice.Channel     `json:"channel,omitempty" enum:"SMTP,OUTBOX"`
	Reason     notice.Reason      `json:"reason,omitempty" doc:"Why it could not be sent"`
	Detail     string             `json:"detail,omitempty" doc:"What the mail server said, what to add to the address book, or why a person asks for it"`
	Attempts   int                `json:"attempts"`
	AskedBy    string             `json:"askedBy,omitempty"`
	On         calendar.Date      `json:"on" doc:"Of what happened to it last"`
	RecordedAt projections.Moment `json:"recordedAt"`
	Position   uint64             `json:"position"`
	Cause      string             `json:"cause" doc:"Type of the event that it tells of"`
	CausedAt   uint64             `json:"causedAt" doc:"Log position of that event"`
}

// NoticeList is the answer of [Views.Notices], the latest first.
type NoticeList = projections.List[NoticeRow]

// Notices lists who was told what, and what could not be sent.
func (m Views) Notices(
	ctx context.Context, cut projections.Cut, filter NoticeFilter, page projections.Page,
) (NoticeList, error) {
	if filter.Status != "" && !slices.Contains(NoticeStatuses(), filter.Status) {
		return NoticeList{}, domain.Invalid("status", domain.Clip(string(filter.Status)), "unknown-status",
			"must be one of %v", "", NoticeStatuses())
	}
	q, err := m.Ask(cut, page, "notices", filter)
	if err != nil {
		return NoticeList{}, err
	}
	defer q.Done()
	p := filter.Params().With("kind", string(filter.Kind)).With("status", string(filter.Status)).
		With("from_date", projections.IsoDate(cmp.Or(filter.From, projections.FirstDate))).
		With("before", q.AfterKey(0, strconv.FormatUint(math.MaxUint64, 10)))
	return projections.ListOf(ctx, q, noticeListSQL, p, func(r *NoticeRow) []string {
		return []string{strconv.FormatUint(r.Position, 10)}
	})
}
