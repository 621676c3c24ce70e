package money

import (
	"context"
	"time"

	"aftersales-ledger/domain/account"
	"aftersales-ledger/domain/books"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/eventstore"
	"aftersales-ledger/eventstore/ledger"

	"aftersales-ledger/api/kit"
	moneyviews "aftersales-ledger/projections/money"
)

// TrailEventBody is one event of a charge or another record, as it was recorded: who did what,
// when, by which clause. Why is in its data.
type TrailEventBody struct {
	Position    uint64 `json:"position"`
	Stream      string `json:"stream"`
	Revision    int64  `json:"revision"`
	ID          string `json:"id"`
	Type        string `json:"type"`
	On          string `json:"on" doc:"Business date from which it counts"`
	RecordedAt  string `json:"recordedAt"`
	Actor       string `json:"actor"`
	Role        string `json:"role"`
	Clause      string `json:"clause" doc:"Of the after-sales procedure"`
	CommandKey  string `json:"commandKey" doc:"Idempotency-Key of the command that caused it"`
	Correlation string `json:"correlation,omitempty"`
	Data        string `json:"data" doc:"The event itself, JSON, the exact text"`
	Digest      string `json:"digest,omitempty" doc:"Over this and all events before it in the stream"`
	// People are beside the event's exact text, in which nothing can be put.
	People []NamedPerson `json:"people,omitempty" doc:"Whom its data names by their logins"`
}

// NamedPerson is somebody whom the data of an event names.
type NamedPerson struct {
	Person string `json:"person" doc:"The login, as it was written then"`
}

// TrailEventOf is an event of a trail as it is shown.
func TrailEventOf(e ledger.TrailEvent) TrailEventBody {
	return TrailEventBody{
		Position: uint64(e.Position), Stream: e.Stream, Revision: int64(e.Revision), ID: e.ID.String(), Type: e.Type,
		On:         e.On.String(),
		RecordedAt: e.RecordedAt.In(calendar.Shanghai).Format(time.RFC3339Nano), Actor: e.Actor, Role: string(e.Role),
		Clause: e.Clause, CommandKey: e.CommandKey,
		Correlation: e.CorrelationID, Data: string(e.Data), Digest: e.Chain, People: peopleOf(e.Data),
	}
}

// peopleOf are those whom the data of an event names in the fields that bear a login.
func peopleOf(data []byte) []NamedPerson {
	var named []NamedPerson
	for _, login := range kit.LoginsIn(data) {
		named = append(named, NamedPerson{login})
	}
	return named
}

// ChargeTieOut leads from a charge's gross amount to what is open of it, in
// yuan: the left side from the events, the right side from the postings.
type ChargeTieOut struct {
	Gross       string `json:"gross"`
	Credited    string `json:"credited"`
	Transferred string `json:"transferred" doc:"To another center"`
	Paid        string `json:"paid" doc:"By money, recoveries included"`
	Owed        string `json:"owed" doc:"Gross − credited − transferred − paid"`
	Open        string `json:"open" doc:"On the receivable accounts"`
	WrittenOff  string `json:"writtenOff" doc:"Given up by us, still owed (账销案存)"`
	PostingsSum string `json:"postingsSum" doc:"Of all postings that name the charge: 0.00"`
	Ties        bool   `json:"ties" doc:"gross − credited − transferred − paid = owed; owed = open + writtenOff; postingsSum = 0.00; and the charge's head says the same"`
}

// ChargeLegBody is a charge in one of the accounts it passed through.
type ChargeLegBody struct {
	Center string       `json:"center"`
	Charge string       `json:"charge" doc:"Its number there"`
	Moved  bool         `json:"moved" doc:"It came from another center; its gross amount is what came"`
	TieOut ChargeTieOut `json:"tieOut"`
}

// AcrossTieOut leads from what a charge was first charged at to what is owed of
// it in all accounts it passed through, in yuan.
type AcrossTieOut struct {
	Gross      string `json:"gross" doc:"As it was charged first"`
	Credited   string `json:"credited"`
	Paid       string `json:"paid" doc:"By money, recoveries included"`
	OnTheWay   string `json:"onTheWay" doc:"Has left one account and not come into the other yet"`
	Owed       string `json:"owed" doc:"Gross − credited − paid − on the way"`
	Open       string `json:"open" doc:"On the receivable accounts"`
	WrittenOff string `json:"writtenOff" doc:"Given up by us, still owed (账销案存)"`
	Ties       bool   `json:"ties" doc:"gross − credited − paid − onTheWay = owed; owed = open + writtenOff; and so in each account"`
}

