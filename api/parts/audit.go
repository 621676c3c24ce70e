package parts

import (
	"context"

	"aftersales-ledger/api/kit"
	"aftersales-ledger/domain"
	"aftersales-ledger/projections"
	"aftersales-ledger/projections/match"
	partsviews "aftersales-ledger/projections/parts"
)

type partsAuditInput struct {
	kit.CutParams
	kit.PageParams
	Project string   `query:"project"`
	Region  string   `query:"region"`
	Part    string   `query:"part"`
	From    string   `query:"from" doc:"Fault recorded, or part issued, on or after"`
	To      string   `query:"to" doc:"On or before"`
	Finding []string `query:"finding,explode" enum:"MATCHED,ISSUE_NO_FAULT,FAULT_NO_ISSUE,OVER_ISSUE,SHORT_ISSUE,DUPLICATE_ISSUE,ITEM_MISMATCH,WRONG_PROJECT" doc:"May be repeated"`
}

// PartsAuditBody answers issues against fault records.
type PartsAuditBody struct {
	Rows   []match.PartsAuditLine    `json:"rows"`
	Totals []partsviews.FindingTotal `json:"totals" doc:"Over all rows that match, not only this page's"`
	kit.Paged
}

func (s *service) partsAudit(ctx context.Context, in *partsAuditInput) (out PartsAuditBody, err error) {
	var p kit.Parser
	filter := partsviews.PartsAuditFilter{
		Filter: projections.Filter{Region: in.Region, Project: domain.ProjectID(in.Project)},
		From:   p.Date("from", in.From), To: p.Date("to", in.To), Part: domain.PartCode(in.Part),
	}
	for _, f := range in.Finding {
		filter.Findings = append(filter.Findings, match.Verdict(f))
	}
	cut, err := s.Cut(ctx, &p, in.CutParams)
	if err != nil {
		return out, err
	}
	r, err := partsviews.Of(s.Deps.ReadModels).PartsAudit(ctx, cut, filter, in.Page())
	if err != nil {
		return out, err
	}
	return PartsAuditBody{r.Rows, r.Totals, kit.PagedOf(r.List)}, nil
}
