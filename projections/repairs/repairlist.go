package repairs

import (
	"context"
	_ "embed"
	"fmt"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/attachment"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/domain/names"
	"aftersales-ledger/domain/policy"
	"aftersales-ledger/domain/repair"
	"aftersales-ledger/projections"
	"aftersales-ledger/projections/makers"
	"aftersales-ledger/projections/match"
)

var (
	//go:embed repairlist.sql
	repairListSQL string
	//go:embed repairlist_rows.sql
	repairRowsSQL string
	//go:embed repairlist_regions.sql
	repairRegionsSQL string
	//go:embed sheetcenters.sql
	sheetCentersSQL string
	//go:embed makersofparts.sql
	makersOfPartsSQL string
	//go:embed returnsteps.sql
	returnStepsSQL string
)

// RepairStatus is how far a process sheet has come.
type RepairStatus string

const (
	RepairAwaitingApproval RepairStatus = "AWAITING_APPROVAL" // 待审批
	RepairRejected         RepairStatus = "REJECTED"          // 已退回: the team has to put it forward again
	RepairToShip           RepairStatus = "TO_SHIP"           // 待发出
	RepairAtMaker          RepairStatus = "AT_MAKER"          // 在厂家
	// RepairAwaitingResult (待登记结果): the unit is no more at its maker by a depot's receipt
	// or scrap slip that names it or, where it has no serial, counts it; and the sheet waits
	// for its result.
	RepairAwaitingResult RepairStatus = "AWAITING_RESULT"
	RepairCharged        RepairStatus = "CHARGED" // of a compensation: reviewed, hence charged
	RepairBack           RepairStatus = "BACK"    // 已收回: of units that no sheet follows, in a depot again
)

