package parts

import (
	"context"
	"net/url"
	"time"

	"aftersales-ledger/api/kit"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/projections"
	partsviews "aftersales-ledger/projections/parts"
)

func (s *service) partViews() {
	kit.Query(s.Service, "/v1/parts/audit", "parts-audit", "Parts issued against fault records (5.1.3)", kit.MayReadParts,
		s.partsAudit)
	kit.Query(s.Service, "/v1/parts/stock", "stock", "What the depots hold, at moving average", kit.MayReadParts, s.stock)
	kit.Query(s.Service, "/v1/parts/roll-forward", "roll-forward",
		"Stock month by month: opening + in − out = book, what was counted, and what explains the difference",
		kit.MayReadParts, s.rollForward)
	kit.Query(s.Service, "/v1/parts/movements", "movements", "What a figure of the stock is made of, movement by movement",
		kit.MayReadParts, s.movements)
	kit.Query(s.Service, "/v1/parts/failures", "part-failures",
		"Which parts fail, of which maker, against the units issued, and what their makers made good (5.1.3, 5.2.1)",
		kit.MayReadParts, s.failures)
	kit.Query(s.Service, "/v1/serials/{serial}", "serial-history",
		"Where the units of a serial have been, across projects and makers", kit.MayReadParts, s.serialHistory)
	kit.Query(s.Service, "/v1/fault-lines", "list-fault-lines",
		"The fault record F1 line by line, with its issues and its review (5.1.3)", kit.MayReadParts, s.faultLines)
	kit.Query(s.Service, "/v1/catalogue", "catalogue", "Parts as the catalogue describes them on a date", kit.MayReadCatalogue,
		s.partList)
}

// PartsParams narrow a question about parts down.
type PartsParams struct {
	Region  string `query:"region"`
	Project string `query:"project"`
	Part    string `query:"part"`
}

func (p PartsParams) filter() partsviews.PartsFilter {
	return partsviews.PartsFilter{Region: p.Region, Project: domain.ProjectID(p.Project), Part: domain.PartCode(p.Part)}
}

type stockInput struct {
	kit.CutParams
	kit.PageParams
	PartsParams
}

// StockLine is what one project's depot holds of one part.
type StockLine struct {
	Project     string  `json:"project"`
	ProjectName string  `json:"projectName"`
	Region      string  `json:"region"`
	Part        string  `json:"part"`
	Name        string  `json:"name,omitempty" doc:"By the catalogue"`
	Model       string  `json:"model,omitempty"`
	Unit        string  `json:"unit,omitempty"`
	Quantity    string  `json:"quantity" doc:"By the book"`
	Value       string  `json:"value" doc:"Yuan"`
	AverageCost *string `json:"averageCost" doc:"Of a unit, yuan; null where the book holds none"`
	Count       string  `json:"count,omitempty" doc:"The last count sheet"`
	Counted     string  `json:"counted,omitempty"`
	CountedOn   string  `json:"countedOn,omitempty"`
	Movements   string  `json:"movements" doc:"Path of the movements that the figures are made of"`
}

// StockBody answers what the depots hold.
type StockBody struct {
	kit.Basis
	Rows      []StockLine `json:"rows"`
	Count     uint64      `json:"count,omitempty" doc:"Rows that match; this and what follows on the first page only"`
	Value     string      `json:"value,omitempty" doc:"Of all that match, yuan"`
	Booked    string      `json:"booked,omitempty" doc:"On account 1405 for these projects, all parts"`
	InTransit string      `json:"inTransit,omitempty" doc:"On account 1405.9: sent by these projects, not received yet"`
	Ties      bool        `json:"ties" doc:"value = booked, where all parts were asked for"`
	Next      string      `json:"next,omitempty"`
}

// NextPage is the cursor of the next page, empty on the last.
func (b *StockBody) NextPage() string { return b.Next }

