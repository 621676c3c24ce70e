package parts

import (
	"context"

	"aftersales-ledger/api/kit"
	"aftersales-ledger/domain/calendar"
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

// FailuresBody answers which parts failed, of which maker, against the units issued.
type FailuresBody struct {
	From calendar.Date             `json:"from"`
	To   calendar.Date             `json:"to"`
	Rows []partsviews.PartFailures `json:"rows" doc:"By part"`
	kit.Paged
}

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
	return FailuresBody{r.From, r.To, r.Rows, kit.PagedOf(r.List)}, nil
}
