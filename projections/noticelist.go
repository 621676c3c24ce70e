package projections

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
	Filter
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
	Answer
	Rows []NoticeRow // the latest first
	Next string      // asks for the next page; empty on the last
}

// Notices lists who was told what, and what could not be sent.
func (m *ReadModels) Notices(ctx context.Context, cut Cut, filter NoticeFilter, page Page) (NoticeList, error) {
	if filter.Status != "" && !slices.Contains(NoticeStatuses(), filter.Status) {
		return NoticeList{}, domain.Invalid("status", domain.Clip(string(filter.Status)), "unknown-status", "must be one of %v", "", NoticeStatuses())
	}
	q, err := m.ask(cut, page, "notices", filter)
	if err != nil {
		return NoticeList{}, err
	}
	defer q.done()
	answer := NoticeList{Answer: q.Answer}
	p := filter.params().with("kind", string(filter.Kind)).with("status", string(filter.Status)).
		with("from_date", isoDate(cmp.Or(filter.From, firstDate))).
		with("before", q.afterKey(0, strconv.FormatUint(math.MaxUint64, 10)))
	err = q.rows(ctx, noticeListSQL, p, func(rows driver.Rows) error {
		r, err := scanNotice(rows)
		if err != nil {
			return err
		}
		if len(answer.Rows) == q.limit {
			answer.Next = q.next(strconv.FormatUint(answer.Rows[q.limit-1].Position, 10))
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
		textTo(&r.Notice), textTo(&r.Kind), &r.Clause, textTo(&r.Status), textTo(&r.Project), textTo(&r.Center), &r.Region, &r.CausePosition,
		&r.CauseType, &r.Subject, &r.To, &r.Cc, &r.Refused, &copies, &r.MessageID, textTo(&r.Channel), textTo(&r.Reason), &r.Detail,
		&attempts, &r.AskedBy, dateTo{&r.On}, &r.RecordedAt, &r.Position,
	)
	r.Copies, r.Attempts, r.RecordedAt = int(copies), int(attempts), inShanghai(r.RecordedAt)
	return r, err
}
