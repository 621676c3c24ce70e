package main

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jedib0t/go-pretty/v6/table"

	"aftersales-ledger/api/wording"
	"aftersales-ledger/cmd/internal/app"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/notice"

	noticesapi "aftersales-ledger/api/notices"
)

// noticeFlags say how a server sends notices.
type noticeFlags struct {
	SMTP        string   `name:"smtp" help:"Mail server: smtp://user:password@host:587 (STARTTLS; ?starttls=optional or no), or smtps://…:465." env:"LEDGER_SMTP" placeholder:"URL"`
	MailFrom    string   `help:"Mail address that notices come from; needed with --smtp." env:"LEDGER_MAIL_FROM" placeholder:"ADDRESS"`
	Addresses   string   `help:"Address book (YAML): who holds which role where; needed with --smtp." env:"LEDGER_ADDRESSES" placeholder:"FILE" type:"path"`
	Outbox      string   `help:"Folder for notices where there is no mail server. Default: DATA/outbox." env:"LEDGER_OUTBOX" placeholder:"DIR" type:"path"`
	NoticesFrom string   `help:"Log position after which notices begin, or 'beginning'. Default: where they began before; at first, the end of the log." placeholder:"POSITION"`
	NeedsDigest []string `help:"Times of the day, such as 08:00,17:00, at which ordinary needs are told in one mail a project. Default: each at once. Emergencies are always told at once." env:"LEDGER_NEEDS_DIGEST" placeholder:"HH:MM,…"`
	NoNotices   bool     `help:"Send none."`
}

func (f noticeFlags) config() (*app.Notices, error) {
	if f.NoNotices {
		return nil, nil
	}
	n := &app.Notices{SMTP: f.SMTP, Outbox: f.Outbox, Sender: f.MailFrom, Addresses: f.Addresses}
	for _, text := range f.NeedsDigest {
		at, err := time.Parse("15:04", text)
		if err != nil {
			return nil, domain.Failed(nil, "--needs-digest %q: must be times of the day, such as 08:00,17:00", text)
		}
		n.NeedsDigestAt = append(n.NeedsDigestAt, time.Duration(at.Hour())*time.Hour+time.Duration(at.Minute())*time.Minute)
	}
	slices.Sort(n.NeedsDigestAt)
	switch f.NoticesFrom {
	case "":
	case "beginning":
		n.From = new(uint64)
	default:
		position, err := strconv.ParseUint(f.NoticesFrom, 10, 64)
		if err != nil {
			return nil, domain.Failed(nil, "--notices-from %q: must be a log position, or beginning", f.NoticesFrom)
		}
		n.From = &position
	}
	return n, nil
}

type noticesCmd struct {
	question
	Center string `help:"Only this center."`
	Kind   string `help:"Only this kind, such as STATEMENT_ISSUED."`
	Status string `help:"SENT, RETRYING, AWAITS_ADDRESS, GIVEN_UP or ASKED_FOR."`
	From   string `help:"Only those to which something happened on that day or later."`
}

func (r noticesCmd) Run(ctx context.Context, c *cli) error {
	params := r.params(map[string]string{"center": r.Center, "kind": r.Kind, "status": r.Status, "from": r.From})
	return ask(ctx, c, r.single, "/v1/notices", params, func(b *noticesapi.NoticeListBody) error {
		var rows []table.Row
		for _, v := range b.Rows {
			problem := strings.Join(append([]string{word(c, v.Reason)}, v.Refused...), " ")
			rows = append(rows,
				table.Row{
					v.On, c.language().Clause(v.Clause), word(c, v.Kind), v.Center, word(c, v.Status), recipients(c, v.To),
					recipients(c, v.Cc),
					v.Copies, problem, v.Notice,
				})
		}
		c.grid(c.title("通知 Notices",
			b.Basis), table.Row{"日期\non", "条款\nclause", "种类\nkind", "中心\ncenter", "状态\nstatus", "收件\nto", "抄送\ncc",
			"次数\nsent", "问题\nproblem", "编号\nnotice"}, rows, nil, 8)
		return nil
	})
}

// recipients says to whom a notice goes: the role and how far it is responsible, and the
// address once there is one. The view names them as finance@company.
func recipients(c *cli, list []string) string {
	said := make([]string, len(list))
	for i, r := range list {
		who, addresses, sent := strings.Cut(r, ": ")
		role, where, named := strings.Cut(who, "@")
		if _, err := domain.ParseRole(role); err != nil || !named || c.language() == wording.English {
			said[i] = r
			continue
		}
		scope, of, _ := strings.Cut(where, " ")
		said[i] = word(c, domain.Role(role)) + "（" + strings.TrimSpace(word(c, notice.Level(scope))+" "+of) + "）"
		if sent {
			said[i] += addresses
		}
	}
	return strings.Join(said, "\n")
}