func (s *service) stock(ctx context.Context, in *stockInput) (out StockBody, err error) {
	var p kit.Parser
	cut, err := s.Cut(ctx, &p, in.CutParams)
	if err != nil {
		return out, err
	}
	r, err := partsviews.Of(s.Deps.ReadModels).Stock(ctx, cut, in.filter(), in.Page())
	if err != nil {
		return out, err
	}
	out = StockBody{Basis: kit.BasisOf(r.Answer), Rows: make([]StockLine, len(r.Rows)), Next: r.Next, Ties: true}
	if in.Cursor == "" {
		out.Count, out.Value, out.Booked, out.InTransit = r.Kinds, r.Value.String(), r.Booked.String(), r.InTransit.String()
		out.Ties = in.Part != "" || r.Value == r.Booked
	}
	for i, v := range r.Rows {
		out.Rows[i] = StockLine{
			Project: string(v.Project), ProjectName: v.ProjectName, Region: v.Region, Part: string(v.Part), Name: v.Name,
			Model: v.Model, Unit: v.Unit,
			Quantity: v.Quantity.String(), Value: v.Value.String(),
			AverageCost: kit.OnlyIf(v.Quantity.IsPositive(), v.AverageCost().String()),
			Movements:   movementsPath(r.Answer, v.Project, v.Part, 0, r.AsOf, "", ""),
		}
		if v.Count != "" {
			out.Rows[i].Count, out.Rows[i].Counted, out.Rows[i].CountedOn = string(v.Count), v.Counted.String(),
				v.CountedOn.String()
		}
	}
	return out, nil
}

// movementsPath leads from a figure to its movements, as of and known at the
// same cut.
func movementsPath(
	a projections.Answer, project domain.ProjectID, part domain.PartCode, from, to calendar.Date,
	kind partsviews.MovementKind, count domain.SlipID,
) string {
	q := url.Values{
		"project": {string(project)}, "part": {string(part)}, "asOf": {a.AsOf.String()},
		"knownAt": {a.KnownAt.In(calendar.Shanghai).Format(time.RFC3339Nano)},
	}
	for name, value := range map[string]string{
		"from": from.String(), "to": to.String(), "kind": string(kind), "count": string(count),
	} {
		if value != "" {
			q.Set(name, value)
		}
	}
	return "/v1/parts/movements?" + q.Encode()
}

type rollForwardInput struct {
	kit.CutParams
	kit.PageParams
	PartsParams
	Month   string `query:"month" doc:"The month, or the first of a range. Default: the one that holds asOf" example:"2026-06"`
	Through string `query:"through" doc:"Last month of a range" example:"2026-12"`
}

// StockFigureBody is a number of units and their value, with the way to its
// movements.
type StockFigureBody struct {
	Quantity  string `json:"quantity"`
	Value     string `json:"value" doc:"Yuan"`
	Movements string `json:"movements,omitempty" doc:"Path of the movements that the figure is made of; absent where there are none"`
}

// CountBody is the last count of a month against the book of its day.
type CountBody struct {
	Count       string          `json:"count" doc:"Number of the count sheet"`
	CountedOn   string          `json:"countedOn"`
	Counted     string          `json:"counted"`
	Book        string          `json:"book" doc:"At the end of that day, by all documents known now, adjustments included"`
	Explained   StockFigureBody `json:"explained" doc:"Adjusted by this sheet"`
	Unexplained StockFigureBody `json:"unexplained" doc:"Counted − book"`
	Event       string          `json:"event" doc:"Path of the count in the log"`
}

// RollForwardRow is one part of one project over one month.
type RollForwardRow struct {
	Project      string          `json:"project"`
	Region       string          `json:"region"`
	Part         string          `json:"part"`
	Month        string          `json:"month"`
	Opening      StockFigureBody `json:"opening"`
	Received     StockFigureBody `json:"received"`
	TransfersIn  StockFigureBody `json:"transfersIn"`
	Returned     StockFigureBody `json:"returned"`
	Issued       StockFigureBody `json:"issued"`
	TransfersOut StockFigureBody `json:"transfersOut"`
	Scrapped     StockFigureBody `json:"scrapped"`
	Adjusted     StockFigureBody `json:"adjusted"`
	Closing      StockFigureBody `json:"closing" doc:"The book at the end of the month"`
	Count        *CountBody      `json:"count,omitempty" doc:"Absent where nothing was counted in the month"`
	Ties         bool            `json:"ties" doc:"opening + received + transfersIn + returned − issued − transfersOut − scrapped ± adjusted = closing"`
}