// Repair is one process sheet and how far it has come, in yuan: at one of the above,
// or ended with a repair.Result. Or it is a unit, or units without a serial of one part,
// that a depot sent to the maker in a batch while no sheet follows them: then the batch
// is the document, and there is nothing that a sheet would say.
type Repair struct {
	Return          domain.ReturnID         `json:"return" doc:"Empty of what no sheet follows"`
	Kind            names.RepairKind        `json:"kind" enum:"REPAIR,COMPENSATION,BATCH" doc:"BATCH: sent by a depot with no sheet"` // COMPENSATION: §5.3.2
	Shipment        domain.SlipID           `json:"shipment,omitempty" sql:"-" doc:"Of a BATCH: the number of the depot's batch"`
	Units           int                     `json:"units" doc:"1, but for units of a BATCH without a serial, of one part: those that were sent"`
	Away            int                     `json:"away" doc:"Of units, those at the maker"`
	Project         domain.ProjectID        `json:"project"`
	Region          string                  `json:"region"`
	Center          domain.CenterID         `json:"center,omitempty" doc:"Of a compensation: it answered for the project on the day of the sheet, as its paper says"`
	Ticket          domain.TicketID         `json:"ticket,omitempty"`
	FaultLine       domain.FaultLineID      `json:"faultLine,omitempty"`
	Part            domain.PartCode         `json:"part,omitempty"`
	Serial          string                  `json:"serial,omitempty"`
	Maker           string                  `json:"maker,omitempty"`
	MakerUnrecorded bool                    `json:"makerUnrecorded,omitempty" sql:"-" doc:"Nobody had recorded the maker as a supplier for the day of filing (未建档)"`
	CatalogueMaker  string                  `json:"catalogueMaker,omitempty" sql:"-" doc:"The maker of the part by the catalogue on the day of filing, where it is another than the maker here"`
	Fault           string                  `json:"fault"`
	FiledOn         calendar.Date           `json:"filedOn"`
	FiledBy         string                  `json:"filedBy"`
	Status          RepairStatus            `json:"status"`
	Awaiting        repair.Gate             `json:"awaiting,omitempty" doc:"Whose decision it waits for"` // a device at its maker may wait for the cost
	Rejected        Rejected                `json:"rejected,omitzero" sql:"rejected_,inline"`             // and not put forward again
	Bearer          policy.Bearer           `json:"bearer,omitempty"`
	Estimate        *money.Amount           `json:"estimate" doc:"Of a compensation: its amount; null where nobody has said what the maker may ask"`
	Quoted          *money.Amount           `json:"quoted" doc:"What the maker asks, by its last letter; null where it has not said"`
	Approved        *money.Amount           `json:"approved" doc:"The most that the department manager allowed; null where none was asked or given"`
	Payable         *money.Amount           `json:"payable" doc:"By the letter that we confirmed, and in no payment request yet: what a request may ask for; null of a compensation and of a BATCH, which nobody is paid for"`
	LetterConfirmed bool                    `json:"letterConfirmed" doc:"We confirmed the maker's letter"`
	Letter          attachment.Digest       `json:"letter,omitempty" doc:"SHA-256 of that letter, as a payment request has to name it"`
	ApprovalPage    attachment.Digest       `json:"approvalPage,omitempty" doc:"SHA-256 of the page of the mail by which the department manager approved it (邮件批复页)"`
	PaymentRequest  domain.PaymentRequestID `json:"paymentRequest,omitempty"`
	ShippedOn       calendar.Date           `json:"shippedOn,omitempty"`
	Waybill         string                  `json:"waybill,omitempty"`
	ExpectedBackOn  calendar.Date           `json:"expectedBackOn,omitempty" doc:"As promised last"`
	DueOn           calendar.Date           `json:"dueOn,omitempty" doc:"Day on which it should be back: as promised when it was sent, or by the department's rules; a later promise does not move it"`
	DaysAtMaker     *int                    `json:"daysAtMaker" doc:"null of a device that was not shipped"`
	DaysOverdue     *int                    `json:"daysOverdue" doc:"At the maker, since dueOn; 0 until then; null of a device that is not at its maker"`
	BackOn          calendar.Date           `json:"backOn,omitempty"`
	Result          repair.Result           `json:"result,omitempty"`
	NewSerial       string                  `json:"newSerial,omitempty"`
	// ToReceive (待入库): repaired or replaced by the result, and neither in a depot nor
	// scrapped by a slip that names the unit. Of a unit without a serial it is
	// not known, hence false.
	ToReceive    bool            `json:"toReceive" doc:"Repaired or replaced (已修复，待入库), and no receipt of a depot names the unit yet"`
	FollowUps    int             `json:"followUps"`
	LastFollowUp FollowUp        `json:"lastFollowUp,omitzero" sql:"last_follow_up_,inline"`
	Refusals     int             `json:"refusals" doc:"Attempts to decide that were refused"`
	Charge       domain.ChargeID `json:"charge,omitempty" doc:"What a compensation becomes"`
}

// Rejected says who sent a paper back, and why.
type Rejected struct {
	Gate   string `json:"gate"` // a repair.Gate or a requisition.Gate
	By     string `json:"by"`
	Reason string `json:"reason"`
}

// FollowUp is a word with a maker.
type FollowUp struct {
	On      calendar.Date `json:"on"`
	By      string        `json:"by"`
	Contact string        `json:"contact"`
	Note    string        `json:"note"`
}

// RepairFilter narrows the process sheets down. Empty fields do not narrow.
type RepairFilter struct {
	projections.Filter
	Maker    string
	Status   string
	Awaiting repair.Gate
	Overdue  bool // only devices that should be back
	// ToReceive leaves only devices that are repaired or replaced and that no receipt
	// of a depot names, which have ended as far as their sheets go.
	ToReceive bool
	// ToPay leaves only repairs that a payment request may ask for (§5.2.2).
	ToPay bool
	All   bool // also those that have ended
}

// RepairList is the answer of [Views.Repairs], by region and number.
type RepairList struct {
	projections.List[Repair]
	Regions []RepairRegion // of all that match, not only those of the page
}

