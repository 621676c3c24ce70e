package parts

import (
	"aftersales-ledger/api/kit"
	"aftersales-ledger/domain"
	"aftersales-ledger/projections"
	partsviews "aftersales-ledger/projections/parts"
	"aftersales-ledger/projections/parts/match"
	"context"

	"github.com/shopspring/decimal"
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

// PartsAuditLine compares a line of F1 with the issues made for it.
type PartsAuditLine struct {
	Key             string      `json:"key"`
	Finding         string      `json:"finding"`
	Project         string      `json:"project"`
	Region          string      `json:"region"`
	Part            string      `json:"part"`
	On              string      `json:"on"`
	AgeDays         int         `json:"ageDays"`
	FaultLine       string      `json:"faultLine,omitempty"`
	LineProject     string      `json:"lineProject,omitempty"`
	LinePart        string      `json:"linePart,omitempty"`
	Ticket          string      `json:"ticket,omitempty"`
	OldSerial       string      `json:"oldSerial,omitempty"`
	NewSerial       string      `json:"newSerial,omitempty"`
	Bearer          string      `json:"bearer,omitempty"`
	Replaced        *string     `json:"replaced" doc:"Units, according to F1; null where no line of F1 is known"`
	Slips           []string    `json:"slips"`
	Issued          string      `json:"issued" doc:"Units, according to the slips"`
	Value           string      `json:"value" doc:"Of the issued units, yuan"`
	Override        string      `json:"override,omitempty"`
	InQuestion      string      `json:"inQuestion" doc:"Units the finding is about"`
	ValueInQuestion string      `json:"valueInQuestion"`
	Return          *ReturnBody `json:"return,omitempty" doc:"What became of the faulty unit"`
}

// ReturnBody is a device on its way to the maker and back.
type ReturnBody struct {
	Return         string `json:"return"`
	OpenedOn       string `json:"openedOn"`
	ShippedOn      string `json:"shippedOn,omitempty"`
	ExpectedBackOn string `json:"expectedBackOn,omitempty"`
	BackOn         string `json:"backOn,omitempty"`
	Result         string `json:"result,omitempty"`
}

// FindingTotalBody sums one finding up.
type FindingTotalBody struct {
	Finding         string `json:"finding"`
	Rows            uint64 `json:"rows"`
	InQuestion      string `json:"inQuestion,omitempty" doc:"Units, where all rows are of one part: metres and pieces are not added up"`
	ValueInQuestion string `json:"valueInQuestion"`
}

// PartsAuditBody answers issues against fault records.
type PartsAuditBody struct {
	kit.Basis
	Rows   []PartsAuditLine   `json:"rows"`
	Totals []FindingTotalBody `json:"totals" doc:"Over all rows that match, not only this page's"`
	Next   string             `json:"next,omitempty"`
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
	out = PartsAuditBody{
		Basis: kit.BasisOf(r.Answer), Rows: make([]PartsAuditLine, len(r.Rows)), Totals: []FindingTotalBody{}, Next: r.Next,
	}
	for i, row := range r.Rows {
		out.Rows[i] = partsAuditLine(row)
	}
	for _, t := range r.Totals {
		out.Totals = append(out.Totals,
			FindingTotalBody{string(t.Finding), t.Rows, ofOnePart(t.Part, t.InQuestion), t.ValueInQuestion.String()})
	}
	return out, nil
}

// ofOnePart is a sum of quantities, which is formed of one part only.
func ofOnePart(part domain.PartCode, quantity decimal.Decimal) string {
	if part == "" {
		return ""
	}
	return quantity.String()
}

func partsAuditLine(r match.PartsAuditRow) PartsAuditLine {
	line := PartsAuditLine{
		Key: r.Key, Finding: string(r.Finding), Project: string(r.Project), Region: r.Region, Part: string(r.Part),
		On: r.On.String(), AgeDays: r.AgeDays, FaultLine: string(r.Line), LineProject: string(r.LineProject),
		LinePart: string(r.LinePart),
		Ticket:   string(r.Ticket), OldSerial: r.OldSerial, NewSerial: r.NewSerial, Bearer: string(r.Bearer),
		Replaced: kit.OnlyIf(!r.Replaced.IsZero(), r.Replaced.String()),
		Slips:    make([]string, len(r.Slips)), Issued: r.Issued.String(), Value: r.Value.String(), Override: r.Override,
		InQuestion: r.InQuestion.String(), ValueInQuestion: r.ValueInQuestion.String(),
	}
	for i, slip := range r.Slips {
		line.Slips[i] = string(slip)
	}
	if f2 := r.Return; f2 != nil {
		line.Return = &ReturnBody{
			Return: string(f2.Return), OpenedOn: f2.OpenedOn.String(), ShippedOn: f2.ShippedOn.String(),
			ExpectedBackOn: f2.ExpectedBackOn.String(), BackOn: f2.BackOn.String(),
			Result: string(f2.Result),
		}
	}
	return line
}

// NextPage is the cursor of the next page, empty on the last.
func (b *PartsAuditBody) NextPage() string { return b.Next }