// RollForwardTotalBody is the value of all rows of a month, yuan.
type RollForwardTotalBody struct {
	Month        string `json:"month"`
	Opening      string `json:"opening"`
	Received     string `json:"received"`
	TransfersIn  string `json:"transfersIn"`
	Returned     string `json:"returned"`
	Issued       string `json:"issued"`
	TransfersOut string `json:"transfersOut"`
	Scrapped     string `json:"scrapped"`
	Adjusted     string `json:"adjusted"`
	Closing      string `json:"closing"`
	Unexplained  string `json:"unexplained"`
	Booked       string `json:"booked" doc:"On account 1405 at the end of the month for these projects, all parts"`
	Ties         bool   `json:"ties" doc:"opening + received + transfersIn + returned − issued − transfersOut − scrapped ± adjusted = closing; closing = booked, where all parts were asked for"`
}

// RollForwardBody answers how stock came from month to month.
type RollForwardBody struct {
	kit.Basis
	Rows   []RollForwardRow       `json:"rows"`
	Totals []RollForwardTotalBody `json:"totals" doc:"By month, over all rows that match; on the first page only"`
	Next   string                 `json:"next,omitempty"`
}

// NextPage is the cursor of the next page, empty on the last.
func (b *RollForwardBody) NextPage() string { return b.Next }

func (s *service) rollForward(ctx context.Context, in *rollForwardInput) (out RollForwardBody, err error) {
	var p kit.Parser
	cut, err := s.Cut(ctx, &p, in.CutParams)
	if err != nil {
		return out, err
	}
	first := cut.AsOf.Month()
	switch {
	case in.Month != "":
		first = p.Month("month", in.Month)
	case cut.AsOf.IsZero():
		first = calendar.DateOf(s.Deps.Clock()).Month()
	}
	last := first
	if in.Through != "" {
		last = p.Month("through", in.Through)
	}
	if p.Err != nil {
		return out, p.Err
	}
	r, err := partsviews.Of(s.Deps.ReadModels).RollForward(ctx, cut, first, last, in.filter(), in.Page())
	if err != nil {
		return out, err
	}
	out = RollForwardBody{
		Basis: kit.BasisOf(r.Answer), Rows: make([]RollForwardRow, len(r.Rows)), Totals: []RollForwardTotalBody{},
		Next: r.Next,
	}
	for i, v := range r.Rows {
		out.Rows[i] = rollForwardRow(r.Answer, v)
	}
	for _, t := range r.Totals {
		out.Totals = append(out.Totals, RollForwardTotalBody{
			Month: t.Month.String(), Opening: t.Opening.Value.String(), Received: t.Received.Value.String(),
			TransfersIn: t.TransfersIn.Value.String(),
			Returned:    t.Returned.Value.String(), Issued: t.Issued.Value.String(), TransfersOut: t.TransfersOut.Value.String(),
			Scrapped: t.Scrapped.Value.String(), Adjusted: t.Adjusted.Value.String(), Closing: t.Closing.Value.String(),
			Unexplained: t.Unexplained.String(), Booked: t.Booked.String(),
			Ties: t.Ties() && (in.Part != "" || t.Closing.Value == t.Booked),
		})
	}
	return out, nil
}

func rollForwardRow(a projections.Answer, v partsviews.RollForwardRow) RollForwardRow {
	first, last := v.Month.First(), v.Month.Last()
	figure := func(f partsviews.StockFigure, from, to calendar.Date, kind partsviews.MovementKind) StockFigureBody {
		b := StockFigureBody{Quantity: f.Quantity.String(), Value: f.Value.String()}
		if kind == "" || !f.Quantity.IsZero() || !f.Value.IsZero() {
			b.Movements = movementsPath(a, v.Project, v.Part, from, to, kind, "")
		}
		return b
	}
	row := RollForwardRow{
		Project: string(v.Project), Region: v.Region, Part: string(v.Part), Month: v.Month.String(), Ties: v.Ties(),
		Opening:      figure(v.Opening, 0, first.AddDays(-1), ""),
		Received:     figure(v.Received, first, last, partsviews.Receipt),
		TransfersIn:  figure(v.TransfersIn, first, last, partsviews.TransferIn),
		Returned:     figure(v.Returned, first, last, partsviews.Return),
		Issued:       figure(v.Issued, first, last, partsviews.IssueOut),
		TransfersOut: figure(v.TransfersOut, first, last, partsviews.TransferOut),
		Scrapped:     figure(v.Scrapped, first, last, partsviews.Scrapping),
		Adjusted:     figure(v.Adjusted, first, last, partsviews.Adjustment),
		Closing:      figure(v.Closing, 0, last, ""),
	}
	if c := v.Count; c != nil {
		row.Count = &CountBody{
			Count: string(c.Count), CountedOn: c.CountedOn.String(), Counted: c.Counted.String(), Book: c.Book.String(),
			Event:       kit.LogPath(c.Position),
			Explained:   StockFigureBody{Quantity: c.Explained.Quantity.String(), Value: c.Explained.Value.String()},
			Unexplained: StockFigureBody{Quantity: c.Unexplained.Quantity.String(), Value: c.Unexplained.Value.String()},
		}
		if !c.Explained.Quantity.IsZero() {
			row.Count.Explained.Movements = movementsPath(a, v.Project, v.Part, 0, 0, partsviews.Adjustment, c.Count)
		}
	}
	return row
}