// chargeTrail adds to a charge's history the events themselves, and its
// tie-out: in the account asked for and, for the department, across all
// accounts the charge passed through.
func (s *service) chargeTrail(ctx context.Context, h moneyviews.ChargeHistory, out *ChargeHistoryBody) error {
	accounts := ledger.Accounts(!kit.ActorOf(ctx).Role.OfCenter())
	if accounts == ledger.AllAccounts {
		ctx = kit.Composing(ctx) // the department follows the one charge wherever it went
	}
	trail, err := s.Ledger(ctx).ChargeTrail(ctx, account.ChargePlace{
		Center: h.Charge.Center, Charge: h.Charge.Charge,
	}, h.Charge.Ticket, ledger.TrailCut{
		AsOf: h.AsOf, KnownAt: h.KnownAt, Through: eventstore.Position(h.Position),
	}, accounts)
	if err != nil {
		return err
	}
	out.Events = make([]TrailEventBody, len(trail.Events))
	for i, e := range trail.Events {
		out.Events[i] = TrailEventOf(e)
	}
	var all legTotals
	for i, leg := range trail.Legs {
		postings := h.Postings
		if i > 0 {
			if postings, err = moneyviews.Of(s.Deps.ReadModels).PostingsOfCharge(ctx, kit.ScopeOf(ctx), h.Answer, leg.Center,
				leg.Charge); err != nil {
				return err
			}
		}
		tieOut := all.add(leg, postings)
		if i == 0 {
			// The head rests on the read models, the sums on the log itself.
			head, sums := h.Charge.Figures(), leg.Sums
			tieOut.Ties = tieOut.Ties && h.Charge.Gross == sums.Gross && head.Paid == sums.Paid &&
				head.Credited == sums.Credited && head.Transferred == sums.Transferred &&
				h.Charge.Open.Add(head.WrittenOff) == sums.Owed()
			out.TieOut = tieOut
		}
		out.Legs = append(out.Legs, ChargeLegBody{string(leg.Center), string(leg.Charge), leg.Moved, tieOut})
	}
	if accounts == ledger.OwnAccount || len(out.Legs) == 1 && all.left.IsZero() {
		out.Legs = nil
		return nil
	}
	across := all.tieOut()
	out.Across = &across
	return nil
}

// legTotals adds up the accounts a charge passed through.
type legTotals struct {
	charged, arrived, left, credited, paid, open, writtenOff money.Amount
	untied                                                   bool
}

// add takes one account up and answers whether that one ties: its documents on
// the one side, its postings on the other.
func (t *legTotals) add(leg ledger.ChargeLeg, postings []moneyviews.Posting) ChargeTieOut {
	var open, writtenOff, sum money.Amount
	for _, p := range postings {
		sum = sum.Add(p.Amount)
		switch p.Account {
		case books.ReceivableUnconfirmed, books.ReceivableConfirmed:
			open = open.Add(p.Amount)
		case books.WrittenOffMemo:
			writtenOff = writtenOff.Add(p.Amount)
		}
	}
	sums := leg.Sums
	ties := sums.Owed() == open.Add(writtenOff) && sum.IsZero()
	if leg.Moved {
		t.arrived = t.arrived.Add(sums.Gross)
	} else {
		t.charged = t.charged.Add(sums.Gross)
	}
	t.left, t.credited, t.paid = t.left.Add(sums.Transferred), t.credited.Add(sums.Credited), t.paid.Add(sums.Paid)
	t.open, t.writtenOff, t.untied = t.open.Add(open), t.writtenOff.Add(writtenOff), t.untied || !ties
	return ChargeTieOut{
		Gross: sums.Gross.String(), Credited: sums.Credited.String(), Transferred: sums.Transferred.String(),
		Paid: sums.Paid.String(),
		Owed: sums.Owed().String(), Open: open.String(), WrittenOff: writtenOff.String(), PostingsSum: sum.String(),
		Ties: ties,
	}
}

func (t *legTotals) tieOut() AcrossTieOut {
	onTheWay := t.left.Sub(t.arrived)
	owed := t.charged.Sub(t.credited).Sub(t.paid).Sub(onTheWay)
	return AcrossTieOut{
		Gross: t.charged.String(), Credited: t.credited.String(), Paid: t.paid.String(), OnTheWay: onTheWay.String(),
		Owed: owed.String(),
		Open: t.open.String(), WrittenOff: t.writtenOff.String(), Ties: !t.untied && owed == t.open.Add(t.writtenOff),
	}
}
