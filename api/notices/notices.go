package notices

import (
	"context"
	"time"

	"aftersales-ledger/api/kit"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/notice"
	"aftersales-ledger/eventstore"
	"aftersales-ledger/eventstore/ledger"
	"aftersales-ledger/projections"
	noticesviews "aftersales-ledger/projections/notices"
)

type resendInput struct {
	kit.CommandHeaders
	Notice string `path:"notice"`
	Body   struct {
		Reason string `json:"reason" doc:"Such as: the center says it never came"`
	}
}

type noticeListInput struct {
	kit.CutParams
	kit.PageParams
	Center  string `query:"center"`
	Region  string `query:"region"`
	Project string `query:"project"`
	Kind    string `query:"kind" example:"STATEMENT_ISSUED"`
	Status  string `query:"status" enum:"SENT,RETRYING,AWAITS_ADDRESS,GIVEN_UP,ASKED_FOR"`
	From    string `query:"from" doc:"Only those to which something happened on that day or later"`
}

// NoticeListBody lists notices, the latest first.
type NoticeListBody struct {
	kit.List[noticesviews.NoticeRow]
}

type noticeInput struct {
	Notice string `path:"notice"`
	After  uint64 `query:"after" doc:"Accepted as by every question; a notice is read from the log itself and is never behind"`
}

// NoticeStepBody is one thing that happened to a notice.
type NoticeStepBody struct {
	Event    string   `json:"event"`
	At       string   `json:"at"`
	Copy     int      `json:"copy,omitempty"`
	Subject  string   `json:"subject,omitempty"`
	Body     string   `json:"body,omitempty" doc:"The text as it was sent"`
	To       []string `json:"to,omitempty" doc:"Mail addresses"`
	Cc       []string `json:"cc,omitempty"`
	Reason   string   `json:"reason,omitempty"`
	Detail   string   `json:"detail,omitempty"`
	Attempts int      `json:"attempts,omitempty"`
	Outlook  string   `json:"outlook,omitempty"`
	By       string   `json:"by,omitempty"`
}

// NoticeHistoryBody is everything that happened to one notice.
type NoticeHistoryBody struct {
	Notice string           `json:"notice"`
	Steps  []NoticeStepBody `json:"steps"`
}

func (s *service) notices() {
	kit.Command(s.Service, "/v1/notices/{notice}/resend", "resend-notice", "Have a notice sent again, or after all",
		kit.MayResendNotices,
		func(ctx context.Context, in *resendInput) (kit.Receipt, error) {
			var p kit.Parser
			c := notice.Resend{Notice: notice.ID(in.Notice), Reason: in.Body.Reason}
			return p.CarryOut(in.Notice,
				func() (eventstore.Outcome, error) {
					return ledger.Do(ctx, s.Ledger(ctx), in.Request(ctx), c, (*notice.Delivery).Resend)
				})
		})
	kit.Query(s.Service, "/v1/notices", "list-notices", "Who was told what, and what could not be sent",
		kit.MayReadNotices, s.listNotices)
	kit.TaggedQuery(s.Service, "/v1/notices/{notice}", "notice-history", "One notice: its text, and what became of it",
		kit.MayReadNotices, func(in *noticeInput) string { return notice.Stream(notice.ID(in.Notice)) }, s.noticeHistory)
}

func (s *service) listNotices(ctx context.Context, in *noticeListInput) (out NoticeListBody, err error) {
	var p kit.Parser
	filter := noticesviews.NoticeFilter{
		Filter: projections.Filter{
			Center: domain.CenterID(in.Center), Region: in.Region, Project: domain.ProjectID(in.Project),
		},
		Kind: p.NoticeKind("kind", in.Kind), Status: noticesviews.NoticeStatus(in.Status), From: p.Date("from", in.From),
	}
	cut, err := s.Cut(ctx, &p, in.CutParams)
	if err != nil {
		return out, err
	}
	r, err := noticesviews.Of(s.Deps.ReadModels).Notices(ctx, cut, filter, in.Page())
	if err != nil {
		return out, err
	}
	return NoticeListBody{kit.ListOf(r)}, nil
}

func (s *service) noticeHistory(ctx context.Context, in *noticeInput) (out NoticeHistoryBody, err error) {
	events, err := s.Ledger(ctx).NoticeHistory(ctx, notice.ID(in.Notice))
	if err != nil {
		return out, err
	}
	out.Notice = in.Notice
	for _, e := range events {
		step := NoticeStepBody{Event: e.EventType()}
		at := time.Time{}
		switch e := e.(type) {
		case notice.NoticeSent:
			at = e.At
			step.Copy, step.Subject, step.Body, step.To, step.Cc = e.Copy, e.Subject, e.Body, mailAddresses(e.To),
				mailAddresses(e.Cc)
		case notice.NoticeUndeliverable:
			at = e.At
			step.Subject, step.Reason, step.Detail, step.Attempts, step.Outlook = e.Subject, string(e.Reason), e.Detail,
				e.Attempts, string(e.Outlook)
		case notice.NoticeResendRequested:
			at = e.At
			step.Detail, step.By = e.Reason, e.By
		}
		step.At = at.In(calendar.Shanghai).Format(time.RFC3339Nano)
		out.Steps = append(out.Steps, step)
	}
	return out, nil
}

func mailAddresses(list []notice.Addressee) (out []string) {
	for _, a := range list {
		out = append(out, a.Addresses...)
	}
	return out
}