type movementsInput struct {
	kit.CutParams
	kit.PageParams
	PartsParams
	Month string   `query:"month" doc:"Instead of from and to" example:"2026-06"`
	From  string   `query:"from" doc:"Business date, on or after"`
	To    string   `query:"to" doc:"On or before"`
	Kind  []string `query:"kind,explode" enum:"RECEIPT,TRANSFER_IN,RETURN,ISSUE,TRANSFER_OUT,SCRAP,ADJUSTMENT" doc:"May be repeated"`
	Count string   `query:"count" doc:"Only adjustments by this count sheet"`
}

// MovementBody is one movement of a depot's stock; what left is negative.
type MovementBody struct {
	Position     uint64   `json:"position"`
	Stream       string   `json:"stream"`
	RecordedAt   string   `json:"recordedAt"`
	Actor        string   `json:"actor"`
	Role         string   `json:"role"`
	On           string   `json:"on" doc:"Business date"`
	Project      string   `json:"project"`
	Part         string   `json:"part"`
	Kind         string   `json:"kind"`
	Slip         string   `json:"slip"`
	Quantity     string   `json:"quantity"`
	Value        string   `json:"value" doc:"Yuan"`
	Source       string   `json:"source,omitempty"`
	FaultLine    string   `json:"faultLine,omitempty"`
	Person       string   `json:"person,omitempty" doc:"Who took the units, or brought them back"`
	Override     string   `json:"override,omitempty"`
	Serials      []string `json:"serials,omitempty"`
	SentSerials  []string `json:"sentSerials,omitempty"`
	Reference    string   `json:"reference,omitempty" doc:"Issue slip of a return, count sheet of an adjustment, batch of a receipt from the maker"`
	OtherProject string   `json:"otherProject,omitempty"`
	Reason       string   `json:"reason,omitempty"`
	Event        string   `json:"event" doc:"Path of the event in the log"`
}

// MovementsBody answers what a figure is made of.
type MovementsBody struct {
	kit.Basis
	Rows     []MovementBody `json:"rows"`
	Count    uint64         `json:"count" doc:"Of all that match"`
	Quantity string         `json:"quantity,omitempty" doc:"Sum of all that match, where one part was asked for: metres and pieces are not added up"`
	Value    string         `json:"value" doc:"Sum of all that match, yuan"`
	Next     string         `json:"next,omitempty"`
}

// NextPage is the cursor of the next page, empty on the last.
func (b *MovementsBody) NextPage() string { return b.Next }

func (s *service) movements(ctx context.Context, in *movementsInput) (out MovementsBody, err error) {
	var p kit.Parser
	filter := partsviews.MovementFilter{
		PartsFilter: in.filter(), From: p.Date("from", in.From), To: p.Date("to", in.To), Count: domain.SlipID(in.Count),
	}
	if in.Month != "" {
		if in.From != "" || in.To != "" {
			return out, domain.Invalid("month", in.Month, "month-or-dates", "must not be given together with from or to", "")
		}
		month := p.Month("month", in.Month)
		filter.From, filter.To = month.First(), month.Last()
	}
	for _, k := range in.Kind {
		filter.Kinds = append(filter.Kinds, partsviews.MovementKind(k))
	}
	cut, err := s.Cut(ctx, &p, in.CutParams)
	if err != nil {
		return out, err
	}
	r, err := partsviews.Of(s.Deps.ReadModels).Movements(ctx, cut, filter, in.Page())
	if err != nil {
		return out, err
	}
	out = MovementsBody{
		Basis: kit.BasisOf(r.Answer), Rows: make([]MovementBody, len(r.Rows)), Count: r.Count,
		Quantity: ofOnePart(filter.Part, r.Sum.Quantity), Value: r.Sum.Value.String(), Next: r.Next,
	}
	for i, v := range r.Rows {
		out.Rows[i] = MovementBody{
			Position: v.Position, Stream: v.Stream(), RecordedAt: kit.InShanghai(v.RecordedAt), Actor: v.Actor, Role: v.Role,
			On:      v.On.String(),
			Project: string(v.Project), Part: string(v.Part), Kind: string(v.Kind), Slip: string(v.Slip),
			Quantity: v.Quantity.String(),
			Value:    v.Value.String(), Source: string(v.Source), FaultLine: string(v.FaultLine), Person: v.Person,
			Override: v.Override,
			Serials:  v.Serials, SentSerials: v.SentSerials, Reference: string(v.Reference),
			OtherProject: string(v.OtherProject),
			Reason:       v.Reason,
			Event:        kit.LogPath(v.Position),
		}
	}
	return out, nil
}

