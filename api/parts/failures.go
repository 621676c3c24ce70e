package parts

import (
	"context"

	"github.com/shopspring/decimal"

	"aftersales-ledger/api/kit"
	partsviews "aftersales-ledger/projections/parts"
)

type failuresInput struct {
	kit.CutParams
	kit.PageParams
	PartsParams
	Maker string `query:"maker" doc:"By the catalogue"`
	From  string `query:"from" doc:"Business date, on or after. Default: the first of January of the last year asked about"`
	To    string `query:"to" doc:"On or before. Default: asOf, which it never exceeds"`
}

// PartFailuresBody is how often one part failed in the period, and what its maker
// made of what was sent.
type PartFailuresBody struct {
	Part   string  `json:"part"`
	Name   string  `json:"name,omitempty" doc:"This and what follows by the catalogue"`
	Model  string  `json:"model,omitempty"`
	Maker  string  `json:"maker,omitempty"`
	Unit   string  `json:"unit,omitempty"`
	Faults uint64  `json:"faults" doc:"Lines of F1 that replaced the part: /v1/fault-lines of the same part and dates"`
	Failed string  `json:"failed" doc:"Units replaced by them"`
	Issued string  `json:"issued" doc:"Units issued in the period, less what came back unused"`
	Rate   *string `json:"rate" doc:"Failed for each hundred issued, one decimal; null where none was issued"`
	Again  uint64  `json:"again" doc:"Units with a serial among those replaced that an earlier line of F1 had put in"`
	Sent   uint64  `json:"sent" doc:"Process sheets F2 filed in the period, one device each"`

	Repaired  uint64  `json:"repaired" doc:"Of sent, with this result as of the date asked about, as the two that follow"`
	Exchanged uint64  `json:"exchanged" doc:"The maker sent another"`
	Lost      uint64  `json:"lost" doc:"Scrapped, or not back"`
	MadeGood  *string `json:"madeGood" doc:"Repaired or exchanged, percent of what has a result, one decimal; null where nothing has"`
}

// FailuresBody answers which parts failed, of which maker, against the units issued.
type FailuresBody struct {
	kit.Basis
	From string             `json:"from"`
	To   string             `json:"to"`
	Rows []PartFailuresBody `json:"rows" doc:"By part"`
	Next string             `json:"next,omitempty"`
}

// NextPage is the cursor of the next page, empty on the last.
func (b *FailuresBody) NextPage() string { return b.Next }

func (s *service) failures(ctx context.Context, in *failuresInput) (out FailuresBody, err error) {
	var p kit.Parser
	filter := partsviews.FailureFilter{
		PartsFilter: in.filter(), Maker: in.Maker, From: p.Date("from", in.From), To: p.Date("to", in.To),
	}
	cut, err := s.Cut(ctx, &p, in.CutParams)
	if err != nil {
		return out, err
	}
	r, err := partsviews.Of(s.Deps.ReadModels).Failures(ctx, cut, filter, in.Page())
	if err != nil {
		return out, err
	}
	out = FailuresBody{
		Basis: kit.BasisOf(r.Answer), From: r.From.String(), To: r.To.String(),
		Rows: make([]PartFailuresBody, len(r.Rows)), Next: r.Next,
	}
	for i, v := range r.Rows {
		out.Rows[i] = PartFailuresBody{
			Part: string(v.Part), Name: v.Name, Model: v.Model, Maker: v.Maker, Unit: v.Unit,
			Faults: v.Faults, Failed: v.Failed.String(), Issued: v.Issued.String(), Rate: rate(v.FailedPerHundred()),
			Again: v.Again, Sent: v.Sent, Repaired: v.Repaired, Exchanged: v.Exchanged, Lost: v.Lost,
			MadeGood: rate(v.MadeGood()),
		}
	}
	return out, nil
}

func rate(of decimal.Decimal, known bool) *string { return kit.OnlyIf(known, of.StringFixed(1)) }