// RepairRegion sums up the process sheets of one region, and its units that no sheet
// follows.
type RepairRegion struct {
	Region   string       `json:"region,omitempty"`
	Count    int          `json:"count" doc:"Units, of a BATCH those at the maker if any is: a process sheet is of one"`
	AtMaker  int          `json:"atMaker"`
	Overdue  int          `json:"overdue"`
	Awaiting int          `json:"awaiting" doc:"That wait for somebody's decision"`
	Payable  money.Amount `json:"payable" doc:"By letters that we confirmed, and in no payment request yet: what account 2202.2 holds is that, what was requested and not paid, and what was asked for less than a letter says"`
}

// Total sums the regions up.
func (l RepairList) Total() (total RepairRegion) {
	for _, r := range l.Regions {
		total.Count, total.AtMaker, total.Overdue = total.Count+r.Count, total.AtMaker+r.AtMaker, total.Overdue+r.Overdue
		total.Awaiting, total.Payable = total.Awaiting+r.Awaiting, total.Payable.Add(r.Payable)
	}
	return total
}

// key is by what rows of a region are ordered: a sheet's number, or what tells the units
// of batches apart.
func (r *Repair) key() string {
	if r.Kind != BatchOfDepot {
		return string(r.Return)
	}
	return fmt.Sprintf("%s/%s/%s/%s", r.Project, r.Shipment, r.Part, r.Serial)
}

// Repairs lists process sheets in progress, and beside them the units at makers that no
// sheet follows.
func (m Views) Repairs(
	ctx context.Context, cut projections.Cut, filter RepairFilter, page projections.Page,
) (RepairList, error) {
	q, err := m.Ask(cut, page, "repairs", filter)
	if err != nil {
		return RepairList{}, err
	}
	defer q.Done()
	facts, err := makers.Facts(ctx, q)
	if err != nil {
		return RepairList{}, err
	}
	p := filter.params("", q, facts)
	regions, err := projections.All[RepairRegion](ctx, q, repairListSQL+repairRegionsSQL, p)
	if err != nil {
		return RepairList{}, err
	}
	list, err := projections.ListOf(ctx, q, repairListSQL+repairRowsSQL, p, func(r *Repair) []string {
		return []string{r.Region, r.key()}
	})
	if err == nil && filter.mayShowBatches() {
		var batches []Repair
		batches, err = m.batches(ctx, q, filter, facts)
		list, regions = beside(q, list, batches), summedUp(regions, batches)
	}
	if err != nil {
		return RepairList{}, err
	}
	return RepairList{list, regions}, described(ctx, q, list.Rows)
}

// described adds to each row what other streams say of it.
func described(ctx context.Context, q *projections.Question, rows []Repair) error {
	if err := centered(ctx, q, rows); err != nil {
		return err
	}
	return catalogued(ctx, q, rows)
}

// centered says of each compensation which center its sheet names, as its paper and its mails
// do: which answered for the project on the day of the sheet, as was known when it was filed.
// Who sees the row is told, also where the project is beyond their scope.
func centered(ctx context.Context, q *projections.Question, rows []Repair) error {
	sheets := []string{}
	for _, r := range rows {
		if r.Kind == SheetOfCompensation {
			sheets = append(sheets, string(r.Return))
		}
	}
	if len(sheets) == 0 {
		return nil
	}
	type named struct {
		Return domain.ReturnID
		Center domain.CenterID
	}
	centers, err := projections.All[named](ctx, q.BeyondScope(), sheetCentersSQL, projections.Params{"sheets": sheets})
	for _, n := range centers {
		for i := range rows {
			if rows[i].Return == n.Return {
				rows[i].Center = n.Center
			}
		}
	}
	return err
}

// catalogued says of each row which maker the catalogue had on its day, where the row
// states another.
func catalogued(ctx context.Context, q *projections.Question, rows []Repair) error {
	parts := []string{}
	for _, r := range rows {
		parts = append(parts, string(r.Part))
	}
	type description struct {
		Part  domain.PartCode
		From  calendar.Date `sql:"from_date"`
		Maker string
	}
	described, err := projections.All[description](ctx, q, makersOfPartsSQL, projections.Params{"parts": parts})
	for i := range rows {
		r, listed := &rows[i], ""
		for _, d := range described { // in order: the last up to the day holds
			if d.Part == r.Part && !d.From.After(r.FiledOn) {
				listed = d.Maker
			}
		}
		if listed != r.Maker {
			r.CatalogueMaker = listed
		}
	}
	return err
}