type serialInput struct {
	kit.CutParams
	Serial string `path:"serial" maxLength:"2000"`
	Part   string `query:"part" doc:"Only units of this part: two makers may use one serial"`
}

// SerialStepBody is one thing that was recorded about a serial.
type SerialStepBody struct {
	On           string `json:"on" doc:"Business date"`
	RecordedAt   string `json:"recordedAt"`
	Position     uint64 `json:"position"`
	Actor        string `json:"actor"`
	Role         string `json:"role"`
	Step         string `json:"step" doc:"RECEIPT, ISSUE, RETURN, TRANSFER_OUT, TRANSFER_IN, SCRAP, INSTALLED, REMOVED, REPAIRED_ON_SITE, HANDED_IN, SHIPPED, BACK_FROM_MAKER, CHARGED, COUNTED, or F2_ and a step of the process sheet"`
	Project      string `json:"project"`
	Part         string `json:"part,omitempty"`
	Document     string `json:"document"`
	Reference    string `json:"reference,omitempty" doc:"Issue slip of a return, batch, process sheet, result at the maker, center of a charge"`
	FaultLine    string `json:"faultLine,omitempty"`
	Ticket       string `json:"ticket,omitempty"`
	Room         string `json:"room,omitempty"`
	Person       string `json:"person,omitempty"`
	Maker        string `json:"maker,omitempty"`
	OtherProject string `json:"otherProject,omitempty"`
	OtherSerial  string `json:"otherSerial,omitempty" doc:"Serial that this one replaced or was replaced by"`
	Reason       string `json:"reason,omitempty"`
	Value        string `json:"value,omitempty" doc:"Yuan"`
	Event        string `json:"event" doc:"Path of the event in the log"`
}

// SerialLink leads to another serial's history.
type SerialLink struct {
	Serial string `json:"serial"`
	Path   string `json:"path"`
}

// SerialHistoryBody answers where the units of a serial have been.
type SerialHistoryBody struct {
	kit.Basis
	Serial     string           `json:"serial"`
	Place      string           `json:"place" enum:"IN_STOCK,ISSUED,IN_TRANSIT,INSTALLED,REMOVED,ON_SHELF,AT_MAKER,TO_RECEIVE,REPLACED,SCRAPPED,NOT_BACK,UNKNOWN" doc:"After the last step that says so. TO_RECEIVE: repaired, or sent instead of another, by the result on F2; it waits for the receipt of a depot"`
	Project    string           `json:"project,omitempty"`
	Steps      []SerialStepBody `json:"steps" doc:"In the order of business dates"`
	ReplacedBy []SerialLink     `json:"replacedBy" doc:"Serials of units that took this one's place, at a room or from the maker"`
	Replaces   []SerialLink     `json:"replaces" doc:"Serials of units whose place this one took"`
}

// NextPage is empty: a unit's history fits a page.
func (b *SerialHistoryBody) NextPage() string { return "" }

