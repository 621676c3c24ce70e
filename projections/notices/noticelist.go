package notices

import (
	"cmp"
	"context"
	_ "embed"
	"math"
	"slices"
	"strconv"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

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
	Notice        notice.ID
	Kind          notice.Kind
	Clause        string
	Status        NoticeStatus
	Project       domain.ProjectID
	Center        domain.CenterID
	Region        string
	CausePosition uint64
	CauseType     string
	Subject       string
	To            []string // roles, with their addresses once it was sent
	Cc            []string
	Refused       []string // addresses that the mail server did not take it for
	Copies        int      // times sent
	MessageID     string   // of the last one sent
	Channel       notice.Channel
	Reason        notice.Reason // why it could not be sent
	Detail        string
	Attempts      int
	AskedBy       string
	On            calendar.Date // of what happened to it last
	RecordedAt    time.Time     // of that, in Shanghai
	Position      uint64        // of that
}

// NoticeList is the answer of [ReadModels.Notices].
type NoticeList struct {
	projections.Answer
	Rows []NoticeRow // the latest first
	Next string      // asks for the next page; empty on the last
}

// Notices lists who was told what, and what could not be sent.
func (m Views) Notices(ctx context.Context, cut projections.Cut, filter NoticeFilter, page projections.Page) (NoticeList, error) {
	if filter.Status != "" && !slices.Contains(NoticeStatuses(), filter.Status) {
		return NoticeList{}, domain.Invalid("status", domain.Clip(string(filter.Status)), "unknown-status", "must be one of %v", "", NoticeStatuses())
	}
	q, err := m.Ask(cut, page, "notices", filter)
	if err != nil {
		return NoticeList{}, err
	}
	defer q.Done()
	answer := NoticeList{Answer: q.Answer}
	p := filter.Params().With("kind", string(filter.Kind)).With("status", string(filter.Status)).
		With("from_date", projections.IsoDate(cmp.Or(filter.From, projections.FirstDate))).
		With("before", q.AfterKey(0, strconv.FormatUint(math.MaxUint64, 10)))
	err = q.Rows(ctx, noticeListSQL, p, func(rows driver.Rows) error {
		r, err := scanNotice(rows)
		if err != nil {
			return err
		}
		if len(answer.Rows) == q.Limit {
			answer.Next = q.Next(strconv.FormatUint(answer.Rows[q.Limit-1].Position, 10))
			return nil
		}
		answer.Rows = append(answer.Rows, r)
		return nil
	})
	return answer, err
}

func scanNotice(rows driver.Rows) (r NoticeRow, err error) {
	var copies, attempts uint32
	err = rows.Scan(
		projections.TextTo(&r.Notice), projections.TextTo(&r.Kind), &r.Clause, projections.TextTo(&r.Status), projections.TextTo(&r.Project), projections.TextTo(&r.Center), &r.Region, &r.CausePosition,
		&r.CauseType, &r.Subject, &r.To, &r.Cc, &r.Refused, &copies, &r.MessageID, projections.TextTo(&r.Channel), projections.TextTo(&r.Reason), &r.Detail,
		&attempts, &r.AskedBy, projections.DateTo(&r.On), &r.RecordedAt, &r.Position,
	)
	r.Copies, r.Attempts, r.RecordedAt = int(copies), int(attempts), projections.InShanghai(r.RecordedAt)
	return r, err
}
