package parts

import (
	"context"
	"net/url"
	"time"

	"aftersales-ledger/api/kit"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/catalogue"
	"aftersales-ledger/domain/depot"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/projections"
	partsviews "aftersales-ledger/projections/parts"
)

func (s *service) partViews() {
	kit.Query(s.Service, "/v1/parts/audit", "parts-audit", "Parts issued against fault records (5.1.3)", kit.MayReadParts,
		s.partsAudit)
	kit.TaggedQuery(s.Service, "/v1/parts/stock", "stock", "What the depots hold, at moving average", kit.MayReadParts,
		depotAlone, s.stock)
	kit.Query(s.Service, "/v1/parts/roll-forward", "roll-forward",
		"Stock month by month: opening + in − out = book, what was counted, and what explains the difference",
		kit.MayReadParts, s.rollForward)
	kit.Query(s.Service, "/v1/parts/movements", "movements", "What a figure of the stock is made of, movement by movement",
		kit.MayReadParts, s.movements)
	kit.Query(s.Service, "/v1/parts/transfers", "part-transfers",
		"What depots sent to one another, and what has not arrived (调拨)", kit.MayReadParts, s.transfers)
	kit.Query(s.Service, "/v1/parts/failures", "part-failures",
		"Which parts fail, of which maker, against the units issued, and what their makers made good (5.1.3, 5.2.1)",
		kit.MayReadParts, s.failures)
	kit.Query(s.Service, "/v1/serials/{serial}", "serial-history",
		"Where the units of a serial have been, across projects and makers", kit.MayReadParts, s.serialHistory)
	kit.Query(s.Service, "/v1/fault-lines", "list-fault-lines",
		"The fault record F1 line by line, with its issues and its review (5.1.3)", kit.MayReadParts, s.faultLines)
	kit.TaggedQuery(s.Service, "/v1/catalogue", "catalogue", "Parts as the catalogue describes them on a date", kit.MayReadCatalogue,
		func(*partListInput) string { return catalogue.Stream }, s.partList)
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

// depotAlone is the stream of the one depot that is asked for, if it is one.
func depotAlone(in *stockInput) string {
	if in.Project == "" {
		return ""
	}
	return depot.Stream(domain.ProjectID(in.Project))
}

// StockBody answers what the depots hold.
type StockBody struct {
	Rows []partsviews.StockLine `json:"rows"`

	Count     uint64        `json:"count,omitempty" doc:"Rows that match; this and what follows on the first page only"`
	Value     *money.Amount `json:"value,omitempty" doc:"Of all that match, yuan"`
	Booked    *money.Amount `json:"booked,omitempty" doc:"On account 1405 for these projects, all parts"`
	InTransit *money.Amount `json:"inTransit,omitempty" doc:"On account 1405.9: sent by these projects, not received yet"`
	Ties      bool          `json:"ties" doc:"value = booked, where all parts were asked for"`
	kit.Paged
}

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
	out = StockBody{Rows: r.Rows, Ties: true, Paged: kit.PagedOf(r.List)}
	if in.Cursor == "" {
		out.Count, out.Value, out.Booked, out.InTransit = r.Kinds, &r.Value, &r.Booked, &r.InTransit
		out.Ties = in.Part != "" || r.Value == r.Booked
	}
	for i, v := range r.Rows {
		r.Rows[i].Movements = movementsPath(r.Answer, v.Project, v.Part, 0, r.AsOf, "", "")
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

// RollForwardBody answers how stock came from month to month.
type RollForwardBody struct {
	Rows   []partsviews.RollForwardRow   `json:"rows"`
	Totals []partsviews.RollForwardTotal `json:"totals" doc:"By month, over all rows that match; on the first page only"`
	kit.Paged
}

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
	for i := range r.Rows {
		leadToMovements(r.Answer, &r.Rows[i])
	}
	return RollForwardBody{r.Rows, r.Totals, kit.PagedOf(r.List)}, nil
}

// leadToMovements gives the figures of a row their paths.
func leadToMovements(a projections.Answer, r *partsviews.RollForwardRow) {
	first, last := r.Month.First(), r.Month.Last()
	lead := func(f *partsviews.StockFigure, from, to calendar.Date, kind partsviews.MovementKind) {
		if kind == "" || !f.Quantity.IsZero() || !f.Value.IsZero() {
			f.Movements = movementsPath(a, r.Project, r.Part, from, to, kind, "")
		}
	}
	lead(&r.Opening, 0, first.AddDays(-1), "")
	lead(&r.Received, first, last, partsviews.Receipt)
	lead(&r.TransfersIn, first, last, partsviews.TransferIn)
	lead(&r.Returned, first, last, partsviews.Return)
	lead(&r.Issued, first, last, partsviews.IssueOut)
	lead(&r.TransfersOut, first, last, partsviews.TransferOut)
	lead(&r.Scrapped, first, last, partsviews.Scrapping)
	lead(&r.Adjusted, first, last, partsviews.Adjustment)
	lead(&r.Closing, 0, last, "")
	if c := &r.Count; !c.IsZero() && !c.Explained.Quantity.IsZero() {
		c.Explained.Movements = movementsPath(a, r.Project, r.Part, 0, 0, partsviews.Adjustment, c.Count)
	}
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

// MovementsBody answers what a figure is made of.
type MovementsBody struct {
	Rows []partsviews.Movement `json:"rows"`
	partsviews.MovementSums
	kit.Paged
}

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
	return MovementsBody{r.Rows, r.MovementSums, kit.PagedOf(r.List)}, nil
}

type transfersInput struct {
	kit.CutParams
	kit.PageParams
	Region  string `query:"region" doc:"Of either depot"`
	Project string `query:"project" doc:"Either depot's"`
	Part    string `query:"part"`
	From    string `query:"from" doc:"Sent on or after"`
	To      string `query:"to" doc:"Sent on or before"`
	Status  string `query:"status" enum:"UNDER_WAY,RECEIVED"`
}

// TransfersBody lists transfers between depots.
type TransfersBody struct {
	Rows []partsviews.PartTransfer `json:"rows"`
	partsviews.TransferSums
	kit.Paged
}

func (s *service) transfers(ctx context.Context, in *transfersInput) (out TransfersBody, err error) {
	var p kit.Parser
	filter := partsviews.TransferFilter{
		PartsFilter: PartsParams{Region: in.Region, Project: in.Project, Part: in.Part}.filter(),
		From:        p.Date("from", in.From), To: p.Date("to", in.To), Status: partsviews.TransferStatus(in.Status),
	}
	cut, err := s.Cut(ctx, &p, in.CutParams)
	if err != nil {
		return out, err
	}
	r, err := partsviews.Of(s.Deps.ReadModels).Transfers(ctx, cut, filter, in.Page())
	return TransfersBody{r.Rows, r.TransferSums, kit.PagedOf(r.List)}, err
}

type serialInput struct {
	kit.CutParams
	Serial string `path:"serial" maxLength:"2000"`
	Part   string `query:"part" doc:"Only units of this part: two makers may use one serial"`
}

// SerialLink leads to another serial's history.
type SerialLink struct {
	Serial string `json:"serial"`
	Path   string `json:"path"`
}

// SerialHistoryBody answers where the units of a serial have been.
type SerialHistoryBody struct {
	kit.Basis
	Serial     string                  `json:"serial"`
	Place      partsviews.UnitPlace    `json:"place" enum:"IN_STOCK,ISSUED,IN_TRANSIT,INSTALLED,REMOVED,ON_SHELF,AT_MAKER,TO_RECEIVE,REPLACED,SCRAPPED,NOT_BACK,UNKNOWN" doc:"After the last step that says so. TO_RECEIVE: repaired, or sent instead of another, by the result on F2; it waits for the receipt of a depot"`
	Project    domain.ProjectID        `json:"project,omitempty"`
	Steps      []partsviews.SerialStep `json:"steps" doc:"In the order of business dates"`
	ReplacedBy []SerialLink            `json:"replacedBy" doc:"Serials of units that took this one's place, at a room or from the maker"`
	Replaces   []SerialLink            `json:"replaces" doc:"Serials of units whose place this one took"`
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
	return SerialHistoryBody{
		Basis: kit.BasisOf(r.Answer), Serial: r.Serial, Place: r.Place, Project: r.Project, Steps: r.Steps,
		ReplacedBy: links(r.ReplacedBy), Replaces: links(r.Replaces),
	}, nil
}

type faultLinesInput struct {
	kit.CutParams
	kit.PageParams
	PartsParams
	Ticket string `query:"ticket" doc:"Only lines of this ticket, whenever they were written"`
	Month  string `query:"month" doc:"Instead of from and to" example:"2026-06"`
	From   string `query:"from" doc:"Business date of the work, on or after"`
	To     string `query:"to" doc:"On or before"`
	Review string `query:"review" enum:"VERIFIED,QUERIED,ANSWERED,OPEN" doc:"QUERIED: not answered yet; OPEN: waits for a review, not reviewed yet or answered"`

	Differing bool `query:"differing" doc:"Only lines that an open finding is about"`
}

// FaultLinesBody answers the fault record.
type FaultLinesBody struct {
	Rows []partsviews.FaultLine `json:"rows"`
	partsviews.FaultSums
	kit.Paged
}

func (s *service) faultLines(ctx context.Context, in *faultLinesInput) (out FaultLinesBody, err error) {
	var p kit.Parser
	filter := partsviews.FaultListFilter{
		PartsFilter: in.filter(), From: p.Date("from", in.From), To: p.Date("to", in.To), Review: in.Review,
		Differing: in.Differing, Ticket: domain.TicketID(in.Ticket),
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
	return FaultLinesBody{r.Rows, r.FaultSums, kit.PagedOf(r.List)}, nil
}

type partListInput struct {
	kit.CutParams
	kit.PageParams
	Part string `query:"part"`
}

// PartListBody answers how the catalogue describes its parts.
type PartListBody struct {
	kit.List[partsviews.PartLine]
}

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
	return PartListBody{kit.ListOf(r)}, nil
}
