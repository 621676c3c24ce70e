package money

import (
	"context"

	"aftersales-ledger/api/bulk"
	"aftersales-ledger/api/kit"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/account"
	"aftersales-ledger/eventstore"
	"aftersales-ledger/eventstore/ledger"
	"aftersales-ledger/projections"
	moneyviews "aftersales-ledger/projections/money"
)

type issueAllInput struct {
	kit.BulkHeaders
	Quarter string `path:"quarter" example:"2026Q2"`
	Body    struct {
		Region string `json:"region,omitempty" known:"region" doc:"Only the centers of this region; all, if absent"`
	}
}

// IssuedStatement is what became of one center in a bulk issue.
type IssuedStatement struct {
	Center  string `json:"center"`
	Name    string `json:"name"`
	Outcome string `json:"outcome" enum:"ISSUED,CURRENT,CONFIRMED,EMPTY,REFUSED" doc:"CURRENT: a version stands already; CONFIRMED: the quarter is closed; EMPTY: there is nothing to confirm"`
	Version int    `json:"version,omitempty"`
	Closing string `json:"closing,omitempty"`
	Problem string `json:"problem,omitempty" doc:"Why it was refused"`
}

// IssuedStatements is what became of a bulk issue.
type IssuedStatements struct {
	Quarter  string            `json:"quarter"`
	Issued   int               `json:"issued"`
	Refused  int               `json:"refused"`
	Position uint64            `json:"position,omitempty" doc:"Log position; a query given it as 'after' shows the statements"`
	Rows     []IssuedStatement `json:"rows"`
}

// issueAll issues a quarter's statement to every center of a region, one after
// the other. What is refused for one center keeps no other from its statement,
// and the request can be repeated.
func (s *service) issueAll(ctx context.Context, in *issueAllInput) (out IssuedStatements, err error) {
	var p kit.Parser
	quarter := p.Quarter("quarter", in.Quarter)
	if p.Err != nil {
		return out, p.Err
	}
	// Every center that there is by now, also one that was opened a moment ago.
	head, err := s.Ledger(ctx).Head(ctx)
	if err != nil {
		return out, err
	}
	cut, err := s.Cut(ctx, &p, kit.CutParams{After: uint64(head)})
	if err != nil {
		return out, err
	}
	out = IssuedStatements{Quarter: quarter.String(), Rows: []IssuedStatement{}}
	for page := (projections.Page{Limit: 1000}); ; {
		list, err := moneyviews.Of(s.Deps.ReadModels).Receivables(ctx, cut, projections.Filter{Region: in.Body.Region}, page)
		if err != nil {
			return out, err
		}
		position, err := bulk.Each(list.Rows, func(row moneyviews.Receivable) (eventstore.Outcome, error) {
			return s.issueOne(ctx, in, account.IssueStatement{Center: row.Center, Quarter: quarter})
		}, func(row moneyviews.Receivable, o eventstore.Outcome, refusal *domain.Rejection) {
			out.add(IssuedStatement{Center: string(row.Center), Name: row.Name}, o, refusal, func() string {
				return s.Refusal(ctx, refusal)
			})
		})
		out.Position = max(out.Position, position)
		if err != nil {
			return out, err
		}
		if list.Next == "" {
			return out, nil
		}
		page.After = list.Next
	}
}

// issueOne issues to one center; nothing where there is nothing to confirm.
func (s *service) issueOne(
	ctx context.Context, in *issueAllInput, c account.IssueStatement,
) (eventstore.Outcome, error) {
	if draft, err := s.Ledger(ctx).DraftStatement(ctx, c.Center, c.Quarter); err != nil || draft.Empty() {
		return eventstore.Outcome{}, err
	}
	o, err := ledger.Do(ctx, s.Ledger(ctx), in.Request(ctx), c,
		ledger.ByRules(s.Ledger(ctx), (*account.Account).IssueStatement))
	if r := bulk.RefusalOf(err); r != nil && r.Code == "quarter-not-over" {
		return o, kit.ProblemOf(ctx, err) // of every center
	}
	return o, err
}

// add notes what became of one center.
func (out *IssuedStatements) add(
	row IssuedStatement, o eventstore.Outcome, refusal *domain.Rejection, problem func() string,
) {
	switch {
	case refusal != nil && refusal.Code == "statement-current":
		row.Outcome = "CURRENT"
	case refusal != nil && refusal.Code == "quarter-closed":
		row.Outcome = "CONFIRMED"
	case refusal != nil:
		row.Outcome, row.Problem = "REFUSED", problem()
		out.Refused++
	case len(o.Events) == 0:
		row.Outcome = "EMPTY"
	default:
		e := o.Events[0].(account.StatementIssued)
		row.Outcome, row.Version, row.Closing = "ISSUED", e.Version, e.Closing.String()
		out.Issued++
	}
	out.Rows = append(out.Rows, row)
}
