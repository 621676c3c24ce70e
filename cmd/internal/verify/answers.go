package verify

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"aftersales-ledger/api/kit"
	moneyapi "aftersales-ledger/api/money"
	"aftersales-ledger/cmd/internal/client"
	"aftersales-ledger/domain/account"
	"aftersales-ledger/domain/calendar"
)

// answers holds what is shown of a center's answered statements against the
// fold: how each answer makes its closing balance up.
func (a *audit) answers(ctx context.Context, c *client.Client, acct *accountState) error {
	ask := url.Values{
		"center": {string(acct.center)}, "limit": {"1000"}, "knownAt": {a.KnownAt.Format(time.RFC3339Nano)}, "asOf": {calendar.DateOf(a.KnownAt).String()},
	}
	var page moneyapi.StatementListBody
	if err := c.Fetch(ctx, client.Request{Method: http.MethodGet, Path: "/v1/statements?" + ask.Encode()}, &page); err != nil {
		if p := (*kit.Problem)(nil); errors.As(err, &p) && strings.HasSuffix(p.Type, ":stream-cut") {
			return nil // what was read as streams says so: a finding, and no end of the audit
		}
		return err
	}
	for _, row := range page.Rows {
		q, err := calendar.ParseQuarter(row.Quarter)
		if err != nil {
			return err
		}
		issued, err := acct.Statements(acct.center, q)
		if err != nil {
			return err
		}
		var want account.Answered
		if n := len(issued); n > 0 && (issued[n-1].Status == account.ConfirmedStatus || issued[n-1].Status == account.PartlyConfirmed) {
			want = issued[n-1].Answered
		}
		a.compare(fmt.Sprintf("%s %s", acct.center, q), [][3]string{
			{"确认 confirmed", row.Confirmed, want.Confirmed.String()}, {"争议 disputed", row.Disputed, want.Disputed.String()},
			{"以前已确认 confirmed before", row.ConfirmedBefore, want.Before.String()}, {"未核销 unapplied", row.Unapplied, want.Unapplied.String()},
			{"争议已付 paid of the disputed", row.DisputedPaid, want.DisputedPaid.String()},
			{"勾稽 ties", fmt.Sprint(row.Ties), "true"},
		})
	}
	return nil
}