func (s *service) serialHistory(ctx context.Context, in *serialInput) (out SerialHistoryBody, err error) {
	var p kit.Parser
	cut, err := s.Cut(ctx, &p, in.CutParams)
	if err != nil {
		return out, err
	}
	serial, err := url.PathUnescape(in.Serial)
	if err != nil {
		serial = in.Serial
	}
	r, err := partsviews.Of(s.Deps.ReadModels).SerialHistory(ctx, cut, serial, domain.PartCode(in.Part))
	if err != nil {
		return out, err
	}
	links := func(serials []string) []SerialLink {
		out := make([]SerialLink, len(serials))
		for i, s := range serials {
			out[i] = SerialLink{s, "/v1/serials/" + url.PathEscape(s)}
		}
		return out
	}
	out = SerialHistoryBody{
		Basis: kit.BasisOf(r.Answer), Serial: r.Serial, Place: string(r.Place), Project: string(r.Project),
		Steps:      make([]SerialStepBody, len(r.Steps)),
		ReplacedBy: links(r.ReplacedBy), Replaces: links(r.Replaces),
	}
	for i, v := range r.Steps {
		out.Steps[i] = SerialStepBody{
			On: v.On.String(), RecordedAt: kit.InShanghai(v.RecordedAt), Position: v.Position, Actor: v.Actor, Role: v.Role,
			Step:    v.Step,
			Project: string(v.Project), Part: string(v.Part), Document: v.Document, Reference: v.Reference,
			FaultLine: string(v.FaultLine),
			Ticket:    string(v.Ticket), Room: v.Room, Person: v.Person, Maker: v.Maker, OtherProject: string(v.OtherProject),
			OtherSerial: v.OtherSerial,
			Reason:      v.Reason, Event: kit.LogPath(v.Position),
		}
		if !v.Value.IsZero() {
			out.Steps[i].Value = v.Value.String()
		}
	}
	return out, nil
}

type faultLinesInput struct {
	kit.CutParams
	kit.PageParams
	PartsParams
	Month  string `query:"month" doc:"Instead of from and to" example:"2026-06"`
	From   string `query:"from" doc:"Business date of the work, on or after"`
	To     string `query:"to" doc:"On or before"`
	Review string `query:"review" enum:"VERIFIED,QUERIED,OPEN" doc:"OPEN: not reviewed yet"`
}

// FaultLineBody is one line of F1.
type FaultLineBody struct {
	Line         string     `json:"line"`
	Ticket       string     `json:"ticket"`
	Project      string     `json:"project"`
	ProjectName  string     `json:"projectName"`
	Region       string     `json:"region"`
	Center       string     `json:"center"`
	Device       string     `json:"device"`
	Serial       string     `json:"serial,omitempty"`
	Location     string     `json:"location,omitempty"`
	Symptom      string     `json:"symptom"`
	Cause        string     `json:"cause"`
	SolvedOnSite bool       `json:"solvedOnSite"`
	Part         string     `json:"part,omitempty" doc:"That replaced the faulty one"`
	Quantity     string     `json:"quantity,omitempty"`
	OldSerial    string     `json:"oldSerial,omitempty"`
	NewSerial    string     `json:"newSerial,omitempty"`
	Bearer       string     `json:"bearer"`
	Clause       string     `json:"clause"`
	RecordedOn   string     `json:"recordedOn" doc:"Business date of the work"`
	RecordedAt   string     `json:"recordedAt"`
	Actor        string     `json:"actor"`
	Slips        []string   `json:"slips" doc:"Issue slips that name the line"`
	Issued       *string    `json:"issued" doc:"Units on them, less what came back; null of a line that replaced nothing and that no slip names"`
	Value        *string    `json:"value" doc:"Of those units, yuan; null as issued"`
	Review       *ReviewRow `json:"review,omitempty" doc:"The last one"`
	Event        string     `json:"event"`

	OpenFindings []kit.OpenFinding `json:"openFindings" doc:"About the line, or a document that names it; a line that is verified all the same shows them"`
}

// ReviewRow is the tech group lead's word on a line.
type ReviewRow struct {
	Verdict    string `json:"verdict"`
	Note       string `json:"note,omitempty"`
	By         string `json:"by"`
	On         string `json:"on"`
	RecordedAt string `json:"recordedAt"`
}

// FaultLinesBody answers the fault record.
type FaultLinesBody struct {
	kit.Basis
	Rows     []FaultLineBody `json:"rows"`
	Count    uint64          `json:"count" doc:"Of all that match"`
	Verified uint64          `json:"verified"`
	Queried  uint64          `json:"queried"`
	Next     string          `json:"next,omitempty"`
}

// NextPage is the cursor of the next page, empty on the last.
func (b *FaultLinesBody) NextPage() string { return b.Next }

