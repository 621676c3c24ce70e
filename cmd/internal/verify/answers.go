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
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/account"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/money"
)

// answers holds what is shown of a center's answered statements against the
// fold: how each answer makes its closing balance up.
func (a *audit) answers(ctx context.Context, c *client.Client, acct *accountState) error {
	ask := url.Values{
		"center": {string(acct.center)}, "limit": {"1000"}, "knownAt": {a.KnownAt.Format(time.RFC3339Nano)}, "asOf": {calendar.DateOf(a.KnownAt).String()},
	}
	var page moneyapi.StatementListBody
	if err := c.Fetch(ctx, client.Request{Method: http.MethodGet, Path: "/v1/statements?" + ask.Encode()},
		&page); err != nil {
		if p := (*kit.Problem)(nil); errors.As(err, &p) && strings.HasSuffix(p.Type, ":stream-cut") {
			return nil // what was read as streams says so: a finding, and no end of the audit
		}
		return err
	}
	for _, row := range page.Rows {
		q := row.Quarter
		issued, err := acct.Statements(acct.center, q)
		if err != nil {
			return err
		}
		var want account.Answered
		answered := false
		if n := len(issued); n > 0 && (issued[n-1].Status == account.ConfirmedStatus ||
			issued[n-1].Status == account.PartlyConfirmed) {
			want, answered = issued[n-1].Answered, true
		}
		of := func(a money.Amount) string {
			if !answered {
				return "—"
			}
			return a.String()
		}
		a.compare(fmt.Sprintf("%s %s", acct.center, q), []figure{
			{domain.Say("confirmed"), orNone(row.Confirmed), of(want.Confirmed)}, {domain.Say("disputed"), orNone(row.Disputed), of(want.Disputed)},
			{domain.Say("confirmed before"), orNone(row.ConfirmedBefore), of(want.Before)}, {domain.Say("unapplied"), orNone(row.Unapplied), of(want.Unapplied)},
			{domain.Say("paid of the disputed"), orNone(row.DisputedPaid), of(want.DisputedPaid)},
			{domain.Say("ties"), fmt.Sprint(row.Ties), "true"},
		})
	}
	return nil
}

// orNone is a figure of an answer, or that there is none.
func orNone(figure *money.Amount) string {
	if figure == nil {
		return "—"
	}
	return figure.String()
}
