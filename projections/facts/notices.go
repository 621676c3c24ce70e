package facts

import (
	_ "embed"
	"strings"
	"time"

	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/notice"
)

//go:embed notices.sql
var noticesSQL string

// noticeFacts are what became of notices.
type noticeFacts struct {
	key           keyColumns
	eventType     textColumn
	notice        textColumn
	kind          textColumn
	clause        textColumn
	causePosition *column[uint64]
	causeType     textColumn
	project       textColumn
	center        textColumn
	region        textColumn
	copies        numberColumn
	told          textsColumn
	copied        textsColumn
	refused       textsColumn
	subject       textColumn
	messageID     textColumn
	channel       textColumn
	reason        textColumn
	detail        textColumn
	attempts      numberColumn
	outlook       textColumn
	by            textColumn
	onDate        dateColumn
}

func newNoticeFacts() *noticeFacts {
	t := newTable("notices", noticesSQL, Lies{Center: "center", Project: "project", Region: "region"})
	return &noticeFacts{
		key: newKeyColumns(t), eventType: t.text("event_type"), notice: t.text("notice"), kind: t.text("kind"),
		clause:        t.text("clause"),
		causePosition: newColumn[uint64](t, "cause_position", "UInt64"), causeType: t.text("cause_type"),
		project: t.text("project"),
		center:  t.text("center"), region: t.text("region"), copies: t.number("copy"), told: t.texts("told"),
		copied:  t.texts("copied"),
		refused: t.texts("refused"), subject: t.text("subject"), messageID: t.text("message_id"), channel: t.text("channel"),
		reason: t.text("reason"), detail: t.text("detail"), attempts: t.number("attempts"), outlook: t.text("outlook"),
		by: t.text("by"), onDate: t.date("on_date"),
	}
}

// noticeRow is one row; what an event does not state is left empty.
type noticeRow struct {
	matter       notice.Matter
	copies       int
	told, copied []string
	refused      []string
	subject      string
	messageID    string
	channel      notice.Channel
	reason       notice.Reason
	detail       string
	attempts     int
	outlook      notice.Outlook
	by           string
	at           time.Time
}

// notice gives the rows of an event of its stream.
func (f *Facts) notice(r *Recorded, e notice.Event) error {
	switch e := e.(type) {
	case notice.NoticeSent:
		row := noticeRow{
			matter: e.Matter, copies: e.Copy, told: addressees(e.To), copied: addressees(e.Cc), subject: e.Subject,
			messageID: e.MessageID,
			channel:   e.Channel, at: e.At,
		}
		for _, refusal := range e.Refused {
			row.refused = append(row.refused, refusal.Address+": "+refusal.Reason)
		}
		f.notices.add(r, row)
	case notice.NoticeUndeliverable:
		f.notices.add(r, noticeRow{
			matter: e.Matter, told: recipients(e.To), copied: recipients(e.Cc), subject: e.Subject, reason: e.Reason,
			detail:   e.Detail,
			attempts: e.Attempts, outlook: e.Outlook, at: e.At,
		})
	case notice.NoticeResendRequested:
		f.notices.add(r, noticeRow{matter: e.Matter, detail: e.Reason, by: e.By, at: e.At})
	case notice.NoticesStarted: // of the sender, and of no notice
	default:
		return unmapped(r)
	}
	return nil
}

// addressees writes roles with the places and addresses that were found.
func addressees(list []notice.Addressee) (out []string) {
	for _, a := range list {
		where := string(a.Scope)
		if a.Of != "" {
			where += " " + a.Of
		}
		out = append(out, string(a.Role)+"@"+where+": "+strings.Join(a.Addresses, " "))
	}
	return out
}

func recipients(list []notice.Recipient) (out []string) {
	for _, r := range list {
		out = append(out, r.String())
	}
	return out
}

func (f *noticeFacts) add(r *Recorded, row noticeRow) {
	m := row.matter
	f.key.begin(r, 0)
	f.eventType.add(r.Event.EventType())
	f.notice.add(string(m.Notice))
	f.kind.add(string(m.Kind))
	f.clause.add(m.Clause)
	f.causePosition.add(m.Cause.Position)
	f.causeType.add(m.Cause.Type)
	f.project.add(string(m.Project))
	f.center.add(string(m.Center))
	f.region.add(m.Region)
	f.copies.add(uint32(row.copies))
	f.told.add(row.told)
	f.copied.add(row.copied)
	f.refused.add(row.refused)
	f.subject.add(row.subject)
	f.messageID.add(row.messageID)
	f.channel.add(string(row.channel))
	f.reason.add(string(row.reason))
	f.detail.add(row.detail)
	f.attempts.add(uint32(row.attempts))
	f.outlook.add(string(row.outlook))
	f.by.add(row.by)
	f.onDate.add(calendar.DateOf(row.at))
}