func (f RepairFilter) params(id domain.ReturnID, q *projections.Question, facts *match.Facts) projections.Params {
	sheets, days := []string{}, []string{}
	for _, s := range match.CountedSheets(facts, q.AsOf) {
		sheets, days = append(sheets, string(s.Sheet)), append(days, projections.IsoDate(s.On))
	}
	return f.Filter.Params().With("repair_within_days", int64(q.M.Opts.Rules.RepairWithinDays)).
		With("return_id", string(id)).With("maker", f.Maker).With("status", f.Status).
		With("awaiting", string(f.Awaiting)).With("overdue_only", f.Overdue).
		With("to_receive_only", f.ToReceive).With("to_pay_only", f.ToPay).With("everything", f.All).
		With("counted_sheets", sheets).With("counted_on", days).
		With("after_region", q.AfterKey(0, "")).With("after_return", q.AfterKey(1, ""))
}

// ReturnStep is one thing that happened on a process sheet.
type ReturnStep struct {
	Position       uint64             `json:"position"`
	RecordedAt     projections.Moment `json:"recordedAt"`
	Actor          string             `json:"actor"`
	Role           string             `json:"role"`
	Step           string             `json:"step"`
	On             calendar.Date      `json:"on"`
	By             string             `json:"by,omitempty"`
	Gate           repair.Gate        `json:"gate,omitempty"`
	GoesTo         repair.Gate        `json:"goesTo,omitempty"`
	Bearer         policy.Bearer      `json:"bearer,omitempty"`
	Amount         *money.Amount      `json:"amount" doc:"null of a step that states none"` // yuan, of what by the step
	Counterparty   string             `json:"counterparty,omitempty"`                       // supplier, or who was spoken with
	Document       string             `json:"document,omitempty"`                           // payment request, or charge
	Paper          attachment.Digest  `json:"paper,omitempty" doc:"SHA-256 of an attachment"`
	Waybill        string             `json:"waybill,omitempty"`
	ExpectedBackOn calendar.Date      `json:"expectedBackOn,omitempty"`
	Result         repair.Result      `json:"result,omitempty"`
	NewSerial      string             `json:"newSerial,omitempty"`
	Note           string             `json:"note,omitempty"`
}

// ReturnHistory is the answer of [Views.ReturnHistory].
type ReturnHistory struct {
	projections.Answer
	Repair Repair
	Found  bool         // false: no such sheet up to the cut
	Steps  []ReturnStep // in log order
}

// ReturnHistory traces one process sheet from its filing to its payment.
func (m Views) ReturnHistory(ctx context.Context, cut projections.Cut, id domain.ReturnID) (ReturnHistory, error) {
	q, err := m.Ask(cut, projections.Page{})
	if err != nil {
		return ReturnHistory{}, err
	}
	defer q.Done()
	answer := ReturnHistory{Answer: q.Answer}
	read := func(facts *match.Facts) error {
		p := RepairFilter{All: true}.params(id, q, facts)
		return projections.Each(ctx, q, repairListSQL+repairRowsSQL, p, func(r *Repair) error {
			answer.Found, answer.Repair = true, *r
			return nil
		})
	}
	if err := read(&match.Facts{}); err != nil {
		return ReturnHistory{}, err
	}
	// Papers of all depots are counted only for what may be back by them: a unit at its
	// maker without a serial.
	if answer.Repair.Status == RepairAtMaker && answer.Repair.Serial == "" {
		facts, err := makers.Facts(ctx, q)
		if err == nil {
			err = read(facts)
		}
		if err != nil {
			return ReturnHistory{}, err
		}
	}
	of := []Repair{answer.Repair}
	if err := described(ctx, q, of); err != nil {
		return ReturnHistory{}, err
	}
	answer.Repair = of[0]
	answer.Steps, err = projections.All[ReturnStep](ctx, q, returnStepsSQL, projections.Params{"return_id": string(id)})
	return answer, err
}