func (s *service) faultLines(ctx context.Context, in *faultLinesInput) (out FaultLinesBody, err error) {
	var p kit.Parser
	filter := partsviews.FaultListFilter{
		PartsFilter: in.filter(), From: p.Date("from", in.From), To: p.Date("to", in.To), Review: in.Review,
	}
	if in.Month != "" {
		if in.From != "" || in.To != "" {
			return out, domain.Invalid("month", in.Month, "month-or-dates", "must not be given together with from or to", "")
		}
		month := p.Month("month", in.Month)
		filter.From, filter.To = month.First(), month.Last()
	}
	cut, err := s.Cut(ctx, &p, in.CutParams)
	if err != nil {
		return out, err
	}
	r, err := partsviews.Of(s.Deps.ReadModels).FaultLines(ctx, cut, filter, in.Page())
	if err != nil {
		return out, err
	}
	out = FaultLinesBody{
		Basis: kit.BasisOf(r.Answer), Rows: make([]FaultLineBody, len(r.Rows)), Count: r.Count, Verified: r.Verified,
		Queried: r.Queried, Next: r.Next,
	}
	for i, v := range r.Rows {
		b := FaultLineBody{
			Line: string(v.Line), Ticket: string(v.Ticket), Project: string(v.Project), ProjectName: v.ProjectName,
			Region: v.Region, Center: string(v.Center),
			Device: v.Device, Serial: v.Serial, Location: v.Location, Symptom: v.Symptom, Cause: string(v.Cause),
			SolvedOnSite: v.SolvedOnSite,
			OldSerial:    v.OldSerial, NewSerial: v.NewSerial, Bearer: string(v.Bearer), Clause: v.Clause,
			RecordedOn: v.RecordedOn.String(),
			RecordedAt: kit.InShanghai(v.RecordedAt), Actor: v.Actor, Slips: v.Slips,
			Issued: kit.OnlyIf(v.Replaces || len(v.Slips) > 0, v.Issued.String()),
			Value:  kit.OnlyIf(v.Replaces || len(v.Slips) > 0, v.Value.String()), Event: kit.LogPath(v.Position),
			OpenFindings: kit.OpenFindings(v.Open),
		}
		if v.Replaces {
			b.Part, b.Quantity = string(v.Part), v.Quantity.String()
		}
		if v.Verdict != "" {
			b.Review = &ReviewRow{string(v.Verdict), v.Note, v.ReviewedBy, v.ReviewedOn.String(), kit.InShanghai(v.ReviewedAt)}
		}
		out.Rows[i] = b
	}
	return out, nil
}

type partListInput struct {
	kit.CutParams
	kit.PageParams
	Part string `query:"part"`
}

// PartLine is a part as the catalogue describes it.
type PartLine struct {
	Part         string  `json:"part"`
	Name         string  `json:"name"`
	Model        string  `json:"model,omitempty"`
	Maker        string  `json:"maker,omitempty"`
	Unit         string  `json:"unit"`
	Serialised   bool    `json:"serialised"`
	WarrantyCost *string `json:"warrantyCost" doc:"Of a unit, yuan; null where it is not known"`
	From         string  `json:"from"`
	Event        string  `json:"event"`
}

// PartListBody answers how the catalogue describes its parts.
type PartListBody struct {
	kit.Basis
	Rows []PartLine `json:"rows"`
	Next string     `json:"next,omitempty"`
}

// NextPage is the cursor of the next page, empty on the last.
func (b *PartListBody) NextPage() string { return b.Next }

func (s *service) partList(ctx context.Context, in *partListInput) (out PartListBody, err error) {
	var p kit.Parser
	cut, err := s.Cut(ctx, &p, in.CutParams)
	if err != nil {
		return out, err
	}
	r, err := partsviews.Of(s.Deps.ReadModels).Catalogue(ctx, cut, domain.PartCode(in.Part), in.Page())
	if err != nil {
		return out, err
	}
	out = PartListBody{Basis: kit.BasisOf(r.Answer), Rows: make([]PartLine, len(r.Rows)), Next: r.Next}
	for i, v := range r.Rows {
		out.Rows[i] = PartLine{
			string(v.Part), v.Name, v.Model, v.Maker, v.Unit, v.Serialised,
			kit.OnlyIf(!v.WarrantyCost.IsZero(), v.WarrantyCost.String()), v.From.String(),
			kit.LogPath(v.Position),
		}
	}
	return out, nil
}
